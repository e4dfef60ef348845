"""The lines of README for nginx, as they stand there: students stay where they are, and a room has one memory."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from demos._rooms import ranges
from demos._tab import find
from tests.load.balancer import Balancer, nginx
from tests.load.classroom import Lesson, experiments, held

QUICK = ("guidance_plane", "attention_noise", "cosent_loss", "bayes_attention")


@pytest.fixture(scope="module")
def balancer() -> Iterator[str]:
    if nginx() is None:
        pytest.skip("no nginx on this machine")
    with Balancer() as running:
        yield running.address


def test_students_stay_at_their_process(balancer):
    """A run of one process is unknown to the other: a student who came to both would wait for ever."""
    chosen = [e for e in experiments() if e.name in QUICK]
    outcome = asyncio.run(held(balancer, Lesson(8, share=1, every=1, moves=3), chosen))
    assert not outcome.errors and outcome.lost == 0 and len(outcome.live) == 24 and outcome.runs


def test_a_room_has_one_memory(balancer):
    question, (low, high) = next(iter(ranges(find()).items()))
    for number in range(8):
        guess = {"question": question, "visitor": f"{number:016x}", "guess": low + (high - low) * number / 8}
        httpx.post(f"{balancer}lab/room/ABCD", json=guess).raise_for_status()
    seen = [httpx.get(f"{balancer}lab/room/ABCD", params={"question": question}).json()["guesses"] for _ in range(8)]
    assert all(len(each) == 8 for each in seen)

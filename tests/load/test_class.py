"""A class at one server: nothing is lost, nobody starves, a full house says so, and a server that dies is found again."""

import asyncio
import secrets
from collections.abc import Iterator

import httpx
import pytest

from demos._api import asked
from demos._line import MOST, MOST_CALLS, MOST_OF_ONE
from tests.load.classroom import Lesson, experiments, held
from tests.load.protocol import Events, configuration, events
from tests.load.server import Server
from tests.load.student import PAGE

QUICK = ("guidance_plane", "udm_forward", "attention_noise", "lora_rank", "cosent_loss", "bayes_attention", "hotwater_tap")
SLOW = "guidance_digits"
CLASS = Lesson(students=40, moves=2, every=5)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


async def numbered(address: str, name: str) -> Events:
    async with httpx.AsyncClient(timeout=60) as client:
        config = await configuration(address, client)
    return events(config, next(e for e in experiments() if e.name == name))


@pytest.mark.timeout(900)
def test_forty_students_lose_nothing(server):
    chosen = [e for e in experiments() if e.name in QUICK]
    warm = asyncio.run(held(server.address, Lesson(len(chosen), share=1, every=1, moves=2), chosen))
    outcome = asyncio.run(held(server.address, CLASS, chosen))
    assert not warm.errors and not outcome.errors and outcome.lost == 0
    assert len(outcome.live) == CLASS.students * CLASS.moves and outcome.runs


def test_the_scene_of_a_story_is_remembered(server):
    """Who steps where another has been gets the same numbers without a second run."""
    known = asyncio.run(numbered(server.address, "guidance_digits"))

    async def twice() -> list[dict]:
        async with httpx.AsyncClient(timeout=120, headers=PAGE) as client:
            return [await shown(client, server.address, known) for _ in range(2)]

    first, second = asyncio.run(twice())
    assert first["done"] == second["done"] == 1.0 and first["metrics"] == second["metrics"]


async def shown(client: httpx.AsyncClient, address: str, known: Events) -> dict:
    body = {"data": [None, known.values()], "fn_index": known.draw, "session_hash": secrets.token_hex(6)}
    report: dict = (await client.post(f"{address}gradio_api/run/predict", json=body)).json()["data"][-1]
    return report


def test_a_program_that_hammers_is_told_to_wait_and_the_class_goes_on(server):
    plane = [e for e in experiments() if e.name == "guidance_plane"]

    known = asyncio.run(numbered(server.address, SLOW))
    seed = [c.name for c in known.controls].index("seed")
    unsaid = [default for _, default, _ in asked(known.experiment).values()]

    async def hammer() -> list[int]:
        caller, codes = {"x-forwarded-for": "203.0.113.7"}, []
        async with httpx.AsyncClient(timeout=60, headers=caller) as client:
            for number in range(5 * MOST_OF_ONE):
                values = [None] * len(known.controls)
                values[seed] = number + 1  # or it would be remembered
                answer = await client.post(f"{server.address}gradio_api/call/{SLOW}", json={"data": [*values, *unsaid]})
                codes.append(answer.status_code)
        return codes

    async def both() -> tuple[list[int], list[str], int]:
        refused, outcome = await asyncio.gather(hammer(), held(server.address, Lesson(4, share=0, every=1, moves=8), plane))
        return refused, outcome.errors, outcome.lost

    codes, errors, lost = asyncio.run(both())
    assert set(codes) == {200, 503} and codes.count(200) < MOST_CALLS
    assert not errors and lost == 0


def test_a_full_house_says_that_it_is_busy(server):
    known = asyncio.run(numbered(server.address, SLOW))

    async def fill() -> list[httpx.Response]:
        async with httpx.AsyncClient(timeout=120, headers=PAGE) as client:
            joins = [client.post(f"{server.address}gradio_api/queue/join", json=joining(known)) for _ in range(MOST + 20)]
            return list(await asyncio.gather(*joins))

    answers = asyncio.run(fill())
    full = [answer for answer in answers if answer.status_code == 503]
    assert full and all("full" in answer.json()["detail"] for answer in full)
    assert asyncio.run(held(server.address, Lesson(2, share=0, every=1, moves=3), experiments()[:1])).errors == []


def joining(known: Events) -> dict:
    data = [None, [secrets.token_hex(8), known.values()]]
    return {"data": data, "fn_index": known.rest, "trigger_id": known.report, "session_hash": secrets.token_hex(6)}

"""The lines of README for nginx, as they stand there: students stay where they are, and a room has one memory."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Iterator

import httpx
import pytest

from demos._rooms import ranges
from demos._tab import find
from tests.load.classroom import Lesson, experiments, held
from tests.load.server import ROOT, Server
from tests.ports import HERE, answering, free

QUICK = ("guidance_plane", "attention_noise", "cosent_loss", "bayes_attention")
OUTSIDE = """daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{}}
http {{ access_log off; {temporary}
{lines} }}
"""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def lines(port: int, servers: list[Server]) -> str:
    """With other ports."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf8"), re.S)
    assert found
    text = found[1].replace("listen 7860;", f"listen {HERE}:{port};")
    for number, server in enumerate(servers, 7861):
        assert f"127.0.0.1:{number}" in text
        text = text.replace(f"127.0.0.1:{number}", f"{HERE}:{server.port}")
    return text


@pytest.fixture(scope="module")
def balancer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None:
        pytest.skip("no nginx on this machine")
    folder, port = tmp_path_factory.mktemp("nginx"), free()
    with Server() as one, Server() as other:
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in KINDS)
        wanted = OUTSIDE.format(folder=folder, temporary=temporary, lines=lines(port, [one, other]))
        (folder / "nginx.conf").write_text(wanted)
        process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        try:
            yield answering(f"http://{HERE}:{port}/")
        finally:
            process.terminate()
            process.wait()


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

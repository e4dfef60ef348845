"""The repository as a Space runs it: what requirements.txt names and nothing else, no root, no home, no way out, one port.

Seen by a real browser inside a frame of another origin, called by programs, and by a language model's client.
"""

import ast
import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from gradio_client import Client
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

from demos._tab import find
from tests.browser.frames import DENY, framed
from tests.ports import answering, free

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: whoever wants to leave this machine is refused
NOBODY = 65534
AS_NOBODY = (
    f"setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search"
)
EXPERIMENTS = {e.name: e for tab in find().values() for e in tab.experiments}


@dataclass(frozen=True)
class Space:
    address: str
    process: psutil.Process
    before: dict[Path, float]  # when files were written


def environment(port: int, folder: Path) -> dict[str, str]:
    settings = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "SPACE_HOST": "lab.example"}
    closed = {"HOME": "/proc/nobody", "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1,localhost"}
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder)} | settings | closed


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment made for it."""
    fresh = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True)
    wanted = ["--quiet", "--disable-pip-version-check", "--requirement", str(ROOT / "requirements.txt")]
    subprocess.run([str(fresh / "bin" / "python"), "-m", "pip", "install", *wanted], check=True)
    return fresh / "bin" / "python"


@pytest.fixture(scope="module")
def space(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    port, scratch = free(), tmp_path_factory.mktemp("scratch")
    if os.getuid() == 0:
        os.chown(scratch, NOBODY, NOBODY)
    drop = AS_NOBODY.split() if os.getuid() == 0 and shutil.which("setpriv") else []
    before = written()
    process = subprocess.Popen([*drop, str(python), "app.py"], cwd=ROOT, env=environment(port, scratch))
    address = f"http://127.0.0.1:{port}/"
    try:
        answering(address, process)
        yield Space(address, psutil.Process(process.pid), before)
    finally:
        process.terminate()
        process.wait()


def written() -> dict[Path, float]:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {path: path.stat().st_mtime for path in map(ROOT.joinpath, filter(None, tracked.split("\0"))) if path.is_file()}


@pytest.mark.timeout(900)  # an environment is made first
def test_it_listens_at_the_given_port_alone_and_is_not_root(space):
    listens = {each.laddr.port for each in space.process.net_connections("inet") if each.status == psutil.CONN_LISTEN}
    assert listens == {int(space.address.rstrip("/").rsplit(":", 1)[1])}
    assert os.getuid() != 0 or not shutil.which("setpriv") or space.process.uids().real == NOBODY


def test_links_carry_the_public_name(space):
    head = httpx.get(space.address + "config").json()["head"]  # the browser puts it into the page
    assert '<meta name="lab-home" content="https://lab.example/">' in head


@pytest.mark.timeout(600)
def test_every_tab_is_opened_in_a_frame_of_another_origin(browser, space, tmp_path):
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 2100})
    context.add_init_script(DENY)
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.set_default_timeout(120_000)
    with framed(space.address, tmp_path) as frame:
        page.goto(frame)
        inside, seen = page.frame_locator("iframe"), set()
        tabs = inside.locator("#tabs > .tab-wrapper [role=tab]")
        inside.locator(".live-map article").first.wait_for()
        for tab in [tabs.nth(i) for i in range(1, tabs.count())]:
            tab.click()
            parts = inside.locator(".parts:visible > .tab-wrapper [role=tab]")
            for part in [parts.nth(i) for i in range(parts.count())] or [tab]:
                part.click()
                report = inside.locator(".experiment:visible .report[data-tag]")
                report.first.wait_for(state="attached")
                seen.add(inside.locator(".experiment:visible").first.get_attribute("id"))
    context.close()
    assert not broken and seen == set(EXPERIMENTS)


@pytest.mark.timeout(600)
def test_every_endpoint_answers_a_program(space):
    client = Client(space.address, verbose=False)
    for experiment in EXPERIMENTS.values():
        answer = client.predict(pictures=False, api_name=f"/{experiment.name}")
        assert answer["parameters"] == experiment.params().values() and answer["metrics"]
    assert client.predict(count=2, pictures=False, api_name="/guidance_digits")["metrics"]["evaluations"] > 0
    compiled = client.predict(flow=9.0, pictures=False, api_name="/hotwater_tap")["metrics"]  # without a home to keep the code
    assert compiled["wait_s"] > 0 and compiled["energy_residual"] < 1e-12


@pytest.mark.timeout(600)
def test_every_tool_answers_a_language_model(space):
    async def asked() -> dict[str, dict]:
        async with (
            streamablehttp_client(f"{space.address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            answers = [await session.call_tool(name, {}) for name in tools]
            return {name: ast.literal_eval(each.content[0].text) for name, each in zip(tools, answers, strict=True)}

    with ThreadPoolExecutor(1) as apart:  # the browser's own event loop runs in this thread
        answers = apart.submit(asyncio.run, asked()).result()
    assert len(answers) == len(EXPERIMENTS)
    assert all(answer["metrics"] and "figures" not in answer for answer in answers.values())


def test_nothing_was_written(space):
    assert written() == space.before

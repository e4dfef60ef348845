"""The repository as a Space runs it: address from the environment, no home, no way out, its public name in links."""

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from gradio_client import Client

from tests.ports import free

ROOT = Path(__file__).parents[1]
NOWHERE = "http://127.0.0.1:9"  # the discard port: whoever wants to leave this machine is refused
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def space() -> Iterator[str]:
    port = free()
    settings = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "SPACE_HOST": "lab.example"}
    closed = {"HOME": "/proc/nobody", "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1,localhost"}
    environment = os.environ | settings | closed | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}/"
    try:
        yield answering(address, process)
    finally:
        process.terminate()
        process.wait()


def answering(address: str, process: subprocess.Popen) -> str:
    for _ in range(10 * PATIENCE):
        assert process.poll() is None, "the app stopped"
        try:
            httpx.get(address + "lab/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return address
    raise TimeoutError(address)


def test_links_carry_the_public_name(space):
    head = httpx.get(space + "config").json()["head"]  # the browser puts it into the page
    assert '<meta name="lab-home" content="https://lab.example/">' in head


def test_pictures_are_drawn_without_home_or_network_and_nothing_is_left_behind(space):
    before = {path: path.stat().st_mtime for path in (ROOT / "assets").rglob("*")}
    answer = Client(space, verbose=False).predict(count=2, pictures=False, api_name="/guidance_digits")
    assert answer["metrics"]["evaluations"] > 0
    assert before == {path: path.stat().st_mtime for path in (ROOT / "assets").rglob("*")}


def test_loops_are_compiled_without_home(space):
    answer = Client(space, verbose=False).predict(flow=9.0, pictures=False, api_name="/hotwater_tap")
    assert answer["metrics"]["wait_s"] > 0 and answer["metrics"]["energy_residual"] < 1e-12


def test_the_front_matter_is_what_is_installed():
    front = yaml.safe_load((ROOT / "README.md").read_text("utf8").split("---")[1])
    pins = (ROOT / "requirements.txt").read_text("utf8")
    assert front["sdk"] == "gradio" and f"gradio[mcp]=={front['sdk_version']}\n" in pins
    assert (ROOT / front["app_file"]).is_file() and len(front["short_description"]) <= 60
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert requires == f">={front['python_version']}" and front["license"] == "mit"


def test_no_file_needs_large_file_storage():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    sizes = {name: (ROOT / name).stat().st_size for name in filter(None, tracked) if (ROOT / name).is_file()}
    assert max(sizes.values()) < 9_000_000
    allowed = 20_000_000 + 25_000_000  # networks of the digits, and those of the unified diffusion model
    assert sum(size for name, size in sizes.items() if name.endswith(".safetensors")) < allowed

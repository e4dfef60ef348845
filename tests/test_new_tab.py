"""demos/README.md, followed literally in a copy of the repository: its files, its commands, the app with its tab."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gradio_client import Client

from tests.ports import answering, free

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "demos" / "README.md").read_text("utf8")
FILE = re.compile(r"^`([\w/.]+)`\n\n```\w+\n(.*?)^```", re.M | re.S)
COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
LEFT = shutil.ignore_patterns("__pycache__", "*.pyi", "browser", "benchmarks")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the files of the page; what is heavy is linked, not copied."""
    place = tmp_path_factory.mktemp("lab")
    for name in ("core", "tests"):
        shutil.copytree(ROOT / name, place / name, ignore=LEFT)
    shutil.copytree(ROOT / "demos", place / "demos", ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    shutil.copytree(ROOT / "assets", place / "assets", copy_function=os.symlink)
    for name, text in FILE.findall(PAGE):
        assert not (place / name).exists(), f"{name} is there already"
        (place / name).write_text(text, "utf8")
    return place


def in_copy(copy: Path) -> dict[str, object]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return {"cwd": copy, "env": kept | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}}


def test_the_page_makes_a_tab(copy):
    assert [name for name, _ in FILE.findall(PAGE)] == [
        "core/average.py", "demos/average.py", "demos/average.toml", "tests/test_average.py",
    ]  # fmt: skip
    *commands, start = [shlex.split(line) for line in COMMANDS.search(PAGE)[1].splitlines()]
    for command in commands:
        run = subprocess.run([sys.executable, *command[1:]], **in_copy(copy), capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"\b[2-9]\d passed", run.stdout), run.stdout  # the contract, lessons and oracles
    assert start == ["python", "app.py"]
    port = free()
    process = subprocess.Popen([sys.executable, *start[1:], str(port)], **in_copy(copy))
    try:
        client = Client(answering(f"http://127.0.0.1:{port}/", process), verbose=False)
        answer = client.predict(throws=100, sides=2, api_name="/average_throws")
    finally:
        process.terminate()
        process.wait()
    assert answer["parameters"] == {"throws": 100, "sides": 2, "repeats": 500, "seed": 0}
    assert answer["metrics"]["spread_theory"] == pytest.approx(0.05) and answer["figures"].keys() == {"narrowing"}


def test_the_code_of_the_page_is_in_the_style_of_the_house(copy):
    files = [name for name, _ in FILE.findall(PAGE) if name.endswith(".py")]
    for check in (["ruff", "check"], ["ruff", "format", "--check"]):
        run = subprocess.run(
            [sys.executable, "-m", *check, *files], **in_copy(copy), capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stdout

"""What the repository promises to a Space; tests/browser/test_rehearsal.py runs it as one."""

import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


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

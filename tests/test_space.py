"""What the repository promises to a Space; tests/browser/test_rehearsal.py runs it as one."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
OPTIONAL = {"sentence-transformers", "transformers"}  # with a sentence where they are missing
SWEEPS = {"joblib", "tqdm", "pyarrow", "distributed"}  # of the command alone: requirements-sweep.txt


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


def test_what_the_app_imports_is_what_a_space_installs():
    pinned = set(re.findall(r"^([\w-]+)", (ROOT / "requirements.txt").read_text("utf8"), re.M))
    needs = {re.split(r"[^\w-]", need)[0].lower() for name in pinned for need in requires(name) or () if "extra ==" not in need}
    known, allowed = packages_distributions(), pinned | needs | OPTIONAL
    for path in [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "demos").rglob("*.py")]:
        here = allowed | (SWEEPS if "sweep" in str(path.relative_to(ROOT)) else set())
        for module in imported(path):
            assert {each.lower().replace("_", "-") for each in known.get(module, [module])} & here, f"{path} imports {module}"


def imported(path: Path) -> Iterator[str]:
    """Roots of what is neither Python's own nor this repository's."""
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        named = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        roots = {name.split(".")[0] for name in named}
        yield from roots - sys.stdlib_module_names - {"core", "demos", "app"}

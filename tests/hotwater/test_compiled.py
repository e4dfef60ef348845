"""The inner loops with and without a compiler, and where machine code is kept."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.hotwater import Params, compiled, compute

ROOT = Path(compiled.__file__).parents[2]
SMALL = {"cells": 20, "standing": 5.0, "length": 4.0}


def test_without_numba_the_same_numbers_come_slowly():
    lines = (
        "import sys; sys.modules['numba'] = None",
        "from core.hotwater import Params, compute, compiled",
        "assert compiled.COMPILER is None",
        f"print(repr(compute(Params(**{SMALL!r})).metrics()['wait_s']))",
    )
    said = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert float(said) == pytest.approx(compute(Params(**SMALL)).metrics()["wait_s"], abs=1e-6)


def test_importing_the_experiment_does_not_import_the_compiler():
    line = "import sys, demos.hotwater.tap; assert not {'numba', 'core.hotwater.kernels.network'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", line], cwd=ROOT, check=True)


def test_machine_code_is_kept_where_only_this_user_writes(monkeypatch, tmp_path):
    """The repository first; where that cannot be written, a private folder; where somebody else owns that one, nowhere."""
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    inside = compiled.KERNELS / "__pycache__"
    assert compiled._cache().parent == inside
    kept = os.access
    monkeypatch.setattr(compiled.os, "access", lambda path, mode: path != inside and kept(path, mode))
    private = compiled._cache().parent
    assert private.parent == tmp_path and stat.S_IMODE(private.stat().st_mode) == 0o700
    monkeypatch.setattr(compiled, "_mine", lambda _: False)
    assert compiled._cache() is None

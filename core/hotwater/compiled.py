"""Compiles the inner loops with numba where it is installed; without it the same lines run as plain Python, slowly."""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

Loop = TypeVar("Loop", bound=Callable[..., Any])

KERNELS = Path(__file__).with_name("kernels")


def _compiler() -> Callable[..., Any] | None:
    """numba's decorator; None where it cannot be imported."""
    try:
        import numba  # noqa: PLC0415  half a second that the page does not wait for
    except ImportError:
        return None
    settings: Any = numba.config
    folder = Path(settings.CACHE_DIR) if settings.CACHE_DIR else _cache()
    if folder is not None:
        settings.CACHE_DIR = str(folder)
    made: Callable[..., Any] = partial(numba.njit, nogil=True, cache=folder is not None, error_model="numpy")
    return made


def _cache() -> Path | None:
    """A folder for machine code, new whenever any kernel changes, for numba looks at one file alone; None: keep nothing."""
    source = b"".join(path.read_bytes() for path in sorted(KERNELS.glob("*.py")))
    private = Path(tempfile.gettempdir()) / f"lab-kernels-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    for place in (KERNELS / "__pycache__", private):
        try:
            place.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            continue
        if os.access(place, os.W_OK) and _mine(place):
            return place / sha256(source).hexdigest()[:12]
    return None


def _mine(place: Path) -> bool:
    """Cached code is run: nobody else may have put it there."""
    return not hasattr(os, "getuid") or (place.stat().st_uid == os.getuid() and not place.is_symlink())


COMPILER = _compiler()


def allocating(loop: Loop) -> Loop:
    """Machine code that leaves the interpreter to other threads."""
    return loop if COMPILER is None else COMPILER()(loop)


def compiled(loop: Loop) -> Loop:
    """The same, of a loop that makes no array: numba then counts no references, which took two thirds of the time."""
    return loop if COMPILER is None else COMPILER(_nrt=False)(loop)


def compiled_wide(loop: Loop) -> Loop:
    """The same; sums may be taken in any order, so that several cells are worked on at once."""
    return loop if COMPILER is None else COMPILER(_nrt=False, fastmath={"reassoc", "contract"})(loop)


def inlined(loop: Loop) -> Loop:
    """The same, copied into its caller: a call that hands over a whole network costs more than what many of them do."""
    return loop if COMPILER is None else COMPILER(_nrt=False, inline="always")(loop)

"""What the memory of a server that answers on many threads needs."""

import ctypes
import gc

M_ARENA_MAX = -8  # malloc.h of glibc
HEAPS = 2


def settle() -> None:
    """What stands now stands for good; threads to come share heaps: each would keep one of its own, together a fifth more."""
    gc.freeze()
    gc.enable()
    if hasattr(ctypes.pythonapi, "mallopt"):  # glibc alone
        ctypes.pythonapi.mallopt(M_ARENA_MAX, HEAPS)

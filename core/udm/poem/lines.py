"""Lines of five characters of Tang poems, in three splits that share no poem, and what is known of every character.

Source: the npm package chinese-poetry (MIT; the poems are in the public domain), read once by core.udm.poem.data.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from core.digits.manifest import verified

Array = np.ndarray

LINES, CHARACTERS = "udm/poem/lines.npz", "udm/poem/characters.csv"
LENGTH, SIZE = 5, 2800
HOLE = SIZE  # the code of a place that is not known
SHARES = {"train": 0.9, "validation": 0.05, "test": 0.05}  # of the poems
CODE = np.int16


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The SIZE most frequent characters of the training lines, the most frequent first."""

    characters: str
    pinyin: list[str]
    glosses: list[str]  # in English; empty where the dictionary has none

    def coded(self, text: str) -> Array:
        """[l] numbers; anything unknown is a hole."""
        return np.array([max(self.characters.find(c), -1) % (SIZE + 1) for c in text], CODE)

    def spelt(self, row: Iterable[int], hole: str = "□") -> str:
        """The characters of a line."""
        return "".join(hole if c == HOLE else self.characters[int(c)] for c in row)


@dataclass(frozen=True, eq=False)
class Split:
    """Different lines, poem by poem."""

    lines: Array  # [n, 5] CODE
    poems: Array  # [n] number of the poem, counted within the split


@cache
def vocabulary() -> Vocabulary:
    """Raises DamagedAssetError where the file is not as it was made."""
    with verified(CHARACTERS).open(encoding="utf8", newline="") as file:
        characters, pinyin, glosses = zip(*csv.reader(file), strict=True)
    return Vocabulary("".join(characters), list(pinyin), list(glosses))


@cache
def split(name: str) -> Split:
    """One of SHARES; arrays are read-only. Raises DamagedAssetError where the file is not as it was made."""
    with np.load(verified(LINES)) as file:
        lines, sizes = file[name].astype(CODE), file[f"{name}_poems"]
    found = Split(lines, np.repeat(np.arange(len(sizes)), sizes))
    for array in (found.lines, found.poems):
        array.setflags(write=False)
    return found

"""The most frequent words of five letters of a corpus of news, with how often each stands there; and classes of words."""

import csv
from dataclasses import dataclass
from enum import Enum
from functools import cache

import numpy as np

from core.digits.manifest import verified

Array = np.ndarray

FILE = "udm/words.csv"
LENGTH, LETTERS, MOST = 5, 26, 256
HOLE = LETTERS  # the code of a place that is not known
VOWELS = np.isin(np.arange(LETTERS), [ord(letter) - ord("a") for letter in "aeiou"])


class Kind(Enum):
    """A class that guidance may ask for."""

    PLURAL = "plural"  # ends in s
    VOWEL = "vowel"  # begins with a vowel
    DOUBLE = "double"  # has a letter twice in a row


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Letters count from 0, [N, 5]; p(x_0) is proportional to counts, [N]."""

    letters: Array
    weights: Array

    @property
    def words(self) -> list[str]:
        return [spelt(row) for row in self.letters]

    def members(self, kind: Kind) -> Array:
        """[N] bool."""
        if kind is Kind.PLURAL:
            return np.asarray(self.letters[:, -1] == ord("s") - ord("a"))
        if kind is Kind.VOWEL:
            return VOWELS[self.letters[:, 0]]
        return np.asarray((self.letters[:, 1:] == self.letters[:, :-1]).any(1))

    def fits(self, pattern: str) -> Array:
        """[N] bool, words with these letters where the pattern has one; see code."""
        given = coded(pattern)
        return np.asarray(((given == HOLE) | (self.letters == given)).all(1))

    def only(self, kept: Array) -> "Vocabulary":
        """The same words, those that are not kept with no weight."""
        weights = np.where(kept, self.weights, 0.0)
        return Vocabulary(self.letters, weights / weights.sum())


@cache
def vocabulary(count: int) -> Vocabulary:
    """So many of the most frequent words, at most MOST. Raises DamagedAssetError where the file is not as it was made."""
    with verified(FILE).open(encoding="ascii") as file:
        rows = [(word, int(times)) for word, times in csv.reader(file)][:count]
    letters = np.array([coded(word) for word, _ in rows])
    times = np.array([times for _, times in rows], float)
    for array in (letters, weights := times / times.sum()):
        array.setflags(write=False)
    return Vocabulary(letters, weights)


def coded(text: str) -> Array:
    """[5] numbers of letters a to z; anything else is a hole."""
    return np.array([ord(c) - ord("a") if "a" <= c <= "z" else HOLE for c in text], np.int8)


def spelt(row: Array) -> str:
    """A hole is a middle dot."""
    return "".join("·" if letter == HOLE else chr(ord("a") + int(letter)) for letter in row)

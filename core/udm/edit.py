"""What an edit of a text is: so many of its characters are touched, in an order that the seed decides.

Source: Su Jianlin, kexue.fm/archives/9271, sections on the edit model and the mask model; there t counts the touched tokens.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import comb, log2
from typing import ClassVar, Literal

import numpy as np

State = Literal["kept", "hole", "changed", "new", "gone", "moved"]
Token = tuple[str, State]  # a character as a reader counts them, and what happened to it


@dataclass(frozen=True)
class Chance:
    """eps of a text of l characters over an alphabet: everything random, once for every t."""

    order: tuple[int, ...]  # [l] the turn in which positions are touched
    letters: tuple[str, ...]  # [l] a letter for each, different from what stands there
    gaps: tuple[int, ...]  # [l] a place between two characters for each, from 0 to l


class Edit(ABC):
    """One file in core/udm/edits defines one."""

    order: ClassVar[int]

    @abstractmethod
    def apply(self, tokens: tuple[str, ...], eps: Chance, count: int) -> list[Token]:
        """F_t(x_0, eps) with t = count; what is gone stays in the list, marked as gone."""

    @abstractmethod
    def texts(self, length: int, count: int, letters: int) -> int:
        """How many originals may lie behind one result, of so many characters over an alphabet of so many letters."""

    def bits_lost(self, length: int, count: int, letters: int) -> float:
        """What a reader has to guess: log2 of the number of originals, all of them equally likely."""
        return log2(self.texts(length, count, letters))


def chance(tokens: tuple[str, ...], alphabet: tuple[str, ...], seed: int) -> Chance:
    """eps ~ q(eps); the alphabet has at least two letters and every token is one of them."""
    rng, length = np.random.default_rng(seed), len(tokens)
    order, gaps = rng.permutation(length), rng.integers(0, length + 1, length)
    places = {letter: place for place, letter in enumerate(alphabet)}
    shifts = rng.integers(1, len(alphabet), length)  # never a whole turn: always another letter
    letters = [alphabet[(places[token] + shift) % len(alphabet)] for token, shift in zip(tokens, shifts, strict=True)]
    return Chance(tuple(order.tolist()), tuple(letters), tuple(gaps.tolist()))


def written(tokens: list[Token]) -> tuple[str, ...]:
    """What can be read: all but the gone."""
    return tuple(text for text, state in tokens if state != "gone")


def within(length: int, letters: int, most: int) -> int:
    """Texts of so many characters that differ from a given one in at most `most` places."""
    return sum(comb(length, k) * (letters - 1) ** k for k in range(most + 1))

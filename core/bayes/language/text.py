"""Texts as numbers: a vocabulary, and three parts in order, to count, to tune and to test."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.digits.manifest import verified

Array = np.ndarray

BOOK = "bayes/alice.txt"
WINDOW = 8  # words that are looked back
MOST_WORDS = 256  # of the vocabulary, the class of all other words included
STOP, OTHER = ".", ""  # the end of a sentence; every word that is not in the vocabulary
TRAIN, TUNE = 0.8, 0.9  # where the second and the third part begin, as shares of the text
MOST_TESTED = 2000  # words
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
WORD = re.compile(rf"{HAN}|(?:(?!{HAN})[^\W_])+(?:['’](?:(?!{HAN})[^\W_])+)*|[.!?。！？]+")


def tokens(text: str) -> list[str]:
    """Words in small letters, a Chinese character each, and STOP for the end of a sentence."""
    return [STOP if found[0] in ".!?。！？" else found.replace("’", "'") for found in WORD.findall(text.lower())]


@dataclass(frozen=True, eq=False)
class Windows:
    """Words with the WINDOW words before each."""

    before: Array  # [N, WINDOW] the nearest first
    word: Array  # [N]


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text in numbers; number i is words[i], the last one is every other word."""

    words: tuple[str, ...]  # V
    train: Windows
    tune: Windows
    test: Windows

    def coded(self, text: list[str]) -> Array:
        """[n] numbers."""
        known = {word: i for i, word in enumerate(self.words)}
        return np.array([known.get(word, self.other) for word in text], np.int64)

    @property
    def other(self) -> int:
        return len(self.words) - 1


@lru_cache(maxsize=8)
def corpus(text: str) -> Corpus:
    """Of any text; empty: the book that ships. The first 80 % are counted, the last 10 % are never looked at."""
    every = tokens(text or verified(BOOK).read_text("utf8")) or [STOP]
    first, second = int(TRAIN * len(every)), min(int(TUNE * len(every)), len(every) - 1)
    words = vocabulary(every[:first])
    whole = Corpus(words, *3 * [Windows(np.zeros((0, WINDOW), np.int64), np.zeros(0, np.int64))])
    numbers = whole.coded([STOP] * WINDOW + every)
    parts = [windows(numbers, *ends) for ends in ((0, first), (first, second), (second, min(second + MOST_TESTED, len(every))))]
    return Corpus(words, *parts)


def vocabulary(text: list[str]) -> tuple[str, ...]:
    """STOP and the most frequent words, those of one count by the alphabet, and last every other word."""
    counted = sorted(Counter(word for word in text if word != STOP).items(), key=_rank)
    return (STOP, *(word for word, _ in counted[: MOST_WORDS - 2]), OTHER)


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def windows(numbers: Array, first: int, last: int) -> Windows:
    """Of the words first to last - 1 of a text that has WINDOW stops before it."""
    at = np.arange(first, last) + WINDOW
    return Windows(numbers[at[:, None] - np.arange(1, WINDOW + 1)], numbers[at])

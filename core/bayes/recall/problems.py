"""Random questions about records in many contexts, and what must be answered.

Every problem has its base, the one or two contexts that the answer needs, and as many others as wanted, which know nothing of
it. The answer to a question is its last signs; what stands before them is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.bayes.recall.alphabet import CODES, FIRST_DIGIT, KEY, LETTERS, MOST, RECORD, VALUE

Array = np.ndarray

MOST_RECORDS, MOST_CONTEXTS = 128, 64  # of the longest text of the curves
TIMES = 8  # the trained number of contexts that is looked at above all
TASKS = ("value", "both", "latest", "between", "refuse")
BASE = {"value": 1, "both": 2, "latest": 2, "between": 2, "refuse": 1}


def trained(size: int) -> int:
    """Contexts of so many records that a training text has at most."""
    return MOST // size


def numbers(size: int, task: str) -> list[int]:
    """Of contexts, along the curves."""
    most = min(MOST_CONTEXTS, MOST_RECORDS // size)
    wanted = {2**i for i in range(MOST_CONTEXTS.bit_length())} | {trained(size), TIMES * trained(size)}
    return sorted(n for n in wanted if BASE[task] <= n <= most)


@dataclass(frozen=True)
class Problems:
    """q questions of one kind about N contexts of `size` records each; the base contexts are the first."""

    contexts: Array  # [q, N, size RECORD] codes
    question: Array  # [q, a] codes, from the question mark to the sign before the answer
    answer: Array  # [q, t] codes, with the end
    ranks: Array  # [q, N] where a context stands when all are joined: lower is earlier

    def joined(self, count: int) -> Array:
        """[q, count size RECORD] the first so many contexts in the order of their ranks."""
        order = self.ranks[:, :count].argsort(1)
        return np.take_along_axis(self.contexts[:, :count], order[..., None], 1).reshape(len(order), -1)


class Author:
    """Draws problems from a seed."""

    def __init__(self, seed: Iterable[int], count: int, size: int) -> None:
        self.rng, self.count, self.size = np.random.default_rng(list(seed)), count, size

    def digits(self, *shape: int) -> Array:
        """Codes of random digits."""
        return FIRST_DIGIT + self.rng.integers(10, size=(self.count, *shape))

    def keys(self, wanted: int) -> Array:
        """[q, wanted, KEY] letters, all keys of one question different."""
        every = np.array([self.rng.choice(len(LETTERS) ** KEY, wanted, replace=False) for _ in range(self.count)])
        return np.stack([every // len(LETTERS) ** i % len(LETTERS) for i in range(KEY)], -1)

    def contexts(self, number: int, base: int) -> tuple[Array, Array]:
        """[q, number, size, RECORD] records of different keys, and the first keys [q, base, KEY] of the base contexts."""
        keys = self.keys(number * self.size).reshape(self.count, number, self.size, KEY)
        equal, end = (np.full((*keys.shape[:3], 1), CODES[sign]) for sign in "=;")
        records = np.concatenate([keys, equal, self.digits(number, self.size, VALUE), end], -1)
        return records, records[:, :base, 0, :KEY].copy()

    def shuffled(self, contexts: Array) -> Array:
        """[q, N, size RECORD] the records of each context in random order."""
        order = self.rng.random(contexts.shape[:3]).argsort(-1)
        return np.take_along_axis(contexts, order[..., None], 2).reshape(*contexts.shape[:2], -1)


def problems(task: str, size: int, seed: Iterable[int], count: int) -> Problems:
    """So many questions of one of TASKS."""
    author, base = Author(seed, count, size), BASE[task]
    contexts, keys = author.contexts(numbers(size, task)[-1], base)
    answer = contexts[:, :base, 0, KEY + 1 :].copy()  # [q, base, VALUE + 1] with the end
    question, said = keys[:, 0], answer[:, 0]
    if task == "both":
        question = np.concatenate([keys[:, 0], _sign("+", count), keys[:, 1]], 1)
        said = np.concatenate([answer[:, 0, :VALUE], _sign("+", count), answer[:, 1]], 1)
    if task == "latest":
        contexts[:, 1, 0, :KEY], said = keys[:, 0], answer[:, 1]
    if task == "between":
        contexts[:, 1, 0, :KEY] = keys[:, 0]
        said = _bounds(contexts)
    asked = np.concatenate([_sign("?", count), question, _sign("~" if task == "between" else "=", count)], 1)
    ranks = author.rng.random(contexts.shape[:2])
    if task == "latest":
        ranks[:, :2].sort(1)
    return Problems(author.shuffled(contexts), asked, said, ranks)


def _sign(sign: str, count: int) -> Array:
    return np.full((count, 1), CODES[sign])


def _bounds(contexts: Array) -> Array:
    """[q, 2] y or n and the end; the first record of the first two contexts becomes a bound below and one above."""
    for context, sign in enumerate("><"):
        contexts[:, context, 0, KEY] = CODES[sign]
        contexts[:, context, 0, KEY + 2 : RECORD - 1] = FIRST_DIGIT
    low, high = contexts[:, 0, 0, KEY + 1], contexts[:, 1, 0, KEY + 1]
    return np.stack([np.where(low < high, CODES["y"], CODES["n"]), np.full(len(low), CODES[";"])], 1)

"""What a network must beat: the next character from those before it, by counts.

Source: Witten and Bell (1991), method C: an order is trusted the more, the fewer different characters followed its context.
"""

from dataclasses import dataclass

import numpy as np

from core.attention.model.text import SIZE

Array = np.ndarray

LONGEST = 8  # characters of a context; contexts of 8 and what follows fit 63 bits


@dataclass(frozen=True, eq=False)
class Counts:
    """Of one order k: contexts and contexts with what followed, as numbers in base SIZE, sorted."""

    contexts: Array  # [c]
    total: Array  # [c] how often
    kinds: Array  # [c] different characters that followed
    pairs: Array  # [p]
    times: Array  # [p]


def numbered(text: Array, length: int) -> Array:
    """[n - length + 1] every piece of so many characters as one number."""
    number = np.zeros(len(text) - length + 1, np.int64)
    for k in range(length):
        number = number * SIZE + text[k : len(text) - length + 1 + k]
    return number


def counted(text: Array, order: int) -> Counts:
    """Of the training text [n], contexts of `order` characters."""
    pairs, times = np.unique(numbered(text, order + 1), return_counts=True)
    contexts, first, kinds = np.unique(pairs // SIZE, return_index=True, return_counts=True)
    return Counts(contexts, np.add.reduceat(times, first), kinds, pairs, times)


def found(keys: Array, values: Array, asked: Array) -> Array:
    """values at the asked keys, 0 where there is none."""
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    return np.where(keys[at] == asked, values[at], 0)


def likelihoods(train: Array, text: Array, order: int = LONGEST) -> Array:
    """[order + 1, n - order] probability of every character after the first `order`, by contexts of 0, 1, ..., order."""
    likely, rows = np.full(len(text) - order, 1 / SIZE), []
    for k in range(order + 1):
        table, pairs = counted(train, k), numbered(text[order - k :], k + 1)
        total, kinds = (found(table.contexts, each, pairs // SIZE) for each in (table.total, table.kinds))
        times = found(table.pairs, table.times, pairs)
        trusted = (times + kinds * likely) / np.maximum(total + kinds, 1)
        likely = np.where(total > 0, trusted, likely)
        rows.append(likely)
    return np.array(rows)

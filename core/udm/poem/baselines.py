"""What a network must beat: characters by their frequency alone, and by the one before them.

Source: Jelinek and Mercer (1980), interpolated estimates; one weight, chosen on the validation lines.
"""

from dataclasses import dataclass

import numpy as np

from core.udm.poem.lines import LENGTH, SIZE

Array = np.ndarray

WEIGHTS = np.linspace(0.05, 0.95, 19)


@dataclass(frozen=True, eq=False)
class Counted:
    """How often every character, and every pair of neighbours, stands in the training lines; SIZE is the start of a line."""

    unigram: Array  # [SIZE] probabilities, one added to every count
    pairs: Array  # [SIZE + 1, SIZE] counts
    weight: float = 0.0  # of the pairs; 0: by frequency alone

    def logs(self, lines: Array) -> Array:
        """[n, l] log-probability of every character given those before it."""
        before = np.concatenate([np.full((len(lines), 1), SIZE), lines[:, :-1]], axis=1)
        seen = self.pairs.sum(1)[before]
        ratio = np.where(seen > 0, self.pairs[before, lines] / np.maximum(seen, 1), 0.0)
        weight = np.where(seen > 0, self.weight, 0.0)  # after a character that never stood before another, frequency alone
        return np.log(weight * ratio + (1 - weight) * self.unigram[lines])


def counted(lines: Array) -> Counted:
    """Of the training lines."""
    single = np.bincount(lines.ravel(), minlength=SIZE) + 1.0
    before = np.concatenate([np.full((len(lines), 1), SIZE), lines[:, :-1]], axis=1)
    code = before.astype(np.int64) * SIZE + lines
    pairs = np.bincount(code.ravel(), minlength=(SIZE + 1) * SIZE).reshape(SIZE + 1, SIZE)
    return Counted(single / single.sum(), pairs)


def bigram(table: Counted, validation: Array) -> Counted:
    """With the weight that makes the validation lines likeliest."""
    tried = [Counted(table.unigram, table.pairs, float(weight)) for weight in WEIGHTS]
    return max(tried, key=lambda each: float(each.logs(validation).sum()))


def perplexity(logs: Array) -> tuple[float, float]:
    """exp of minus the mean log-probability of a character, and its standard error by the lines, which are independent.

    logs: [n, l]. The error is that of the mean over lines, carried through the exponential.
    """
    per_line = logs.sum(1) / LENGTH
    value = float(np.exp(-per_line.mean()))
    return value, value * float(per_line.std(ddof=1)) / len(per_line) ** 0.5

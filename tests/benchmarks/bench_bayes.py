"""Naive Bayes: what a moved dial costs, against the same words judged one after another, and tables cut by numpy's SVD."""

import numpy as np

from core.bayes.language.model import by_attention, counted_model
from core.bayes.language.params import Params
from core.bayes.language.perplexity import surprises
from core.bayes.language.tables import factors, prior, raw
from core.bayes.language.text import Windows, corpus
from core.bayes.language.tuning import TUNED
from tests.benchmarks.timing import median_seconds

ROUNDS, FEW = 7, 100
WANTED_WORDS, WANTED_FACTORS = 5.0, 1.5


def held_out() -> None:
    """All held-out words in one sparse product a head; FEW of them one by one, as the formula says."""
    p, test = Params(), corpus("").test
    m = counted_model("", p.smoothing, p.dimension, TUNED)
    some = Windows(test.before[:FEW], test.word[:FEW])

    def one_by_one() -> list[float]:
        return [-np.log(by_attention(m, row)[word]) for row, word in zip(some.before, some.word, strict=True)]

    surprises(m, test)  # the first call is for the caches
    ours, each = median_seconds(lambda: surprises(m, test), ROUNDS), median_seconds(one_by_one, ROUNDS)
    slow = each * len(test.word) / FEW
    print(f"  {len(test.word)} held-out words: {1e3 * ours:.1f} ms, ratio {slow / ours:.1f} (wanted {WANTED_WORDS:g})")


def cutting() -> None:
    """A table as a product, against the whole singular value decomposition."""
    text = corpus("")
    table = raw(text, (1, 2), 20.0) - np.log(prior(text))
    ours, slow = median_seconds(lambda: factors(table), ROUNDS), median_seconds(lambda: np.linalg.svd(table), ROUNDS)
    print(f"  a table of {len(table)} words: {1e3 * ours:.1f} ms, ratio {slow / ours:.1f} (wanted {WANTED_FACTORS:g})")


def main() -> None:
    print("bayes")
    held_out()
    cutting()

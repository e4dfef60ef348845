"""Reading many contexts: all of all questions in one batch, against one by one; and a moved beta, which reads nothing again."""

import numpy as np

from core.bayes.recall.curves import gathered, right, ways
from core.bayes.recall.problems import numbers, problems
from core.bayes.recall.reading import by_context, laws, reading
from core.bayes.recall.weights import network
from tests.benchmarks.timing import median_seconds, ratio, seconds

ROUNDS, QUESTIONS, SIZE = 5, 8, 4
WANTED_BATCH, WANTED_BETA = 2.5, 10.0


def batched() -> None:
    """Questions times 32 contexts, a row each."""
    model, each = network("guesses"), problems("value", SIZE, (0,), QUESTIONS)

    def one_by_one() -> None:
        for contexts, question, answer in zip(each.contexts, each.question, each.answer, strict=True):
            for context in contexts:
                laws(model, np.concatenate([context, question])[None], answer[None])

    found = ratio(one_by_one, lambda: by_context(model, each), ROUNDS)
    print(f"  {QUESTIONS} questions x {each.contexts.shape[1]} contexts: ratio {found:.1f} (wanted {WANTED_BATCH:g})")


def moved() -> None:
    """Every pool and number of contexts at another beta, against reading the questions."""
    reading.cache_clear()
    first = seconds(lambda: reading("value", SIZE, 0, 0))
    every, counts = gathered([reading("value", SIZE, 0, 0)]), numbers(SIZE, "value")
    again = median_seconds(lambda: [right(every, way, n, 0.1) for way in ways(0.5).values() for n in counts], ROUNDS)
    print(f"  another beta: {1e3 * again:.0f} ms, ratio {first / again:.0f} (wanted {WANTED_BETA:g})")


def main() -> None:
    print("recall")
    batched()
    moved()

"""What one run of the recalling network returns: the visitor's own question, and the curves over random ones."""

from dataclasses import dataclass
from math import comb

import numpy as np

from core.bayes.pooling import Pooling
from core.result import Result

Array = np.ndarray

POOLED = (*(pooling.value for pooling in Pooling), "naive_bayes")
JOINED = ("joined", "squeezed")  # all contexts as one text: positions as they are; squeezed into the trained length
WAYS = (*POOLED, *JOINED)
BETAS = (-1.0, -0.5, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, eq=False)
class RecallResult(Result):
    """Of the own question: c contexts, the first `own` of them the visitor's, t signs of the pooled answer.

    Of the curves: n numbers of contexts; those arrays are empty until the first questions are read.
    """

    chosen: str  # of POOLED, the visitor's
    contexts: list[str]  # c texts
    names: list[int]  # the visitor's numbers of the own contexts
    question: str
    truth: str  # what the own records say, with the end; empty where they do not say it
    alone: list[str]  # c answers of single contexts
    answers: dict[str, str]  # of WAYS
    signs: str  # t, the answer of the chosen pool
    entropies: Array  # [c, t] nats of each context's law of each sign
    logs: Array  # [c, t] log p of the sign that was said
    spoke: Array  # [t] the context of least entropy, with stickiness
    identity_error: float  # the mean at beta = c - 1 against the sum of naive Bayes, largest difference of log p
    numbers: Array  # [n] contexts
    right: Array  # [6, n] questions of WAYS that were answered right
    predicted: Array  # [4, n] share of right answers of POOLED by theory
    right_beta: Array  # [3, 9] of every pool at BETAS, at the number that is looked at
    predicted_beta: Array  # [3, 9] share by theory
    only: Array  # [2, 4] questions that this way of POOLED answers right and the better joined text does not; and the reverse
    known: Array  # [h] nats at the first sign: of contexts with the key
    unknown: Array  # [u] of contexts without it
    questions: int
    chance: float  # of a guess to be right
    held: int  # contexts that a text of the training holds at most
    looked: int  # which number of contexts the metrics are of

    @property
    def joined(self) -> int:
        """The better of the joined ways at the number that is looked at: its place in WAYS."""
        return len(POOLED) + int(self.right[len(POOLED) :, self.looked].argmax())

    def metrics(self) -> dict[str, float]:
        """Of the own answer; and of the curves at eight times the trained number of contexts, once there are some."""
        found = {
            "entropy": float(self.entropies.min(0).mean()),
            "speakers": float(len(set(self.spoke.tolist()))),
            "identity_error": self.identity_error,
        }
        return found | self._shares() if self.questions else found

    def _shares(self) -> dict[str, float]:
        way, share = WAYS.index(self.chosen), self.right[:, self.looked] / self.questions
        return {
            "contexts": float(self.numbers[self.looked]),
            "accuracy": float(share[way]),
            "accuracy_theory": float(self.predicted[way, self.looked]),
            "accuracy_concatenation": float(share[self.joined]),
            "accuracy_chance": self.chance,
            "entropy_known": float(self.known.mean()),
            "entropy_unknown": float(self.unknown.mean()),
        }

    def p_value(self, way: int) -> float:
        """That a way of POOLED is as good as the better joined text: two-sided sign test of the questions that tell them apart.

        Source: McNemar, Psychometrika 12 (1947), exact. 1 where no question does.
        """
        count, fewer = int(self.only[:, way].sum()), int(self.only[:, way].min())
        return float(min(1.0, 2 * sum(comb(count, k) for k in range(fewer + 1)) / 2**count))

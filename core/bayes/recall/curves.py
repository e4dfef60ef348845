"""How often the whole answer is right against the number of contexts, for every way to make one answer of them."""

from dataclasses import dataclass

import numpy as np

from core.bayes.pooling import Pooling
from core.bayes.recall.read import Read
from core.bayes.recall.sticky import along

Array = np.ndarray


@dataclass(frozen=True)
class Way:
    """One way to pool: a kind, and beta, which naive Bayes takes from the number of contexts."""

    pooling: Pooling
    beta: float | None = None

    def strength(self, count: int) -> float:
        """beta for so many contexts."""
        return count - 1.0 if self.beta is None else self.beta


def ways(beta: float) -> dict[str, Way]:
    """Every pool at this beta, and naive Bayes itself: the mean at beta = n - 1."""
    return {pooling.value: Way(pooling, beta) for pooling in Pooling} | {"naive_bayes": Way(Pooling.MEAN)}


def gathered(parts: list[Read]) -> Read:
    """All parts as one."""
    rows = {name: np.concatenate([getattr(p, name) for p in parts]) for name in ("logs", "prior", "entropies", "answer")}
    return Read(**rows, joined=np.concatenate([p.joined for p in parts], -1))


def right(read: Read, way: Way, count: int, eta: float) -> Array:
    """[q] whether the first so many contexts, pooled, answer right."""
    some, entropies = read.logs[:, :count].astype(float), read.entropies[:, :count]
    said = along(some, read.prior.astype(float), way.pooling, way.strength(count), eta, entropies)
    return np.asarray((said.argmax(-1) == read.answer).all(-1))

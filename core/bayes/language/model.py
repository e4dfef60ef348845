"""The model: weights of the words so far, and both sides of the identity between naive Bayes and attention.

Su Jianlin, "Naive Bayes is all you need?" (kexue.fm/archives/9648), equations 4 to 13.
"""

from dataclasses import dataclass

import numpy as np

from core.attention.logits import attend, softmax
from core.bayes.language.params import Bigram, Dials, Params, Unigram
from core.bayes.language.relevance import queries_and_keys
from core.bayes.language.tables import Array, Distances, Table, prior, table
from core.bayes.language.text import corpus
from core.bayes.pooling import normalised

HEADS: dict[int, tuple[Distances, ...]] = {
    1: (tuple(range(1, 9)),),
    2: ((1, 2), tuple(range(3, 9))),
    3: ((1, 2), (3, 4), tuple(range(5, 9))),
}
NEIGHBOUR: Distances = (1,)


@dataclass(frozen=True, eq=False)
class Model:
    """Tables of every head, and of the residual; queries and keys are common to all heads."""

    log_prior: Array  # [V]
    heads: tuple[tuple[Distances, Table], ...]
    query: Array  # [V, r]
    key: Array  # [V, r]
    fit: Array  # [V, V] query . key
    averaging: float
    position: float
    content: float
    residual: float
    neighbour: Table

    def places(self, distances: Distances, length: int) -> Array:
        """Places of a head in a context of so many words, 0 the nearest."""
        return np.array([distance - 1 for distance in distances if distance <= length], np.int64)

    def scores(self, before: Array, places: Array) -> Array:
        """Logits [N, k] of the words at these places of contexts [N, n]: of x_{t-1}, of x_j and of the place alone."""
        return self.content * self.fit[before[:, :1], before[:, places]] - self.position * places

    def total(self, places: Array) -> float:
        """What a head's weights add up to: from the number of its words, naive Bayes, to 1, attention."""
        return float(len(places) ** (1 - self.averaging))

    def weights(self, before: Array) -> list[Array]:
        """[N, n] of every head; 0 where it does not look."""
        found = []
        for distances, _ in self.heads:
            places, row = self.places(distances, before.shape[1]), np.zeros(before.shape)
            if len(places):
                row[:, places] = self.total(places) * softmax(self.scores(before, places))
            found.append(row)
        return found


def model(p: Params) -> Model:
    """Of these parameters."""
    return counted_model(p.letters, p.smoothing, p.dimension, p.model)


def counted_model(letters: str, smoothing: float, dimension: int, how: Dials | Bigram | Unigram) -> Model:
    """Tables of a text under these dials; the two short models have no heads, and all or nothing of the residual."""
    dials = how if isinstance(how, Dials) else Dials(residual=float(isinstance(how, Bigram)))
    heads = HEADS[dials.heads] if isinstance(how, Dials) else ()
    query, key, fit = queries_and_keys(letters, smoothing)
    return Model(
        log_prior=np.log(prior(corpus(letters))),
        heads=tuple((each, table(letters, each, smoothing, dimension)) for each in heads),
        query=query,
        key=key,
        fit=fit,
        averaging=dials.averaging,
        position=dials.position,
        content=dials.content,
        residual=dials.residual,
        neighbour=table(letters, NEIGHBOUR, smoothing, dimension),
    )


def by_naive_bayes(m: Model, before: Array) -> Array:
    """[V] normalised log p(x_t|context [n]) as weights of log p(.|x_j), less the prior that they hold too often.

    sum_j a_j log p(.|x_j) - (sum_j a_j - 1) log p; every a_j = 1 is naive Bayes (equation 4).
    """
    logs, total = np.zeros(len(m.log_prior)), 0.0
    for (_, each), weights in zip(m.heads, m.weights(before[None]), strict=True):
        logs += weights[0] @ normalised(m.log_prior + each.value[before] @ each.readout)
        total += float(weights.sum())
    logs += m.residual * normalised(m.log_prior + m.neighbour.value[before[0]] @ m.neighbour.readout)
    return normalised(logs - (total + m.residual - 1) * m.log_prior)


def by_attention(m: Model, before: Array) -> Array:
    """[V] p(x_t|context [n]) as a transformer's layer: softmax(sum_h attention(q, k, V_h) W_h + residual W), bias log p.

    Values are embeddings of words: no law p(.|x_j) is ever normalised.
    """
    logits = m.log_prior.copy()
    for distances, each in m.heads:
        places = m.places(distances, len(before))
        if len(places):
            scores = m.content * (m.key[before[places]] @ m.query[before[0]]) - m.position * places
            mixed = attend(scores, each.value[before[places]])
            logits += m.total(places) * (mixed @ each.readout)
    logits += m.residual * (m.neighbour.value[before[0]] @ m.neighbour.readout)
    return softmax(logits)

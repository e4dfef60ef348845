"""How much a word is worth listening to, in closed form: what it told about the next word, each time without that time."""

from functools import lru_cache

import numpy as np

from core.bayes.language.tables import Array, counts, factors, prior
from core.bayes.language.text import WINDOW, Corpus, corpus

EVERYWHERE = tuple(range(1, WINDOW + 1))
SHRINKAGE = 30.0  # pairs of words that a pair's own average is weighed against
RANK = 32


def told(text: Corpus, smoothing: float) -> tuple[Array, Array]:
    """([V, V] log p(y|x) - log p(y) with one time that y followed x left out, [V, V] the counts)."""
    counted, law = counts(text, EVERYWHERE), prior(text)
    added = smoothing * WINDOW
    fewer = np.maximum(counted - 1, 0)
    total = np.maximum(counted.sum(1, keepdims=True) - 1, 0)
    return np.log((fewer + added * law) / (total + added)) - np.log(law), counted


def relevance(text: Corpus, smoothing: float) -> Array:
    """[V, V] nats that x_j told about x_t on average where the last word was x_{t-1}, [x_{t-1}, x_j].

    The average over all places of a pair, drawn to the average of x_j alone by SHRINKAGE imagined places.
    """
    gain, counted = told(text, smoothing)
    alone = (counted * gain).sum(1) / np.maximum(counted.sum(1), 1)
    before, word, size = text.train.before, text.train.word, len(text.words)
    pairs = (before[:, :1] * size + before).ravel()
    gains = gain[before, word[:, None]].ravel()
    total = np.bincount(pairs, gains, minlength=size**2).reshape(size, size)
    places = np.bincount(pairs, minlength=size**2).reshape(size, size)
    return (total + SHRINKAGE * alone) / (places + SHRINKAGE)


@lru_cache(maxsize=8)
def queries_and_keys(letters: str, smoothing: float) -> tuple[Array, Array, Array]:
    """q [V, r], k [V, r] and q k^T [V, V], close to the relevance: its best approximation of rank r."""
    left, right = factors(relevance(corpus(letters), smoothing))
    query, key = left[:, :RANK].copy(), right[:RANK].T.copy()
    return query, key, query @ key.T

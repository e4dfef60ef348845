"""log p(x_t|x_j) out of counts, and the same as values times a readout."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.bayes.language.text import Corpus, corpus

Array = np.ndarray
Distances = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """log p(y|x) = log p(y) + value(x) . readout(y) - log_z(x), the law of a word some distance after another.

    V words, d dimensions; log_z does not depend on y: that is why attention may leave it out.
    """

    value: Array  # [V, d]
    readout: Array  # [d, V]
    log_z: Array  # [V]
    evidence: Array  # [V, V] float32, log p(y|x) - log p(y): what a word x says about y


def prior(text: Corpus) -> Array:
    """[V] p(y): every word counted once more than it stands in the text."""
    counted = np.bincount(text.train.word, minlength=len(text.words)) + 1.0
    return counted / counted.sum()


def counts(text: Corpus, distances: Distances) -> Array:
    """[V, V] how often y stood one of these distances after x."""
    size = len(text.words)
    pairs = [text.train.before[:, distance - 1] * size + text.train.word for distance in distances]
    return np.bincount(np.concatenate(pairs), minlength=size**2).reshape(size, size).astype(float)


def smoothed(counted: Array, law: Array, added: float) -> Array:
    """[V, V] log p(y|x) with `added` words that follow the law [V] counted after every x."""
    return np.log((counted + added * law) / (counted.sum(1, keepdims=True) + added))


def raw(text: Corpus, distances: Distances, smoothing: float) -> Array:
    """[V, V] log p(y|x) of the counts; every distance adds its own `smoothing` words."""
    return smoothed(counts(text, distances), prior(text), smoothing * len(distances))


@lru_cache(maxsize=24)
def decomposed(letters: str, distances: Distances, smoothing: float) -> tuple[Array, Array]:
    """[V, V], [V, V]: log p(y|x) - log p(y) as a product, by decreasing singular values."""
    text = corpus(letters)
    return factors(raw(text, distances, smoothing) - np.log(prior(text)))


def factors(whole: Array) -> tuple[Array, Array]:
    """[V, V] U and [V, V] U^T M of a matrix M: the first r columns and rows multiply to its best approximation of rank r.

    U are the left singular vectors, as eigenvectors of M M^T: less work than the decomposition itself.
    """
    left = np.linalg.eigh(whole @ whole.T)[1][:, ::-1]
    return left.copy(), left.T @ whole


@lru_cache(maxsize=24)
def table(letters: str, distances: Distances, smoothing: float, dimension: int) -> Table:
    """The table in so many dimensions, normalised again; all of them give back the counts."""
    value, readout = decomposed(letters, distances, smoothing)
    value, readout = value[:, :dimension], readout[:dimension]
    scores = value @ readout
    log_z = np.log(np.exp(scores) @ prior(corpus(letters)))
    return Table(value, readout, log_z, (scores - log_z[:, None]).astype(np.float32))

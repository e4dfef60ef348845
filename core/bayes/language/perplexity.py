"""How well a model says words that it has not counted."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.bayes.language.model import NEIGHBOUR, Model
from core.bayes.language.tables import Array, prior, raw
from core.bayes.language.text import Corpus, Windows, corpus

BLOCK = 25  # words in a row whose surprises count as one observation: neighbours are not independent


@dataclass(frozen=True)
class Score:
    """Of held-out words."""

    perplexity: float
    stderr: float  # one standard error of it


def surprise(logits: Array, word: Array) -> Array:
    """[N] -log p in nats of the words [N] under logits [N, V] that need not be normalised."""
    shifted = logits - logits.max(1, keepdims=True)
    at = shifted[np.arange(len(word)), word]
    return (np.log(np.exp(shifted, out=shifted).sum(1)) - at).astype(float)


def logits(m: Model, before: Array) -> Array:
    """[N, V] float32 of contexts [N, n], up to a number for each of them: attention's, one sparse product a head."""
    found = np.repeat(m.log_prior[None].astype(np.float32), len(before), 0)
    for (_, each), weights in zip(m.heads, m.weights(before), strict=True):
        seen = weights.any(0)
        found += mixed(weights[:, seen], before[:, seen], each.evidence)
    if m.residual:
        found += np.float32(m.residual) * m.neighbour.evidence[before[:, 0]]
    return found


def mixed(weights: Array, words: Array, evidence: Array) -> Array:
    """[N, V] sum over k of weights [N, k] times the rows [V, V] of the words [N, k]."""
    from scipy.sparse import csr_array  # noqa: PLC0415  not before it is needed: the page opens without it

    starts = np.arange(0, words.size + 1, max(words.shape[1], 1))
    rows = csr_array((weights.astype(np.float32).ravel(), words.ravel(), starts), shape=(len(words), len(evidence)))
    return rows @ evidence


def score(surprises: Array) -> Score:
    """exp of the mean; its standard error from means of BLOCK words in a row, 0 where there is one block only."""
    mean = float(np.exp(surprises.mean()))
    blocks = surprises[: len(surprises) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(1)
    return Score(mean, mean * standard_error(blocks))


def standard_error(blocks: Array) -> float:
    """Of the mean of independent numbers; 0 where there are fewer than two."""
    return float(blocks.std(ddof=1) / len(blocks) ** 0.5) if len(blocks) > 1 else 0.0


def surprises(m: Model, held_out: Windows) -> Array:
    """[N] nats of every held-out word."""
    return surprise(logits(m, held_out.before), held_out.word)


@lru_cache(maxsize=24)
def counted(letters: str, smoothing: float) -> tuple[Array, Array]:
    """[N], [N] nats of the test's words by their frequency, and by the word before, straight from the counts."""
    text: Corpus = corpus(letters)
    law, test = np.log(prior(text)), text.test
    return -law[test.word], -raw(text, NEIGHBOUR, smoothing)[test.before[:, 0], test.word]

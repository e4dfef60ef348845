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
    at = logits[np.arange(len(word)), word]
    top = logits.max(1)
    return (np.log(np.exp(logits - top[:, None]).sum(1)) + top - at).astype(float)


def logits(m: Model, before: Array) -> Array:
    """[N, V] float32 of contexts [N, n], up to a number for each of them: attention's, one product a head."""
    found = np.repeat(m.log_prior[None].astype(np.float32), len(before), 0)
    size = len(m.log_prior)
    for (_, each), weights in zip(m.heads, m.weights(before), strict=True):
        flat = (np.arange(len(before))[:, None] * size + before).ravel()
        mixed = np.bincount(flat, weights.ravel(), len(before) * size).reshape(-1, size).astype(np.float32)
        found += mixed @ each.evidence
    if m.residual:
        found += np.float32(m.residual) * m.neighbour.evidence[before[:, 0]]
    return found


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

"""Experiment bayes_attention: counts of words, summed by naive Bayes, dial by dial into attention."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.bayes.language.model import Model, by_attention, by_naive_bayes, counted_model, model
from core.bayes.language.params import Dials, Params
from core.bayes.language.perplexity import counted, score, surprises
from core.bayes.language.tables import Array
from core.bayes.language.text import STOP, WINDOW, Corpus, corpus, tokens
from core.result import Result

CANDIDATES = 8
WRITTEN = 12  # words that a model goes on with
LONGEST_WORD = 14  # letters of a word in a picture


@dataclass(frozen=True, eq=False)
class LanguageResult(Result):
    """n words so far, 8 at most; C candidates for the next one; H heads; N held-out words. Logarithms are natural."""

    context: list[str]  # n words so far as they were read, the nearest last
    known: list[bool]  # n, whether the text has that word
    candidates: list[str]  # C likeliest next words, without the class of all others
    log_prior: Array  # [C] log p(y)
    evidence: Array  # [n, C] sum over the heads of a_j (log p(y|x_j) - log p(y))
    neighbour: Array  # [C] of the residual, its weight included
    weights: Array  # [H, n] of every head
    residual: float  # its weight
    bayes: Array  # [V] p(y|context) as a normalised sum of logarithms
    attention: Array  # [V] the same by attention
    shown: Array  # [C] numbers of the candidates
    surprise: Array  # [N] float32, nats of every held-out word
    surprise_unigram: Array  # [N] float32
    surprise_bigram: Array  # [N] float32
    surprise_naive_bayes: Array  # [N] float32
    drawn: Array  # [2, 12] numbers of words drawn one after another, by naive Bayes and by the model
    written_naive_bayes: list[str]  # the first row in words
    written: list[str]  # the second

    def metrics(self) -> dict[str, float]:
        """Of the whole vocabulary, and of the held-out words."""
        here = score(self.surprise.astype(float))
        plain = {
            f"perplexity_{name}": score(getattr(self, f"surprise_{name}").astype(float)).perplexity
            for name in ("unigram", "bigram", "naive_bayes")
        }
        return {
            "identity_error": float(np.abs(self.bayes - self.attention).max()),
            "weight_sum": float(self.weights.sum()) + self.residual,
            "perplexity": here.perplexity,
            "perplexity_stderr": here.stderr,
            **plain,
            "unknown_words": float(self.known.count(False)),
        }


def compute(p: Params) -> LanguageResult:
    """Counting, tuning and all logarithms are float64; the held-out words are judged in float32."""
    text, m = corpus(p.letters), model(p)
    plain = counted_model(p.letters, p.smoothing, p.dimension, Dials())
    read = (tokens(p.so_far) or [STOP])[-WINDOW:]
    before = text.coded(read)[::-1].copy()
    bayes = by_naive_bayes(m, before)
    shown = np.argsort(-bayes[: text.other], kind="stable")[:CANDIDATES].copy()
    unigram, bigram = counted(p.letters, p.smoothing)
    drawn = np.array([go_on(each, before, p.seed) for each in (plain, m)])
    return LanguageResult(
        context=[word[:LONGEST_WORD] for word in read],
        known=[code != text.other for code in before[::-1].tolist()],
        candidates=spelt(text, shown),
        log_prior=m.log_prior[shown],
        evidence=evidence(m, before)[::-1, shown].copy(),
        neighbour=m.residual * m.neighbour.evidence[before[0], shown].astype(float),
        weights=np.array([weights[0, ::-1] for weights in m.weights(before[None])]).reshape(-1, len(before)),
        residual=m.residual,
        bayes=np.exp(bayes),
        attention=by_attention(m, before),
        shown=shown,
        surprise=surprises(m, text.test).astype(np.float32),
        surprise_unigram=unigram.astype(np.float32),
        surprise_bigram=bigram.astype(np.float32),
        surprise_naive_bayes=of_naive_bayes(p.letters, p.smoothing, p.dimension),
        drawn=drawn,
        written_naive_bayes=spelt(text, drawn[0]),
        written=spelt(text, drawn[1]),
    )


@lru_cache(maxsize=8)
def of_naive_bayes(letters: str, smoothing: float, dimension: int) -> Array:
    """[N] float32 nats of every held-out word, all dials at zero."""
    plain = counted_model(letters, smoothing, dimension, Dials())
    return surprises(plain, corpus(letters).test).astype(np.float32)


def evidence(m: Model, before: Array) -> Array:
    """[n, V] what each word of a context [n] adds to the logits of the next one, all heads together."""
    found = np.zeros((len(before), len(m.log_prior)))
    for (_, each), weights in zip(m.heads, m.weights(before[None]), strict=True):
        found += weights[0][:, None] * each.evidence[before].astype(float)
    return found


def go_on(m: Model, before: Array, seed: int) -> list[int]:
    """Numbers of words drawn one after another; the class of all other words, the last one, is never drawn."""
    rng, so_far, found = np.random.default_rng(seed), before, list[int]()
    for _ in range(WRITTEN):
        reached = np.cumsum(by_attention(m, so_far)[:-1])
        found.append(min(int(np.searchsorted(reached, rng.random() * reached[-1], side="right")), len(reached) - 1))
        so_far = np.concatenate([found[-1:], so_far])[:WINDOW]
    return found


def spelt(text: Corpus, numbers: Array) -> list[str]:
    """Words, cut where they would not fit in a picture."""
    return [text.words[i][:LONGEST_WORD] for i in numbers]


def warm() -> None:
    """Count the book and cut its tables."""
    compute(Params())

"""p(x_0 | x_t) of a list of words, exactly: which words may lie behind a corrupted one, and with what probability.

Sources: Su Jianlin, kexue.fm/archives/9271, sections on the edit model and the mask model; Austin et al., "Structured Denoising
Diffusion Models in Discrete State-Spaces" (2021) for both corruptions. Where no word fits, as behind a state that a rule has
spoiled, the words that fit least badly do, as a network answers anyway.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.udm.words.vocabulary import HOLE, LENGTH, LETTERS, Vocabulary

Array = np.ndarray

NOTHING = -60.0  # logarithm of a probability that stands for none where it is divided by


@dataclass(frozen=True, eq=False)
class Posterior:
    """Of a vocabulary; of its words in a class alone where `members` is given, to the power gamma.

    edits: a corrupted place holds another letter, not a hole. p(x_t | x_0) is the same for all words that fit: 1 / C(l, t) for
    holes, 1 / (C(l, t) (V - 1)^t) for other letters.
    """

    law: Vocabulary
    edits: bool
    members: Array | None = None  # [N] bool
    gamma: float = 1.0

    @property
    def size(self) -> int:
        """Letters there are."""
        return LETTERS

    @cached_property
    def onehot(self) -> Array:
        """[N, l V] float, 1 at every word's letters."""
        marks = np.zeros((len(self.law.letters), LENGTH, LETTERS))
        np.put_along_axis(marks, self.law.letters[..., None].astype(int), 1.0, axis=2)
        return marks.reshape(len(marks), -1)

    def agreements(self, states: Array) -> Array:
        """[n, N] places at which a state [n, l] has the word's letter."""
        seen = np.zeros((len(states), LENGTH, LETTERS + 1))
        np.put_along_axis(seen, states[..., None].astype(int), 1.0, axis=2)
        return np.rint(seen[..., :LETTERS].reshape(len(states), -1) @ self.onehot.T)

    def misfit(self, states: Array, wrong: int) -> Array:
        """[n, N], 0 where the word may lie behind a state with so many corrupted places."""
        same = self.agreements(states)
        return np.abs(LENGTH - same - wrong) if self.edits else (states != HOLE).sum(1)[:, None] - same

    def unconditional(self, states: Array, wrong: int) -> Array:
        """[n, N] p(word | x_t)."""
        return _weighted(self.misfit(states, wrong), self.law.weights)

    def conditional(self, states: Array, wrong: int) -> Array:
        """[n, N] p(word | x_t, class); the same without a class."""
        if self.members is None:
            return self.unconditional(states, wrong)
        return _weighted(self.misfit(states, wrong), np.where(self.members, self.law.weights, 0.0))

    def joint(self, states: Array, wrong: int) -> Array:
        """[n, N] of whole words, guided."""
        conditional = self.conditional(states, wrong)
        if self.members is None or self.gamma == 1:
            return conditional
        return guided(conditional, self.unconditional(states, wrong), self.gamma)

    def factorised(self, states: Array, wrong: int) -> Array:
        """[n, l, V] of every place for itself, guided place by place, as a network's softmax is."""
        conditional = self._marginals(self.conditional(states, wrong))
        if self.members is None or self.gamma == 1:
            return conditional
        return guided(conditional, self._marginals(self.unconditional(states, wrong)), self.gamma)

    def _marginals(self, words: Array) -> Array:
        return (words @ self.onehot).reshape(len(words), LENGTH, LETTERS)


def _weighted(misfit: Array, weights: Array) -> Array:
    """Rows in proportion to the weights of the words that fit best among those with a weight."""
    possible = np.where(weights > 0, misfit, np.inf)
    fit = np.where(possible == possible.min(1, keepdims=True), weights, 0.0)
    return fit / fit.sum(1, keepdims=True)


def guided(conditional: Array, unconditional: Array, gamma: float) -> Array:
    """softmax(gamma log p_c + (1 - gamma) log p_u) along the last axis; what p_c rules out stays out where gamma is above 0."""
    if gamma == 0:
        return unconditional
    with np.errstate(divide="ignore"):
        logits = gamma * np.log(conditional) + (1 - gamma) * np.maximum(np.log(unconditional), NOTHING)
    logits = logits - logits.max(-1, keepdims=True)
    likely = np.exp(logits)
    return likely / likely.sum(-1, keepdims=True)

"""One step back from t corrupted places to fewer: predict x_0, then take some of it.

Source: Su Jianlin, kexue.fm/archives/9271: the baseline corrupts the prediction again, the improved rule keeps what stands
there and takes places from the prediction one by one.
"""

from dataclasses import dataclass

import numpy as np

from core.udm.words.params import Knows, Order, Rule
from core.udm.words.posterior import Posterior
from core.udm.words.vocabulary import HOLE, LENGTH, LETTERS

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Step:
    """What every step does; `order` is of the mask model's improved rule."""

    posterior: Posterior
    knows: Knows
    rule: Rule
    order: Order

    def back(self, states: Array, wrong: int, left: int, rng: np.random.Generator) -> Array:
        """[n, l] states with `wrong` corrupted places -> with `left`."""
        if self.rule is Rule.PAIRS:
            return self._pairs(states, wrong, wrong - left, rng)
        predicted, sure = self._predict(states, wrong, rng)
        if self.rule is Rule.BASELINE:
            return corrupted(predicted, left, self.posterior.edits, rng)
        return _taken(states, predicted, self._rank(states, predicted, sure, rng), wrong - left)

    def _predict(self, states: Array, wrong: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """x_0 by lot [n, l], and how sure it is [n, 2, l]: the likeliest letter's probability, and the drawn one's.

        Equal states share a posterior.
        """
        unique, back = np.unique(states, axis=0, return_inverse=True)
        if self.knows is Knows.JOINT:
            predicted = self.posterior.law.letters[drawn(self.posterior.joint(unique, wrong), back, rng)]
            if self.posterior.edits or self.order in (Order.RANDOM, Order.LEFT_TO_RIGHT):
                return predicted, np.empty((len(states), 2, 0))
            places = self.posterior.factorised(unique, wrong)
        else:
            places = self.posterior.factorised(unique, wrong)
            rows = back[:, None] * LENGTH + np.arange(LENGTH)
            predicted = drawn(places.reshape(-1, LETTERS), rows.ravel(), rng).reshape(states.shape).astype(np.int8)
        own = places[back[:, None], np.arange(LENGTH), predicted]
        return predicted, np.stack([places.max(2)[back], own], 1)

    def _rank(self, states: Array, predicted: Array, sure: Array, rng: np.random.Generator) -> Array:
        """[n, l] by which places are taken, the largest first; minus infinity where nothing is to be taken."""
        if self.posterior.edits:
            return np.where(predicted != states, rng.random(states.shape), -np.inf)
        if self.order is Order.RANDOM:
            rank = rng.random(states.shape)
        elif self.order is Order.LEFT_TO_RIGHT:
            rank = np.broadcast_to(-np.arange(LENGTH, dtype=float), states.shape)
        else:
            rank = sure[:, int(self.order is Order.CONFIDENT)]
        return np.where(states == HOLE, rank, -np.inf)

    def _pairs(self, states: Array, wrong: int, count: int, rng: np.random.Generator) -> Array:
        """Place and letter together, p(x_0i = v | x_t) / t for v other than what stands there; so many from one prediction."""
        unique, back = np.unique(states, axis=0, return_inverse=True)
        chance = self.posterior.factorised(unique, wrong)
        np.put_along_axis(chance, unique[..., None].astype(int), 0.0, 2)
        chance = chance.reshape(len(unique), -1)[back]
        states, rows = states.copy(), np.arange(len(states))
        for _ in range(count):
            place, letter = np.divmod(drawn(chance, rows, rng), LETTERS)
            some = chance[rows, place * LETTERS + letter] > 0
            states[rows[some], place[some]] = letter[some]
            chance.reshape(len(rows), LENGTH, LETTERS)[rows, place] = 0.0
        return states


def _taken(states: Array, predicted: Array, rank: Array, count: int) -> Array:
    """So many places of the highest rank from the prediction; of equal ones the left first."""
    best = np.argsort(-rank, axis=1, kind="stable")[:, :count]
    chosen = np.zeros(states.shape, bool)
    np.put_along_axis(chosen, best, True, 1)
    return np.where(chosen & np.isfinite(rank), predicted, states)


def corrupted(words: Array, count: int, edits: bool, rng: np.random.Generator) -> Array:
    """F_t: so many places of each word, all sets of them alike, become holes or other letters, all alike."""
    places = np.argsort(rng.random(words.shape), axis=1)[:, :count]
    result = words.copy()
    if edits:
        old = np.take_along_axis(words, places, 1)
        new = (old + rng.integers(1, LETTERS, old.shape, dtype=np.int8)) % LETTERS
    else:
        new = np.full(places.shape, HOLE, np.int8)
    np.put_along_axis(result, places, new.astype(np.int8), 1)
    return result


def drawn(chances: Array, rows: Array, rng: np.random.Generator) -> Array:
    """For each of `rows` [n] an index of that row of chances [u, m], in proportion to them; 0 of a row without any."""
    running = np.cumsum(chances, axis=1)
    total = running[:, -1:]
    running /= np.where(total > 0, total, 1.0)
    point = rng.random(len(rows))
    places = np.searchsorted((running + np.arange(len(running))[:, None]).ravel(), rows + point, side="right")
    return np.where(total[rows, 0] > 0, np.minimum(places - rows * chances.shape[1], chances.shape[1] - 1), 0)

"""One step back of a text from t corrupted places to fewer: predict x_0 place by place, then take some of it.

Source: Su Jianlin, kexue.fm/archives/9271: the baseline corrupts the prediction again, the improved rule keeps what stands
there and takes places from the prediction one by one.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np

Array = np.ndarray


class Rule(Enum):
    """How x_t and the predicted x_0 give x_{t-k}."""

    BASELINE = "baseline"  # corrupt the prediction again
    IMPROVED = "improved"  # take k places from it
    PAIRS = "pairs"  # of the edit model: draw place and letter together, for which marginals are enough


class Order(Enum):
    """Which holes are filled first."""

    RANDOM = "random"
    LEFT_TO_RIGHT = "left_to_right"
    SUREST = "surest"  # the place whose likeliest letter is the likeliest
    CONFIDENT = "confident"  # the place whose drawn letter is the likeliest


class Predictor(Protocol):
    """q(x_0 | x_t), place by place; a text is a row of numbers below `size`, which itself stands for a hole.

    edits: a corrupted place holds another letter, not a hole.
    """

    @property
    def edits(self) -> bool: ...

    @property
    def size(self) -> int: ...

    def factorised(self, states: Array, wrong: int) -> Array:
        """[n, l] states with so many corrupted places -> [n, l, size] probabilities, which the caller may overwrite."""
        ...


@dataclass(frozen=True, eq=False)
class Step:
    """What every step does; `order` is of the mask model's improved rule; `free` says which places may change at all."""

    posterior: Predictor
    rule: Rule
    order: Order
    free: Array | None = None  # [l] bool

    def back(self, states: Array, wrong: int, left: int, rng: np.random.Generator) -> Array:
        """[n, l] states with `wrong` corrupted places -> with `left`."""
        if self.rule is Rule.PAIRS:
            return self._pairs(states, wrong, wrong - left, rng)
        predicted, sure = self.predict(states, wrong, rng)
        if self.rule is Rule.BASELINE:
            return corrupted(predicted, left, self.posterior.size, self.posterior.edits, rng, self.free)
        return _taken(states, predicted, self._rank(states, predicted, sure, rng), wrong - left)

    def predict(self, states: Array, wrong: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """x_0 by lot [n, l], and how sure it is [n, 2, l]: the likeliest letter's probability, and the drawn one's.

        Equal states share a posterior.
        """
        unique, back = np.unique(states, axis=0, return_inverse=True)
        places = self.posterior.factorised(unique, wrong)
        length, size = places.shape[1:]
        rows = back[:, None] * length + np.arange(length)
        predicted = drawn(places.reshape(-1, size), rows.ravel(), rng).reshape(states.shape).astype(states.dtype)
        if self.free is not None:
            predicted = np.where(self.free, predicted, states)
        return predicted, sureness(places, back, predicted)

    def _rank(self, states: Array, predicted: Array, sure: Array, rng: np.random.Generator) -> Array:
        """[n, l] by which places are taken, the largest first; minus infinity where nothing is to be taken."""
        if self.posterior.edits:
            return np.where(predicted != states, rng.random(states.shape), -np.inf)
        if self.order is Order.RANDOM:
            rank = rng.random(states.shape)
        elif self.order is Order.LEFT_TO_RIGHT:
            rank = np.broadcast_to(-np.arange(states.shape[1], dtype=float), states.shape)
        else:
            rank = sure[:, int(self.order is Order.CONFIDENT)]
        return np.where(states == self.posterior.size, rank, -np.inf)

    def _pairs(self, states: Array, wrong: int, count: int, rng: np.random.Generator) -> Array:
        """Place and letter together, p(x_0i = v | x_t) / t for v other than what stands there; so many from one prediction."""
        unique, back = np.unique(states, axis=0, return_inverse=True)
        chance = self.posterior.factorised(unique, wrong)
        length, size = chance.shape[1:]
        np.put_along_axis(chance, unique[..., None].astype(int), 0.0, 2)
        if self.free is not None:
            chance[:, ~self.free] = 0.0
        chance = chance.reshape(len(unique), -1)[back]
        states, rows = states.copy(), np.arange(len(states))
        for _ in range(count):
            place, letter = np.divmod(drawn(chance, rows, rng), size)
            some = chance[rows, place * size + letter] > 0
            states[rows[some], place[some]] = letter[some]
            chance.reshape(len(rows), length, size)[rows, place] = 0.0
        return states


def sureness(places: Array, back: Array, predicted: Array) -> Array:
    """[n, 2, l]: at row `back` of places [u, l, size], the likeliest letter's probability, and that of the predicted one."""
    own = places[back[:, None], np.arange(places.shape[1]), predicted]
    return np.stack([places.max(2)[back], own], 1)


def _taken(states: Array, predicted: Array, rank: Array, count: int) -> Array:
    """So many places of the highest rank from the prediction; of equal ones the left first."""
    best = np.argsort(-rank, axis=1, kind="stable")[:, :count]
    chosen = np.zeros(states.shape, bool)
    np.put_along_axis(chosen, best, True, 1)
    return np.where(chosen & np.isfinite(rank), predicted, states)


def corrupted(texts: Array, count: int, size: int, edits: bool, rng: np.random.Generator, free: Array | None = None) -> Array:
    """F_t: so many places of each text [n, l], all sets of them alike, become holes or other letters, all alike.

    free: [l] bool, the only places that it may touch; at least `count`.
    """
    lot = rng.random(texts.shape)
    places = np.argsort(lot if free is None else np.where(free, lot, np.inf), axis=1)[:, :count]
    result = texts.copy()
    if edits:
        old = np.take_along_axis(texts, places, 1)
        new = (old + rng.integers(1, size, old.shape, dtype=texts.dtype)) % size
    else:
        new = np.full(places.shape, size)
    np.put_along_axis(result, places, new.astype(texts.dtype), 1)
    return result


def drawn(chances: Array, rows: Array, rng: np.random.Generator) -> Array:
    """For each of `rows` [n] an index of that row of chances [u, m], in proportion to them; 0 of a row without any."""
    running = np.cumsum(chances, axis=1)
    total = running[:, -1:]
    running /= np.where(total > 0, total, 1.0)
    point = rng.random(len(rows))
    places = np.searchsorted((running + np.arange(len(running))[:, None]).ravel(), rows + point, side="right")
    return np.where(total[rows, 0] > 0, np.minimum(places - rows * chances.shape[1], chances.shape[1] - 1), 0)

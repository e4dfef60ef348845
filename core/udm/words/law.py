"""Which words a rule of the mask model ends at, exactly: a sum over the sets of places that are known on the way.

A word can only be reached through its own letters, because what is known stays. So its probability is a sum over the 2^l sets
of its places; the empirical distance of n draws from a law has a closed form too (de Moivre's mean absolute deviation).
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from core.udm.places import Order
from core.udm.words.params import Knows
from core.udm.words.posterior import Posterior
from core.udm.words.vocabulary import HOLE, LENGTH, coded

Array = np.ndarray
Places = tuple[int, ...]

EVERY: tuple[Places, ...] = tuple(s for k in range(LENGTH + 1) for s in combinations(range(LENGTH), k))


@dataclass(frozen=True, eq=False)
class Reach:
    """The improved rule from a pattern's letters on, `places` holes a step."""

    posterior: Posterior
    knows: Knows
    order: Order
    places: int
    given: str

    def ends(self) -> Array:
        """[N] probability that a draw ends at each word."""
        start = tuple(np.flatnonzero(coded(self.given) != HOLE).tolist())
        reached = {start: self.posterior.law.fits(self.given).astype(float)}
        for known in EVERY:
            if known in reached and len(known) < LENGTH:
                self._go_on(known, reached)
        return reached.get(tuple(range(LENGTH)), np.zeros(len(self.posterior.law.letters)))

    def _go_on(self, known: Places, reached: dict[Places, Array]) -> None:
        """From all words with only these places known, at once."""
        holes = [i for i in range(LENGTH) if i not in known]
        filled = list(combinations(holes, min(self.places, len(holes))))
        for chosen, chance in zip(filled, self._chances(known, holes, filled), strict=True):
            then = tuple(sorted((*known, *chosen)))
            reached[then] = reached.get(then, 0.0) + reached[known] * chance

    def _chances(self, known: Places, holes: list[int], filled: list[Places]) -> list[Array]:
        """For each set of holes, [N]: that it is filled next, with the word's own letters."""
        letters = self.posterior.law.letters
        states = np.full_like(letters, HOLE)
        states[:, known] = letters[:, known]
        unique, back = np.unique(states, axis=0, return_inverse=True)
        places = self.posterior.factorised(unique, len(holes))[back]
        own = np.take_along_axis(places, letters[..., None].astype(int), 2)[..., 0]  # [N, l]
        if self.order is Order.CONFIDENT:
            return [_confident(places, own, holes, chosen) for chosen in filled]
        words = self._words(unique, back, len(holes))
        return [self._turn(chosen, holes, places) * self._right(chosen, own, words) for chosen in filled]

    def _words(self, unique: Array, back: Array, wrong: int) -> Array | None:
        """[N, N] p(other word | the states of this one), of the joint posterior."""
        return self.posterior.joint(unique, wrong)[back] if self.knows is Knows.JOINT else None

    def _right(self, chosen: Places, own: Array, words: Array | None) -> Array:
        """[N] that the prediction has the word's letters there."""
        if words is None:
            return np.asarray(own[:, chosen].prod(1))
        letters = self.posterior.law.letters[:, chosen]
        same = (letters[:, None] == letters[None]).all(2)
        return np.asarray((words * same).sum(1))

    def _turn(self, chosen: Places, holes: list[int], places: Array) -> Array | float:
        """[N] that these holes are the next ones."""
        if self.order is Order.RANDOM:
            return 1 / len(list(combinations(holes, len(chosen))))
        if self.order is Order.LEFT_TO_RIGHT:
            return float(chosen == tuple(holes[: len(chosen)]))
        first = np.argsort(-places[:, holes].max(2), axis=1, kind="stable")[:, : len(chosen)]
        return (np.sort(np.array(holes)[first], axis=1) == np.array(chosen)).all(1).astype(float)


def _confident(places: Array, own: Array, holes: list[int], chosen: Places) -> Array:
    """[N] that the letters drawn for the chosen holes are the word's own and rank above those drawn for the others.

    Ranks are the probabilities of the letters that were drawn; of equal ones the left goes first.
    """
    lowest, last = own[:, chosen].min(1), np.zeros(len(own), int)
    for place in chosen:
        last = np.where(own[:, place] == lowest, place, last)  # of the chosen the one that ranks last
    chance = own[:, chosen].prod(1)
    for place in (i for i in holes if i not in chosen):
        of_place = places[:, place]
        below = (of_place < lowest[:, None]) | ((of_place == lowest[:, None]) & (place > last)[:, None])
        chance = chance * (of_place * below).sum(1)
    return np.asarray(chance)


def total_variation(ends: Array, target: Array) -> float:
    """Half the sum of |p - q| over all strings, where p [N] of the words may leave a rest to other strings."""
    return max(float(1 - np.minimum(ends, target).sum()), 0.0)


def expected_variation(ends: Array, target: Array, count: int) -> float:
    """Mean total variation between `count` draws, whose law puts `ends` [N] on the words, and the target [N].

    Half the sum of E|X / n - a| over the words, X binomial, and of what goes elsewhere.
    """
    from scipy.special import bdtr  # noqa: PLC0415  scipy takes a while to import

    below = np.floor(target * count)
    share = np.clip(ends, 0.0, 1.0)
    beneath = np.where(below >= 1, bdtr(np.maximum(below - 1, 0), count - 1, share), 0.0)
    deviation = 2 * (target * count * bdtr(below, count, share) - count * share * beneath) + count * (share - target)
    return float((deviation.sum() / count + max(1 - share.sum(), 0.0)) / 2)

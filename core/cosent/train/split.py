"""Which pairs are learnt and which are held out: parted by text, never by pair, so that no text of a held-out pair was learnt.

Pairs of a learnt and a held-out text are left out. So that few are, texts that were rated together are kept together, in
groups of at most a SHARE of all; where every text is paired with every other, each stands alone.
"""

from dataclasses import dataclass

import numpy as np

from core.cosent.train.texts import Rated

Array = np.ndarray

HELD_OUT, SHARE = 0.35, 12  # of the texts; largest group is one SHARE-th of them
LEAST, TRIES = 4, 60  # pairs on either side; draws before it is given up


@dataclass(frozen=True, eq=False)
class Split:
    """Numbers of pairs."""

    learnt: Array
    held_out: Array


class SplitError(ValueError):
    """The pairs share their texts so that no part can be held out; says what the best try left."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} pairs are left on the smaller side")
        self.most = most


def split(rated: Rated, positive: Array, learnt_share: float, seed: tuple[int, ...]) -> Split:
    """Drawn by the seed, again and again until both sides have LEAST pairs, of both classes; positive [P] bool.

    learnt_share: of the pairs that could be learnt. Raises SplitError where no draw does.
    """
    rng, most = np.random.default_rng(seed), 0
    for _ in range(TRIES):
        apart = _held_out(rated, rng)
        held_out = np.flatnonzero(apart[rated.first] & apart[rated.second])
        learnt = rng.permutation(np.flatnonzero(~apart[rated.first] & ~apart[rated.second]))
        learnt = np.sort(learnt[: max(round(learnt_share * len(learnt)), LEAST)])
        if min(len(held_out), len(learnt)) >= LEAST and all(_mixed(positive[side]) for side in (held_out, learnt)):
            return Split(learnt, held_out)
        most = max(most, min(len(held_out), len(learnt)))
    raise SplitError(most)


def _mixed(positive: Array) -> bool:
    return 0 < int(positive.sum()) < len(positive)


def _held_out(rated: Rated, rng: np.random.Generator) -> Array:
    """[N] bool: whole groups in random order, until there are enough texts."""
    group = _groups(rated, rng)
    found = np.zeros(len(group), bool)
    for each in rng.permutation(np.unique(group)):
        if found.sum() >= HELD_OUT * len(group):
            break
        found |= group == each
    return found


def _groups(rated: Rated, rng: np.random.Generator) -> Array:
    """[N] number of each text's group: pairs in random order join the groups of their texts while they stay small."""
    count, pairs = len(rated.texts), len(rated.label)
    parent, size = list(range(count)), [1] * count
    if pairs == count * (count - 1) // 2:
        return np.array(parent)

    def root(text: int) -> int:
        while parent[text] != text:
            text = parent[text]
        return text

    for i in rng.permutation(pairs):
        one, other = root(int(rated.first[i])), root(int(rated.second[i]))
        if one != other and size[one] + size[other] <= max(count // SHARE, 2):
            parent[one] = other
            size[other] += size[one]
    return np.array([root(text) for text in range(count)])


def cut(label: Array, share: float) -> float:
    """The label from which on pairs are positive: of all labels but the lowest, the one whose share is nearest to this."""
    values = np.unique(label)[1:]
    above = 1 - np.searchsorted(np.sort(label), values) / len(label)
    return float(values[np.abs(above - share).argmin()])

"""The exact p(x_0 | x_t) where x_0 is one of a small set of pictures, each as likely: a ground truth that needs no training.

x_t = M_t(x_0, pattern) + c_t eta, so p(X_i | x_t) is proportional to exp(-|x_t - M_t(X_i, pattern)|^2 / 2 c_t^2) over the
points that are not hidden: the S -> 0 limit of a Gaussian mixture under a linear corruption. LEAST stands for a c_t of zero.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.digits.data import CLASSES, SIDE, split
from core.udm.restoration.forward import Level

Array = np.ndarray

LEAST = 0.02  # deviation: 2.5 of the screen's 256 greys


@dataclass(frozen=True, eq=False)
class PictureSet:
    """The first training digits of every class, as many of each."""

    pictures: Array  # [N, 28, 28] float64 in [-1, 1]
    labels: Array  # [N]


@lru_cache(maxsize=8)
def picture_set(count: int) -> PictureSet:
    """Of so many training digits, a multiple of ten; arrays are read-only."""
    train = split("train")
    rows = np.sort(np.concatenate([np.flatnonzero(train.labels == digit)[: count // CLASSES] for digit in range(CLASSES)]))
    found = PictureSet(train.pictures[rows].astype(float), train.labels[rows])
    for array in (found.pictures, found.labels):
        array.setflags(write=False)
    return found


@dataclass(frozen=True, eq=False)
class Posterior:
    """Of pictures [N, 28, 28] at one level."""

    pictures: Array
    level: Level

    def weights(self, x: Array, pattern: Array) -> Array:
        """p(X_i | x_t), [n, N], of x [n, 28, 28]: two matrix products, whatever the corruption."""
        flat, seen = x.reshape(len(x), -1), self.pictures.reshape(len(self.pictures), -1)
        if self.level.kind.masks:
            shown = ~self.level.hidden(pattern).reshape(flat.shape)
            likeness = (flat * shown) @ seen.T - shown @ np.square(seen).T / 2
        else:
            seen = self.level.mean(self.pictures).reshape(seen.shape)
            likeness = flat @ seen.T - np.square(seen).sum(1) / 2
        likeness /= max(self.level.noise, LEAST) ** 2
        likely = np.exp(likeness - likeness.max(1, keepdims=True))
        return likely / likely.sum(1, keepdims=True)

    def mean(self, x: Array, pattern: Array) -> Array:
        """E[x_0 | x_t], [n, 28, 28]."""
        weights = self.weights(x, pattern)
        return (weights @ self.pictures.reshape(len(self.pictures), -1)).reshape(-1, SIDE, SIDE)

    def draw(self, x: Array, pattern: Array, sources: list[np.random.Generator]) -> Array:
        """x_0 ~ p(x_0 | x_t), [n, 28, 28], one source a digit."""
        below = np.cumsum(self.weights(x, pattern), axis=1)
        places = [int(np.searchsorted(row, rng.random() * row[-1])) for row, rng in zip(below, sources, strict=True)]
        return self.pictures[np.minimum(places, len(self.pictures) - 1)]

"""Five corruptions of digits, many at a time: x_t = M_t(x_0, pattern) + c_t eta, eta standard normal.

They are those of core.udm.corruptions, whose pictures [h, w, channels] hold one digit a channel here. A breath of noise
sigma comes on top: c_t^2 = b_t^2 + sigma^2, where b_t is the noise that the corruption itself adds. At t = 0 nothing has
happened, sigma included: the last step of every rule returns the predicted x_0.
Source: Su Jianlin, kexue.fm/archives/9271, equations 6 and 12.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from core.digits.data import SIDE
from core.udm.catalogue import every_corruption
from core.udm.corruption import NOTHING, Corruption

Array = np.ndarray


class Kind(Enum):
    """Names of core.udm.corruptions."""

    BLUR = "blur"
    PIXELATE = "pixelate"
    GAUSSIAN = "gaussian"
    RANDOM_MASK = "random_mask"
    BLOCK_MASK = "block_mask"

    @property
    def corruption(self) -> Corruption:
        return every_corruption()[self.value]

    @property
    def masks(self) -> bool:
        """Whether a pattern of times says which points are hidden."""
        return self in (Kind.RANDOM_MASK, Kind.BLOCK_MASK)

    @property
    def number(self) -> int:
        """By which the network knows it."""
        return list(Kind).index(self)


@dataclass(frozen=True)
class Level:
    """One corruption at one t in [0, 1] with a breath of noise sigma."""

    kind: Kind
    t: float
    sigma: float = 0.0

    @property
    def noise(self) -> float:
        """c_t: deviation of what is added to M_t."""
        if self.kind is not Kind.GAUSSIAN:
            return self.sigma
        return float(np.hypot(np.sin(np.pi * self.t / 2), self.sigma))

    def mean(self, clean: Array, pattern: Array = NOTHING) -> Array:
        """M_t(x_0, pattern): clean [n, 28, 28] -> [n, 28, 28] float64, linear in the clean digits."""
        eps = np.zeros(()) if self.kind is Kind.GAUSSIAN else np.moveaxis(pattern, 0, -1)
        return np.moveaxis(self.kind.corruption.apply(np.moveaxis(clean, 0, -1).astype(float), eps, self.t), -1, 0)

    def corrupt(self, clean: Array, pattern: Array, eta: Array | float) -> Array:
        """x_t = M_t(x_0, pattern) + c_t eta, [n, 28, 28]."""
        return self.mean(clean, pattern) + self.noise * eta

    def hidden(self, pattern: Array) -> Array:
        """Which points of masked digits are hidden, [n, 28, 28] bool."""
        return pattern < self.t


def patterns(kind: Kind, sources: list[np.random.Generator]) -> Array:
    """The time at which every point is hidden, [n, 28, 28], one source a digit; nothing where nothing is hidden."""
    if not kind.masks:
        return NOTHING
    shape = np.empty((SIDE, SIDE, 1))
    return np.stack([kind.corruption.draw(rng, shape)[..., 0] for rng in sources])


def normals(sources: list[np.random.Generator]) -> Array:
    """eta [n, 28, 28], one source a digit."""
    return np.stack([rng.standard_normal((SIDE, SIDE)) for rng in sources])

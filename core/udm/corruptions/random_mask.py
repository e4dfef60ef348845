"""Single points become grey, each on its own."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption


class RandomMask(Corruption):
    """A point is masked at its own uniform time: with probability t at t."""

    order = 40

    def draw(self, rng: np.random.Generator, other: Array) -> Array:
        return rng.random((*other.shape[:2], 1))

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        return np.where(eps < t, 0.0, clean)

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        return Channel(kept=1 - t)

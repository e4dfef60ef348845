"""Whole blocks become grey, each on its own."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption

BLOCK = 8  # points a side


class BlockMask(Corruption):
    """A block is masked at its own uniform time: the same error as single points on average, and no neighbours to ask."""

    order = 50

    def draw(self, rng: np.random.Generator, other: Array) -> Array:
        height, width = (-(-side // BLOCK) for side in other.shape[:2])
        times = rng.random((height, width, 1)).repeat(BLOCK, 0).repeat(BLOCK, 1)
        return times[: other.shape[0], : other.shape[1]].copy()

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        return np.where(eps < t, 0.0, clean)

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        return Channel(kept=1 - t, white=False)

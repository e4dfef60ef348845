"""One picture turns into another."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption


class Animorph(Corruption):
    """x_t = (1 - t) x_0 + t eps, where eps is the second picture; source of the idea: Bansal et al., arXiv:2208.09392."""

    order = 80

    def draw(self, rng: np.random.Generator, other: Array) -> Array:  # noqa: ARG002
        return other

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        return (1 - t) * clean + t * eps

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        return Channel(gain=1 - t, offset=t * eps)

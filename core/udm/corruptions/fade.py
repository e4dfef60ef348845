"""Every point fades to the picture's mean colour."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption


class Fade(Corruption):
    """x_t = (1 - t) x_0 + t mean: nothing but contrast is lost before the very end."""

    order = 70

    def apply(self, clean: Array, eps: Array, t: float) -> Array:  # noqa: ARG002
        return (1 - t) * clean + t * clean.mean((0, 1))

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        gain = np.full((*clean.shape[:2], 1), 1 - t)
        gain[0, 0] = 1
        return Channel(gain=gain)

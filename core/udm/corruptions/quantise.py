"""Fewer and fewer greys a colour."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption

FINEST = 256  # greys of a picture as it comes


def levels(t: float) -> int:
    """Greys that are left: 256^(1 - t), rounded."""
    return round(FINEST ** (1 - t))


def _variance(count: int) -> float:
    """Of rounding a uniform value to so many greys from -1 to 1."""
    return (2 / (count - 1)) ** 2 / 12


class Quantise(Corruption):
    """Rounding to the nearest of the greys that are left; one alone is the middle grey.

    In closed form its error is uniform noise: Bennett, Spectra of quantized signals, 1948; good while steps are small.
    """

    order = 100

    def apply(self, clean: Array, eps: Array, t: float) -> Array:  # noqa: ARG002
        steps = levels(t) - 1
        return np.round((clean + 1) / 2 * steps) / steps * 2 - 1 if steps else np.zeros_like(clean)

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        count = levels(t)
        return Channel(noise=_variance(count) - _variance(FINEST)) if count > 1 else Channel(gain=0.0)

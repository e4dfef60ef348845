"""Blur by the heat equation, exact in the DCT; in the end the mean colour alone is left."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption
from core.udm.spectrum import dct_matrix

HALF_TIME_WIDTH = 1 / 16  # of the picture's side: the deviation of the blur at t = 1/2


def heat_gain(side: int, width: float) -> Array:
    """[side] factor of each cosine under a blur of this deviation, in points; infinite: the mean alone.

    Both directions multiply. Source: Rissanen, Heinonen and Solin, arXiv:2206.13397, equation 8 and appendix A.
    """
    if not np.isfinite(width):
        return (np.arange(side) == 0).astype(float)
    return np.exp(-((np.pi * np.arange(side) * width / side) ** 2) / 2)


def heat_blur(picture: Array, width: float) -> Array:
    """[h, w, 3] blurred with reflecting borders: the exact solution of the heat equation on the grid's cosines."""
    down, across = (_smoother(side, width) for side in picture.shape[:2])
    return np.einsum("kx,xyc->kyc", down, np.einsum("ly,xyc->xlc", across, picture, optimize=True), optimize=True)


def _smoother(side: int, width: float) -> Array:
    cosines = dct_matrix(side)
    return (cosines.T * heat_gain(side, width)) @ cosines


def width(side: int, t: float) -> float:
    """Deviation of the blur at time t, in points: 0 at t = 0, infinite at t = 1."""
    return side * HALF_TIME_WIDTH * t / (1 - t) if t < 1 else np.inf


class Blur(Corruption):
    """Deterministic: 3 numbers are left of a picture, whatever it was; source: arXiv:2206.13397 and arXiv:2208.09392."""

    order = 20

    def apply(self, clean: Array, eps: Array, t: float) -> Array:  # noqa: ARG002
        return heat_blur(clean, width(len(clean), t))

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        gain = heat_gain(len(clean), width(len(clean), t))
        return Channel(gain=(gain[:, None] * gain)[..., None])

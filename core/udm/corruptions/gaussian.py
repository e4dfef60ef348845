"""Gaussian noise, variance preserving: the diffusion everybody knows."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption


class Gaussian(Corruption):
    """x_t = a x_0 + b eps with a = cos(pi t / 2), b = sin(pi t / 2); source: kexue.fm/archives/9271, equation 6."""

    order = 10

    def draw(self, rng: np.random.Generator, other: Array) -> Array:
        return rng.standard_normal(other.shape)

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        return np.cos(np.pi * t / 2) * clean + np.sin(np.pi * t / 2) * eps

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        return Channel(gain=float(np.cos(np.pi * t / 2)), noise=float(np.sin(np.pi * t / 2)) ** 2)

"""Linear corruptions of the plane: x_t = F_t(x_0, eps) = g x_0 + c + b eps, coordinate by coordinate, eps normal.

At t = 0 nothing has happened, b = 0 included: the last step of every rule returns the predicted x_0.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.mixture import Mixture
from core.parameters import Variant, slider

Array = np.ndarray

STEEPNESS = 1.5  # of the shrinking axis: how many deviations of its blur at t = 1/2


@dataclass(frozen=True, eq=False)
class Level:
    """F_t at one t; every field is [2, 1], one value a coordinate, and points are [2, n]."""

    gain: Array
    offset: Array
    noise: Array
    gain_rate: Array  # d/dt
    offset_rate: Array
    noise_rate: Array

    def apply(self, x0: Array, eps: Array | float) -> Array:
        """F_t(x_0, eps), [2, n]."""
        return self.gain * x0 + self.offset + self.noise * eps

    def solve(self, x0: Array, x: Array) -> Array:
        """The eps that leads from x_0 to x_t, F_t^-1(x_0, x_t), [2, n]; needs noise in every coordinate."""
        return (x - self.gain * x0 - self.offset) / self.noise

    def velocity(self, x0: Array, eps: Array) -> Array:
        """d/dt F_t(x_0, eps), [2, n]."""
        return self.gain_rate * x0 + self.offset_rate + self.noise_rate * eps

    def marginal(self, law: Mixture) -> Mixture:
        """The law of x_t where x_0 has the given one."""
        gain, offset, noise = (each[:, 0] for each in (self.gain, self.offset, self.noise))
        return Mixture(law.weights, gain * law.means + offset, gain[:, None] * law.covariances * gain + np.diag(noise**2))


class Gaussian(Variant):
    """Variance preserving noise, as DDPM and DDIM have it."""

    kind: Literal["gaussian"] = "gaussian"


class Cold(Variant):
    """A deterministic corruption plus a little noise, kexue.fm/archives/9271, equation 12."""

    kind: Literal["shrink", "mask", "fade"] = "shrink"
    noise: float = slider(0.3, 0.05, 1.0, 0.05, "data units", "deviation of the noise beside the corruption")


LinearChoice = Gaussian | Cold


def level(which: LinearChoice, law: Mixture, t: float) -> Level:
    """F_t of a corruption for data of this law, t in [0, 1]."""
    cos, sin = np.cos(np.pi * t / 2), np.sin(np.pi * t / 2)
    turn = np.pi / 2
    if isinstance(which, Gaussian):
        return _level((cos, cos), (sin, sin), (-turn * sin, -turn * sin), (turn * cos, turn * cos))
    noise = which.noise if t else 0.0
    if which.kind == "fade":
        mean = (law.weights @ law.means)[:, None]
        return _level((1 - t, 1 - t), (noise, noise), (-1, -1), (0, 0), t * mean, mean)
    if which.kind == "shrink":
        gain, rate = _shrunk(t)
        return _level((1, gain), (noise, noise), (0, rate), (0, 0))
    return _level((1, cos), (noise, sin), (0, -turn * sin), (0, turn * cos))


Pair = tuple[float, float]
STILL = np.zeros((2, 1))


def _level(
    gain: Pair, noise: Pair, gain_rate: Pair, noise_rate: Pair, offset: Array = STILL, offset_rate: Array = STILL
) -> Level:
    columns = (np.array(each, float)[:, None] for each in (gain, noise, gain_rate, noise_rate))
    gains, noises, gain_rates, noise_rates = columns
    return Level(gains, offset, noises, gain_rates, offset_rate, noise_rates)


def _shrunk(t: float) -> Pair:
    """Gain of the shrinking axis and its rate: exp(-w^2 / 2), a heat equation's, with w = STEEPNESS t / (1 - t)."""
    if t >= 1:
        return 0.0, 0.0
    w = STEEPNESS * t / (1 - t)
    gain = float(np.exp(-(w**2) / 2))
    return gain, -w * STEEPNESS / (1 - t) ** 2 * gain

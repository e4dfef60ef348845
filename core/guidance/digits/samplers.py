"""Samplers of pictures: each takes one step down from level sigma to sigma_next, clipping the guess to the range of a picture.

After clipping the noise is derived again from the clipped guess. Who keeps the noise of the unclipped guess instead, as
DDIMScheduler does by default in pixel space, turns guidance into its opposite: x' = a' x0 + b' eps moves by +b' d_eps only,
because the clipped x0 no longer answers. That is the trap of Ddim.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from core import schedule
from core.guidance import fast, rules, steps
from core.guidance.digits.guides import Guess, Guide, Noised
from core.guidance.digits.pictures import generators
from core.guidance.steps import signal_and_noise

Shift = Callable[[Noised, float], Tensor]  # (mean of a step, the step's deviation) -> what guidance adds to the mean


def trailing(count: int) -> list[float]:
    """[count + 1] noise levels: those of diffusers' timestep_spacing="trailing", then 0."""
    ts = np.round(np.arange(schedule.LEVELS, 0, -schedule.LEVELS / count)) - 1
    return [*map(float, schedule.sigma(ts)), 0.0]


class PictureNoise:
    """Standard normal noise; picture i of a seed has its own generator, so that it is the same among any number."""

    def __init__(self, seed: int, count: int, first: int = 0) -> None:
        self.generators = generators(seed, count, first)

    def draw(self) -> np.ndarray:
        """[n, 28, 28] float32."""
        return np.stack([rng.standard_normal((28, 28), np.float32) for rng in self.generators])


@dataclass(frozen=True)
class Clipped:
    """A guess in the range of a picture, and the noise that goes with it."""

    denoised: Tensor  # [n, 28, 28] in [-1, 1]
    noise: Tensor  # [n, 28, 28]


def clipped(guess: Guess, at: Noised, trap: bool = False) -> Clipped:
    """With the noise re-derived, or in the trap kept."""
    source = guess.denoised if guess.renoised is None else guess.renoised
    noise = rules.noise_of_denoised(at.x, source if trap else source.clip(-1, 1), *at.scales)
    return Clipped(guess.denoised.clip(-1, 1), noise)


class Sampler(Protocol):
    """Takes one step: (x at sigma_next, the guess at sigma)."""

    def step(self, guide: Guide, at: Noised, sigma_next: float) -> tuple[Tensor, Tensor]: ...


@dataclass
class Fast:
    solver: fast.Multistep

    def step(self, guide: Guide, at: Noised, sigma_next: float) -> tuple[Tensor, Tensor]:
        guess = guide(at)
        if guess.still:
            return steady(at, sigma_next), guess.denoised.clip(-1, 1)
        here = clipped(guess, at)
        return self.solver.step(at.x, here.denoised, at.sigma, sigma_next), here.denoised


@dataclass
class Ddim:
    trap: bool = False

    def step(self, guide: Guide, at: Noised, sigma_next: float) -> tuple[Tensor, Tensor]:
        guess = guide(at)
        here = clipped(guess, at, self.trap)
        if guess.still:
            return steady(at, sigma_next), here.denoised
        return steps.ddim(here.denoised, here.noise, sigma_next), here.denoised


@dataclass
class Heun:
    """Two predictions a step, the last step excepted."""

    def step(self, guide: Guide, at: Noised, sigma_next: float) -> tuple[Tensor, Tensor]:
        guess = guide(at)
        here = clipped(guess, at)
        if guess.still:
            return steady(at, sigma_next), here.denoised
        euler = steps.ddim(here.denoised, here.noise, sigma_next)
        if sigma_next == 0:
            return euler, here.denoised
        there = Noised(euler, sigma_next, at.done)
        ahead = clipped(guide(there), there)
        return steps.heun(at.x, here.noise, ahead.noise, at.sigma, sigma_next), here.denoised


@dataclass
class Stochastic:
    """From ODE (s = 0) to SDE; s = 1 is the ancestral step. shift: guidance of the step's mean, if there is any."""

    noise: PictureNoise
    s: float = 1.0
    shift: Shift | None = None

    def step(self, guide: Guide, at: Noised, sigma_next: float) -> tuple[Tensor, Tensor]:
        guess = guide(at)
        here = clipped(guess, at)
        if guess.still:
            return steady(at, sigma_next), here.denoised
        mean, std = steps.sde_mean_std(at.x, here.denoised, at.sigma, sigma_next, self.s)
        if std == 0:
            return mean, here.denoised
        if self.shift is not None:
            mean = mean + self.shift(Noised(mean, sigma_next), std)
        return mean + std * torch.from_numpy(self.noise.draw()), here.denoised


def steady(at: Noised, sigma_next: float) -> Tensor:
    """x where the velocity of flow matching is zero: only the scale of variance preserving changes."""
    return at.x * (sum(signal_and_noise(sigma_next)) / sum(at.scales))

"""Each method of guidance as a Guide: from a noised picture to the guided guess."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from core.digits.networks import UNCONDITIONAL
from core.guidance import rules
from core.guidance.digits.network import Denoiser
from core.guidance.steps import signal_and_noise


@dataclass(frozen=True)
class Noised:
    """Pictures on their way."""

    x: Tensor  # [n, 28, 28] variance preserving: a x_0 + b noise
    sigma: float  # b / a
    done: float = 0.0  # share of the steps already taken

    @property
    def scales(self) -> tuple[float, float]:
        """(a, b)."""
        return signal_and_noise(self.sigma)


@dataclass(frozen=True)
class Guess:
    """Where a guided model believes the picture is."""

    denoised: Tensor  # [n, 28, 28]
    renoised: Tensor | None = None  # whose noise is used, where it is not that of `denoised`
    still: bool = False  # velocity zero: nothing moves in this step


class Guide(Protocol):
    """From noised pictures to the guided guess."""

    def __call__(self, at: Noised) -> Guess: ...


class Conditional(Protocol):
    """(unconditional, conditional) guesses."""

    def both(self, at: Noised) -> tuple[Tensor, Tensor]: ...

    def conditional(self, at: Noised) -> Tensor: ...


@dataclass
class OneDigit:
    """The network told one digit a picture, labels [n]."""

    network: Denoiser
    labels: Tensor

    def both(self, at: Noised) -> tuple[Tensor, Tensor]:
        return self.network.both(at.x, at.sigma, self.labels)

    def conditional(self, at: Noised) -> Tensor:
        return self.network(at.x, at.sigma, self.labels)


@dataclass
class TwoDigits:
    """Two conditional guesses blended: (1 - share) of the first digit and share of the second, labels [n] each."""

    network: Denoiser
    first: Tensor
    second: Tensor
    share: float

    def both(self, at: Noised) -> tuple[Tensor, Tensor]:
        nothing = torch.full_like(self.first, UNCONDITIONAL)
        labels = torch.cat([nothing, self.first, self.second])
        unconditional, first, second = self.network(torch.cat([at.x] * 3), at.sigma, labels).chunk(3)
        return unconditional, first.lerp(second, self.share)

    def conditional(self, at: Noised) -> Tensor:
        first, second = self.network(torch.cat([at.x] * 2), at.sigma, torch.cat([self.first, self.second])).chunk(2)
        return first.lerp(second, self.share)


@dataclass
class ClassifierFree:
    """gamma for sigma_low < sigma <= sigma_high, 1 elsewhere, where the unconditional guess is not even asked for."""

    model: Conditional
    gamma: float
    sigma_low: float = 0.0
    sigma_high: float = float("inf")

    def __call__(self, at: Noised) -> Guess:
        gamma = rules.interval_gamma(self.gamma, at.sigma, self.sigma_low, self.sigma_high)
        if gamma == 1:
            return Guess(self.model.conditional(at))
        return Guess(rules.cfg(*self.model.both(at), gamma))


@dataclass
class Autoguidance:
    """Away from the weaker network."""

    good: Denoiser
    bad: Denoiser
    labels: Tensor
    gamma: float

    def __call__(self, at: Noised) -> Guess:
        good = self.good(at.x, at.sigma, self.labels)
        if self.gamma == 1:
            return Guess(good)
        return Guess(rules.autoguidance(self.bad(at.x, at.sigma, self.labels), good, self.gamma))


@dataclass
class Projected:
    """APG, with its memory of earlier differences."""

    model: Conditional
    gamma: float
    eta: float
    radius: float
    momentum: float
    running: Tensor | float = 0.0

    def __call__(self, at: Noised) -> Guess:
        unconditional, conditional = self.model.both(at)
        settings = self.gamma, self.eta, self.radius, self.momentum
        guided, self.running = rules.apg(conditional, unconditional, *settings, self.running)
        return Guess(guided)


@dataclass
class PlusPlus:
    """CFG++: guidance of strength lambda, renoised with the unconditional noise."""

    model: Conditional
    strength: float

    def __call__(self, at: Noised) -> Guess:
        unconditional, conditional = self.model.both(at)
        return Guess(rules.cfg(unconditional, conditional, self.strength), unconditional)


@dataclass
class ZeroStar:
    """CFG-Zero*, in the velocities of flow matching."""

    model: Conditional
    gamma: float
    zero_share: float

    def __call__(self, at: Noised) -> Guess:
        if at.done < self.zero_share:
            return Guess(rules.denoised_of_velocity(at.x, torch.zeros_like(at.x), *at.scales), still=True)
        unconditional, conditional = (rules.velocity_of_denoised(at.x, each, *at.scales) for each in self.model.both(at))
        velocity = rules.zero_star(conditional, unconditional, self.gamma)
        return Guess(rules.denoised_of_velocity(at.x, velocity, *at.scales))

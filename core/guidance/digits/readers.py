"""Guides that follow the gradient of a small network: a digit recogniser, or an encoder that knows a drawing."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core import schedule
from core.digits.networks import DigitNet
from core.digits.recipes import TEMPERATURE
from core.guidance import rules
from core.guidance.digits.guides import Guess, Noised
from core.guidance.digits.network import Denoiser

PIXEL_VARIANCE = 0.27  # of the training digits around their mean picture, per pixel, in squared units of [-1, 1]


def gradient(value: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """[n, 28, 28] gradient by x of the sum of value(x) [n]; x itself is left alone."""
    with torch.enable_grad():
        moved = x.detach().clone().requires_grad_()
        return torch.autograd.grad(value(moved).sum(), moved)[0]


@dataclass
class DigitReader:
    """grad log p_t(y | x_t) of a classifier trained on noised pictures."""

    network: DigitNet
    labels: Tensor  # [n]
    evaluations: int = 0

    def gradient(self, at: Noised) -> Tensor:
        """[n, 28, 28], by x."""
        self.evaluations += len(at.x)
        level = torch.full((len(at.x),), float(schedule.level(at.sigma)))
        return gradient(lambda moved: _log_probability(self.network(moved, level), self.labels), at.x)


@dataclass
class Resembling:
    """grad of cos(encoding of x_t, encoding of the drawing) / TEMPERATURE: the log-odds that the encoder was trained with.

    Source: Su Jianlin, kexue.fm/archives/9257 (similarity control); Liu et al., arXiv:2112.05744.
    """

    network: DigitNet
    drawings: Tensor  # [1 or n, 28, 28]: one for all, or one a picture
    evaluations: int = 0

    def gradient(self, at: Noised) -> Tensor:
        """[n, 28, 28], by x."""
        self.evaluations += len(at.x)
        level = torch.full((len(at.x),), float(schedule.level(at.sigma)))
        goals = self.network.embed(self.drawings, torch.zeros(len(self.drawings)))
        return gradient(lambda moved: (self.network.embed(moved, level) * goals).sum(1) / TEMPERATURE, at.x)


@dataclass
class Pushed:
    """eps~ = eps - gamma b gradient, on the model told `labels` (UNCONDITIONAL: told nothing)."""

    network: Denoiser
    labels: Tensor
    reader: DigitReader | Resembling
    gamma: float

    def __call__(self, at: Noised) -> Guess:
        noise = rules.noise_of_denoised(at.x, self.network(at.x, at.sigma, self.labels), *at.scales)
        guided = rules.classifier(noise, self.reader.gradient(at), self.gamma, at.scales[1])
        return Guess(rules.denoised_of_noise(at.x, guided, *at.scales))


@dataclass
class Proxy:
    """Classifier trained on clean pictures, read at the denoised guess.

    By Tweedie's formula grad_x log p(y | x0^(x)) shifts the guess by Cov(x_0 | x_t) grad_x0 log p(y | x0^). The covariance
    is taken as that of independent Gaussian pixels, s^2 sigma^2 / (s^2 + sigma^2): no gradient through the denoiser.
    Source: Song et al., Pseudoinverse-guided diffusion (ICLR 2023), section 3.
    """

    network: Denoiser
    labels: Tensor  # what the denoiser is told
    classifier: DigitNet
    wanted: Tensor  # [n] the digits
    gamma: float
    evaluations: int = 0

    def __call__(self, at: Noised) -> Guess:
        self.evaluations += len(at.x)
        denoised = self.network(at.x, at.sigma, self.labels)
        covariance = PIXEL_VARIANCE * at.sigma**2 / (PIXEL_VARIANCE + at.sigma**2)
        push = gradient(lambda moved: _log_probability(self.classifier(moved), self.wanted), denoised.clip(-1, 1))
        return Guess(denoised + self.gamma * covariance * push)


def _log_probability(logits: Tensor, labels: Tensor) -> Tensor:
    return logits.log_softmax(1).gather(1, labels[:, None])[:, 0]

"""Each method's guided denoised samples, one function a Variant, on the exact or wrong networks of the plane."""

from functools import singledispatch

import numpy as np

from core.guidance import rules
from core.guidance.methods import (
    APG,
    Autoguidance,
    CFGPlusPlus,
    Classifier,
    ClassifierFree,
    ClassifierMean,
    FeynmanKac,
    Interval,
    PowerNormalised,
    Similarity,
    ZeroStar,
)
from core.guidance.networks import Moment
from core.parameters import Variant

Array = np.ndarray
Method = (
    ClassifierFree | Classifier | ClassifierMean | PowerNormalised | Similarity | Interval
    | CFGPlusPlus | APG | Autoguidance | ZeroStar | FeynmanKac
)  # fmt: skip


class Guide:
    """A method at a strength, with the memory of earlier steps that some methods keep."""

    def __init__(self, method: Method, gamma: float) -> None:
        self.method, self.gamma = method, gamma
        self.running: Array | float = 0.0  # of APG

    def denoised(self, at: Moment) -> Array:
        """Guided denoised samples, [2, n]."""
        return _guided(self.method, self, at)

    def noise(self, at: Moment, denoised: Array) -> Array:
        """What the next level is noised with, [2, n]: the noise of the guided sample, in CFG++ of the unconditional one."""
        return at.noise(at.weak if isinstance(self.method, CFGPlusPlus) else denoised)

    def field(self, at: Moment) -> Array:
        """The push of guidance in units of predicted noise, [2, n]: unconditional minus guided prediction."""
        if isinstance(self.method, ClassifierMean):
            return (self.gamma * at.b) * at.gradient
        return (at.a / at.b) * (self.denoised(at) - at.weak)

    def networks(self, sigma: float) -> int:
        """Networks called for one guided prediction: a score and a classifier or encoder count one each."""
        if isinstance(self.method, Interval):
            return 2 if self.method.sigma_low < sigma <= self.method.sigma_high else 1
        return 2


@singledispatch
def _guided(method: Variant, guide: Guide, at: Moment) -> Array:
    raise TypeError(f"no rule of guidance is called {method.kind}")


@_guided.register
def _plain(method: ClassifierFree | Autoguidance | FeynmanKac, guide: Guide, at: Moment) -> Array:  # noqa: ARG001
    return rules.cfg(at.weak, at.strong, guide.gamma)


@_guided.register
def _interval(method: Interval, guide: Guide, at: Moment) -> Array:
    gamma = rules.interval_gamma(guide.gamma, at.sigma, method.sigma_low, method.sigma_high)
    return rules.cfg(at.weak, at.strong, gamma)


@_guided.register
def _classifier(method: Classifier, guide: Guide, at: Moment) -> Array:  # noqa: ARG001
    return at.denoised(rules.classifier(at.noise(at.weak), at.gradient, guide.gamma, at.b))


@_guided.register
def _mean(method: ClassifierMean, guide: Guide, at: Moment) -> Array:  # noqa: ARG001
    """The sampler shifts the mean instead."""
    return at.weak


@_guided.register
def _power(method: PowerNormalised, guide: Guide, at: Moment) -> Array:  # noqa: ARG001
    gradient = at.gradient * rules.power_normalised_factor(at.log_posterior, guide.gamma)
    return at.denoised(rules.classifier(at.noise(at.weak), gradient, 1.0, at.b))


@_guided.register
def _similarity(method: Similarity, guide: Guide, at: Moment) -> Array:
    """The encoder of the noised sample blurs as much as its noise: k_t(x) = exp(-|x - a ref|^2 / (2 (a^2 w^2 + b^2)))."""
    away = at.a * np.array(method.towards[0], np.float32)[:, None] - at.x
    variance = (at.a * method.width) ** 2 + at.b**2
    gradient = away / variance * np.exp(np.square(away).sum(0) / (-2 * variance))
    return at.denoised(rules.classifier(at.noise(at.weak), gradient, guide.gamma * method.scale, at.b))


@_guided.register
def _plus_plus(method: CFGPlusPlus, guide: Guide, at: Moment) -> Array:
    return rules.cfg(at.weak, at.strong, method.lambda_per_gamma * guide.gamma)


@_guided.register
def _projected(method: APG, guide: Guide, at: Moment) -> Array:
    guided, guide.running = rules.apg(
        at.strong.T, at.weak.T, guide.gamma, method.eta, method.radius, method.momentum, guide.running
    )
    return guided.T


@_guided.register
def _zero_star(method: ZeroStar, guide: Guide, at: Moment) -> Array:
    if at.level < method.zero_share * at.networks.steps:
        return at.x / (at.a + at.b)
    weak, strong = (rules.velocity_of_denoised(at.x, side, at.a, at.b).T for side in (at.weak, at.strong))
    return rules.denoised_of_velocity(at.x, rules.zero_star(strong, weak, guide.gamma).T, at.a, at.b)

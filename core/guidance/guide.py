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

    def is_still(self, at: Moment) -> bool:
        """Whether nothing moves in this step."""
        return isinstance(self.method, ZeroStar) and at.level < self.method.zero_share * at.networks.steps

    def networks(self, at: Moment) -> int:
        """Networks called for one guided prediction: a score and a classifier or encoder count one each."""
        if isinstance(self.method, Interval):
            return 2 if self.method.sigma_low < at.sigma <= self.method.sigma_high else 1
        return 0 if self.is_still(at) else 2


@singledispatch
def _guided(method: Variant, _guide: Guide, _at: Moment) -> Array:
    raise TypeError(f"no rule of guidance is called {method.kind}")


@_guided.register
def _plain(_method: ClassifierFree | Autoguidance | FeynmanKac, guide: Guide, at: Moment) -> Array:
    return rules.cfg(at.weak, at.strong, guide.gamma)


@_guided.register
def _interval(method: Interval, guide: Guide, at: Moment) -> Array:
    gamma = rules.interval_gamma(guide.gamma, at.sigma, method.sigma_low, method.sigma_high)
    return rules.cfg(at.weak, at.strong, gamma)


@_guided.register
def _classifier(_method: Classifier, guide: Guide, at: Moment) -> Array:
    return at.denoised(rules.classifier(at.noise(at.weak), at.gradient, guide.gamma, at.b))


@_guided.register
def _mean(_method: ClassifierMean, _guide: Guide, at: Moment) -> Array:
    """The sampler shifts the mean instead."""
    return at.weak


@_guided.register
def _power(_method: PowerNormalised, guide: Guide, at: Moment) -> Array:
    gradient = at.gradient * _power_normalised(at.log_posterior, guide.gamma)
    return at.denoised(rules.classifier(at.noise(at.weak), gradient, 1.0, at.b))


@_guided.register
def _similarity(method: Similarity, guide: Guide, at: Moment) -> Array:
    """Encoders that were tuned on noised samples see the similarity through the noise, so it fades as noise grows:

    k_t(x) = share * exp(-|x - a ref|^2 / (2 variance)), variance = a^2 width^2 + b^2, share = a^2 width^2 / variance.
    """
    away = at.a * np.array(method.towards[0], np.float32)[:, None] - at.x
    variance = (at.a * method.width) ** 2 + at.b**2
    share = (at.a * method.width) ** 2 / variance
    gradient = away * (share / variance) * np.exp(np.square(away).sum(0) / (-2 * variance))
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
def _zero_star(_method: ZeroStar, guide: Guide, at: Moment) -> Array:
    if guide.is_still(at):
        return at.x / (at.a + at.b)
    weak, strong = (rules.velocity_of_denoised(at.x, side, at.a, at.b).T for side in (at.weak, at.strong))
    return rules.denoised_of_velocity(at.x, rules.zero_star(strong, weak, guide.gamma).T, at.a, at.b)


def _power_normalised(log_posterior: Array, gamma: float) -> Array:
    """What grad log p(y|x) is multiplied with to become grad log(p(y|x)^gamma / Z(x)), Z = p^gamma + (1 - p)^gamma.

    With q = p^gamma / Z, which is the logistic function of gamma logit(p), it is gamma (1 - q) / (1 - p): 1 at gamma = 1.
    """
    log_posterior = log_posterior.clip(max=-1e-6)  # rounding; a p of 1 would divide by zero
    rest = -np.expm1(log_posterior)
    logit = log_posterior - np.log(rest)
    return gamma * (1 - np.tanh(gamma / 2 * logit)) / (2 * rest)

"""From noise to data with one method and one sampler, all particles at once."""

from functools import cache

import numpy as np

from core import schedule
from core.guidance import steps
from core.guidance.feynman_kac import effective_share, log_weight_rate, systematic
from core.guidance.guide import Guide, Method
from core.guidance.methods import ClassifierMean, Ddim, Ddpm, FeynmanKac, GradientAt, Ode, Sde
from core.guidance.networks import Moment, Networks

Array = np.ndarray
Sampler = Ode | Ddim | Ddpm | Sde


@cache
def noise_levels(count: int) -> tuple[float, ...]:
    """count + 1 noise to signal ratios: from the shared schedule's largest to its smallest, then 0.

    With a = cos(angle) and b = sin(angle) the angle falls in equal steps: dense around sigma = 1, where the class is decided.
    """
    largest, smallest = (float(np.arctan(schedule.sigma(level))) for level in (schedule.LEVELS - 1, 0))
    return (*np.tan(np.linspace(largest, smallest, count)).tolist(), 0.0)


def stochasticity(sampler: Sampler) -> float:
    """Noise of the reverse process over that of the usual SDE: 0 for the deterministic samplers, 1 for the ancestral one."""
    if isinstance(sampler, Sde):
        return sampler.stochasticity
    return 1.0 if isinstance(sampler, Ddpm) else 0.0


class Walk:
    """Particles x [2, n], float32, that step down the levels of their networks; counts the networks called."""

    def __init__(self, networks: Networks, method: Method, sampler: Sampler, gamma: float, seed: int, n: int) -> None:
        self.networks, self.sampler = networks, sampler
        self.guide = Guide(method, gamma)
        self.rng = np.random.default_rng(seed)
        self.x = self.rng.standard_normal((2, n), np.float32)
        self.log_weights = np.zeros(n, np.float32)
        self.level = 0
        self.evaluations = 0
        if isinstance(method, FeynmanKac):
            self.log_weights += self._start_weights()

    def step(self) -> None:
        """One level down."""
        at = self.networks.at(self.x, self.level)
        denoised = self._denoised(at)
        if isinstance(self.guide.method, FeynmanKac):
            at, denoised = self._resampled(at, denoised, self.guide.method)
        self.x = self._heun(at, denoised) if isinstance(self.sampler, Ode) else self._drawn(at, denoised)
        self.level += 1

    def _denoised(self, at: Moment) -> Array:
        self.evaluations += self.guide.networks(at)
        return self.guide.denoised(at)

    def _start_weights(self) -> Array:
        """log of p_u^(1 - gamma) p_c^gamma over the standard normal law that the particles are drawn from."""
        weak, strong = self.networks.at(self.x, 0).exact.log_density
        return weak + self.guide.gamma * (strong - weak) + np.square(self.x).sum(0) / 2

    def _next(self) -> float:
        return self.networks.sigmas[self.level + 1]

    def _heun(self, at: Moment, denoised: Array) -> Array:
        noise = self.guide.noise(at, denoised)
        euler = steps.ddim(denoised, noise, self._next())
        if self._next() == 0 or self.guide.is_still(at):
            return euler
        ahead = self.networks.at(euler, self.level + 1)
        return steps.heun(at.x, noise, self.guide.noise(ahead, self._denoised(ahead)), at.sigma, self._next())

    def _drawn(self, at: Moment, denoised: Array) -> Array:
        s = stochasticity(self.sampler)
        if s == 0:
            return steps.ddim(denoised, self.guide.noise(at, denoised), self._next())
        mean, std = steps.sde_mean_std(at.x, denoised, at.sigma, self._next(), s)
        if std == 0:
            return mean
        if isinstance(self.guide.method, ClassifierMean):
            gradient = self._gradient(at, mean, self.guide.method.gradient_at)
            mean = mean + steps.classifier_shift(gradient, self.guide.gamma, std)
        return mean + std * self.rng.standard_normal(mean.shape, np.float32)

    def _gradient(self, at: Moment, mean: Array, where: GradientAt) -> Array:
        if where is GradientAt.X:
            return at.gradient
        return self.networks.at(mean, at.level + (where is GradientAt.MEAN_NEXT)).gradient

    def _resampled(self, at: Moment, denoised: Array, method: FeynmanKac) -> tuple[Moment, Array]:
        """Weights by the trapezoidal rule in sigma^2: the rate here counts for half the step before and half the next."""
        before = self.networks.sigmas[max(at.level - 1, 0)]
        span = (before**2 - self._next() ** 2) / 2
        self.log_weights += span * log_weight_rate(at.weak, at.strong, self.guide.gamma, at.sigma)
        if effective_share(self.log_weights) >= method.least_share and self._next() > 0:
            return at, denoised
        ancestors = systematic(self.log_weights, self.rng.random())
        self.log_weights[:] = 0
        return self.networks.at(at.x[:, ancestors], at.level), denoised[:, ancestors]

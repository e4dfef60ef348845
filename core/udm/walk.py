"""From x_T to x_0: predict, step back, again; kexue.fm/archives/9262, equation 3."""

from enum import Enum
from functools import lru_cache

import numpy as np

from core.mixture import Mixture
from core.udm.linear import Level, LinearChoice, level
from core.udm.posterior import Posterior
from core.udm.rules import Rule, cold_step, fresh_share, partial_step
from core.udm.scenes import LawChoice, law

Array = np.ndarray


class Predictor(Enum):
    """What stands for x_0: a draw from p(x_0 | x_t), or its mean."""

    SAMPLED = "sampled"
    MEAN = "mean"


class World:
    """A law, its corruption at t = 1, ..., 0 in equal steps, and the exact posteriors."""

    def __init__(self, data: Mixture, corruption: LinearChoice, steps: int) -> None:
        self.data, self.steps = data, steps
        self.t = np.linspace(1, 0, steps + 1)
        self.levels = [level(corruption, data, t) for t in self.t.tolist()]
        self.posteriors = [Posterior(data, each) for each in self.levels[:-1]]

    def start(self, rng: np.random.Generator, n: int) -> Array:
        """n exact samples of x_T, [2, n]."""
        return self.levels[0].apply(self.data.sample(rng, n).T, rng.standard_normal((2, n)))


@lru_cache(maxsize=16)
def world(which: LawChoice, corruption: LinearChoice, steps: int) -> World:
    """Remembered, for several rules walk through the same one."""
    return World(law(which), corruption, steps)


class Walk:
    """n points x [2, n] on their way down the levels."""

    def __init__(self, world: World, rule: Rule, predictor: Predictor, x: Array, seed: int) -> None:
        self.world, self.rule, self.predictor, self.x = world, rule, predictor, x
        self.rng = np.random.default_rng(seed)
        self.level = 0
        self.evaluations = 0

    def step(self) -> None:
        """One level down; the last step returns the prediction itself."""
        x0 = self._predicted(self.x, self.level)
        now, after = self.world.levels[self.level : self.level + 2]
        self.level += 1
        if self.level == self.world.steps:
            self.x = x0
        elif self.rule.kind == "ode":
            self.x = self._heun(x0, now, after)
        elif self.rule.kind == "cold":
            self.x = cold_step(self.x, x0, now, after)
        else:
            share = fresh_share(self.rule, now, after, 1 / self.world.steps)
            z = self.rng.standard_normal(self.x.shape) if share.any() else 0.0
            self.x = partial_step(self.x, x0, z, now, after, share)

    def _predicted(self, x: Array, level: int) -> Array:
        self.evaluations += 1
        posterior = self.world.posteriors[level]
        return posterior.mean(x) if self.predictor is Predictor.MEAN else posterior.sample(x, self.rng)

    def _heun(self, x0: Array, now: Level, after: Level) -> Array:
        """dx/dt = E[dF_t/dt | x_t] by the trapezoidal rule; the mean is enough, for F is affine in x_0."""
        dt = -1 / self.world.steps
        slope = now.velocity(x0, now.solve(x0, self.x))
        ahead = self.x + dt * slope
        x0_ahead = self._predicted(ahead, self.level)
        return self.x + dt / 2 * (slope + after.velocity(x0_ahead, after.solve(x0_ahead, ahead)))

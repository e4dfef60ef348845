"""The second half of a step: from x_t and a predicted x_0 to x_{t-1}, keeping the marginal p(x_{t-1} | x_0).

With exact predictions drawn from p(x_0 | x_t) every rule here but two gives exact samples: `cold` where the noise changes
with t, and `ode`, which is exact as its steps shrink and its predictions are means.
Source: Su Jianlin, kexue.fm/archives/9262, equations 7 to 13.
"""

from typing import Literal

import numpy as np

from core.parameters import Variant, slider
from core.udm.linear import Level

Array = np.ndarray


class Plain(Variant):
    """A rule without a dial."""

    kind: Literal["naive", "invertible", "ancestral", "cold", "ode"] = "naive"


class Partial(Variant):
    """Some of the noise is kept and some is new; equation 13."""

    kind: Literal["partial"] = "partial"
    fresh: float = slider(0.5, 0.0, 1.0, 0.05, "of the noise", "share s of new noise: 0 is DDIM, 1 the naive rule")


class Sde(Variant):
    """So little new noise a step that a stochastic differential equation is left as steps shrink."""

    kind: Literal["sde"] = "sde"
    kappa: float = slider(4.0, 0.0, 20.0, 0.5, "", "new noise: s^2 = kappa dt, so the reverse equation has noise b^2 kappa")


Rule = Plain | Partial | Sde


def fresh_share(rule: Rule, now: Level, after: Level, dt: float) -> Array:
    """s [2, 1] of each coordinate: deviation of the new noise over that of all noise at t - 1, between 0 and 1."""
    if isinstance(rule, Partial):
        return np.full((2, 1), rule.fresh)
    if isinstance(rule, Sde):
        return np.full((2, 1), min(1.0, (rule.kappa * dt) ** 0.5))
    if rule.kind == "ancestral":
        return ancestral_share(now, after)
    return np.full((2, 1), 1.0 if rule.kind == "naive" else 0.0)


def ancestral_share(now: Level, after: Level) -> Array:
    """s [2, 1] of the posterior of a Markov chain with these marginals: DDPM's beta_t / b_t, diffusers' 'fixed_small'.

    s^2 = 1 - (r b_{t-1} / b_t)^2, r = g_t / g_{t-1}: the share of the noise at t that came with the last step.
    """
    ratio = np.divide(now.gain, after.gain, out=np.zeros((2, 1)), where=after.gain != 0)  # an underflow goes on to 0
    return np.sqrt(np.maximum(1 - (ratio * after.noise / now.noise) ** 2, 0))


def partial_step(x: Array, x0: Array, z: Array | float, now: Level, after: Level, share: Array | float) -> Array:
    """F_{t-1}(x_0, sqrt(1 - s^2) F_t^-1(x_0, x_t) + s z), [2, n]; z is standard normal. Equation 13 of 9262.

    s = 1 is the naive rule (equation 8), s = 0 the invertible one (equation 10).
    """
    return after.apply(x0, np.sqrt(1 - np.square(share)) * now.solve(x0, x) + share * z)


def cold_step(x: Array, x0: Array, now: Level, after: Level) -> Array:
    """x_t - F_t(x_0) + F_{t-1}(x_0), [2, n], F without its noise: the improved sampler of arXiv:2208.09392, algorithm 2.

    It is the invertible rule where the noise does not change with t. Source: kexue.fm/archives/9271, equation 16.
    """
    return x - now.apply(x0, 0.0) + after.apply(x0, 0.0)

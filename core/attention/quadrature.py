"""Means over a law of noise, and the Laplace transform of a weight w = e^eps as a function of tau = log t.

Trapezoidal rules on lines: the integrands are analytic, so the error falls exponentially with the step.
Source of the rule: Trefethen and Weideman, SIAM Review 56 (2014), sections 5 and 6.
"""

import math
from dataclasses import dataclass

import numpy as np

from core.attention.laws import Additive, Dropping

Array = np.ndarray
REACH, STEP = 33.0, 0.25  # of log(u / (1 - u)): shares down to 5e-15
FINEST = 0.75  # times strength, logits: places lie closer together than e^(-e^eps) falls
HIGHEST = 150.0  # e^150 to the fourth is still a number


@dataclass(frozen=True, eq=False)
class Nodes:
    """A law as Q places with weights that sum to 1; a place may be -inf."""

    eps: Array  # [Q] rising
    weight: Array  # [Q]

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest finite place."""
        finite = self.eps[np.isfinite(self.eps)]
        return float(finite.min()), float(finite.max())


def nodes(law: Additive | Dropping) -> Nodes:
    """Quadrature of a law: uniform steps of the log odds of its quantiles."""
    if isinstance(law, Dropping):
        return Nodes(np.array([-np.inf, 0.0]), np.array([law.share, 1 - law.share]))
    step = min(STEP, FINEST / max(law.strength, FINEST))
    half = np.arange(step / 2, REACH, step)
    u = 1 / (1 + np.exp(half))
    eps = np.concatenate([law.quantile(u[::-1]), law.upper(u)])
    density = u * (1 - u)
    weight = np.concatenate([density[::-1], density])
    return Nodes(eps, weight / weight.sum())


@dataclass(frozen=True, eq=False)
class Transform:
    """L(t) = E e^(-t w) on a grid of tau = log t; r_k = t^k E[w^k e^(-t w)] / L."""

    tau: Array  # [M]
    log_l: Array  # [M]
    r: Array  # [K, M] for k = 1 .. K


def transform(law: Nodes, tau: Array, highest: int) -> Transform:
    """Of every tau, [M]; moments up to `highest`."""
    tw = np.exp(np.minimum(tau[:, None] + law.eps, HIGHEST))
    with np.errstate(divide="ignore"):  # a share of zero
        exponent = np.log(law.weight) - tw
    top = exponent.max(1)
    share = np.exp(exponent - top[:, None])
    total = share.sum(1)
    rows = []
    for _ in range(highest):
        share = share * tw
        rows.append(share.sum(1) / total)
    return Transform(tau, top + np.log(total), np.array(rows))


def line(low: float, high: float, step: float) -> Array:
    """Even places from low to beyond high."""
    return low + step * np.arange(math.ceil((high - low) / step) + 1)

"""T ~ N(0, 1) and contexts S_k = T + e_k with correlated Gaussian errors: exact posteriors, exact expected errors.

Every pool that is linear in log p(T|S_k) gives a Gaussian again: a precision, and a mean that is linear in S.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Gaussian:
    """A posterior N(weights . S, 1 / precision) as a function of the contexts S [n]; B of them at once."""

    weights: Array  # [B, n]
    precision: Array  # [B]


@dataclass(frozen=True)
class Contexts:
    """n contexts whose errors have these deviations and one correlation given T."""

    deviations: tuple[float, ...]  # n
    rho: float

    @classmethod
    def made(cls, n: int, rho: float, noise: float, spread: float) -> "Contexts":
        """Deviations from noise e^-spread, the first and most reliable, to noise e^spread."""
        places = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
        return cls(tuple((noise * np.exp(spread * places)).tolist()), rho if n > 1 else 0.0)

    @cached_property
    def own(self) -> Array:
        """[n] precisions 1 / s_k^2 that each context adds to the prior's."""
        return np.array(self.deviations) ** -2.0

    @cached_property
    def covariance(self) -> Array:
        """[n, n] of the errors given T."""
        s = np.array(self.deviations)
        return np.outer(s, s) * (self.rho + (1 - self.rho) * np.eye(len(s)))

    @cached_property
    def exact(self) -> Gaussian:
        """p(T|S_1..S_n): precision 1 + 1' C^-1 1, mean 1' C^-1 S over it."""
        solved = np.linalg.solve(self.covariance, np.ones(len(self.deviations)))
        precision = 1 + solved.sum()
        return Gaussian((solved / precision)[None], np.array([precision]))

    def pooled(self, shares: Array, beta: Array) -> Gaussian:
        """(1 + beta) sum_k shares_k log p(T|S_k) - beta log p(T) for every beta [B]: precision 1 + (1 + beta) shares . own."""
        added = (1 + beta)[:, None] * shares * self.own
        precision = 1 + added.sum(1)
        return Gaussian(added / precision[:, None], precision)

    def mean_shares(self) -> Array:
        return np.full(len(self.deviations), 1 / len(self.deviations))

    def surest_shares(self) -> Array:
        """Of minimum entropy: a Gaussian's depends on its variance alone, so one context is chosen for all S."""
        return np.eye(len(self.deviations))[int(np.argmin(self.deviations))]

    def expected_kl(self, fused: Gaussian) -> Array:
        """[B] E KL(exact || fused) in nats, over T and S: what is lost on average in log p(T)."""
        apart = fused.weights - self.exact.weights
        square = ((apart @ (1 + self.covariance)) * apart).sum(1)
        return kl(self.exact.precision, fused.precision, square)

    def expected_square(self, fused: Gaussian) -> Array:
        """[B] E (T - mean)^2 of the fused mean."""
        bias = 1 - fused.weights.sum(1)
        return bias**2 + ((fused.weights @ self.covariance) * fused.weights).sum(1)

    def best_beta(self) -> float:
        """Of mean pooling, where the expected KL is least: by ever finer grids, to 1e-6."""
        low, high = -1.0, 200.0
        while high - low > 1e-6:
            beta = np.linspace(low, high, 201)
            at = int(np.argmin(self.expected_kl(self.pooled(self.mean_shares(), beta))))
            low, high = float(beta[max(at - 1, 0)]), float(beta[min(at + 1, 200)])
        return (low + high) / 2


def kl(precision: Array, fused: Array, square: Array) -> Array:
    """KL(N(m, 1/precision) || N(m', 1/fused)) in nats, square = (m - m')^2."""
    ratio = fused / precision
    return (ratio - 1 - np.log(ratio) + fused * square) / 2


def beta_star(n: int, rho: float) -> float:
    """n / (1 + (n - 1) rho) - 1: with it mean pooling of equal contexts is the exact posterior, mean and precision both."""
    return n / (1 + (n - 1) * rho) - 1

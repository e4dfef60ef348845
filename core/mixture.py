"""Gaussian mixtures of the plane in closed form, float64: what every faster or learned thing is compared with."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Mixture:
    """sum_k weights[k] N(means[k], covariances[k]): weights [K] that sum to 1, means [K, 2], covariances [K, 2, 2]."""

    weights: Array
    means: Array
    covariances: Array

    def noised(self, a: float, b: float) -> "Mixture":
        """The law of a x0 + b noise: again a mixture, with means a m and covariances a^2 S + b^2 I."""
        return Mixture(self.weights, a * self.means, a * a * self.covariances + b * b * np.eye(2))

    def log_joint(self, x: Array) -> Array:
        """log(weights[k] N(x; component k)), [n, K], of points x [n, 2]."""
        dx, dy = (x[:, axis, None] - self.means[:, axis] for axis in (0, 1))
        (a, b), (_, d) = np.linalg.inv(self.covariances).transpose(1, 2, 0)
        norm = np.log(self.weights) - np.log(2 * np.pi) - np.linalg.slogdet(self.covariances)[1] / 2
        return norm - (a * dx * dx + 2 * b * dx * dy + d * dy * dy) / 2

    def log_density(self, x: Array) -> Array:
        """log p(x), [n], of points x [n, 2]; finite however far away."""
        joint = self.log_joint(x)
        top = joint.max(1, keepdims=True)
        return (top + np.log(np.exp(joint - top).sum(1, keepdims=True)))[:, 0]

    def responsibilities(self, x: Array) -> Array:
        """Probability of each component given the point, [n, K]."""
        return np.exp(self.log_joint(x) - self.log_density(x)[:, None])

    def score(self, x: Array) -> Array:
        """grad log p(x) = sum_k r_k C_k^-1 (m_k - x), [n, 2]."""
        pulls = np.einsum("kij,nkj->nki", np.linalg.inv(self.covariances), self.means - x[:, None])
        return np.einsum("nk,nki->ni", self.responsibilities(x), pulls)

    def sample(self, rng: np.random.Generator, n: int) -> Array:
        """n exact samples, [n, 2]."""
        of = rng.choice(len(self.weights), n, p=self.weights)
        roots = np.linalg.cholesky(self.covariances)
        return self.means[of] + np.einsum("nij,nj->ni", roots[of], rng.standard_normal((n, 2)))


def equal_mixture(means: Array, covariances: Array) -> Mixture:
    """Equally likely components, [K, 2] and [K, 2, 2]."""
    return Mixture(np.full(len(means), 1 / len(means)), means, covariances)

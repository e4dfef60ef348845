"""Who x_0 was, exactly: p(x_0 | x_t) of a Gaussian mixture under a linear corruption is a Gaussian mixture again."""

import numpy as np

from core.mixture import Mixture
from core.udm.linear import Level

Array = np.ndarray


class Posterior:
    """Of one law at one level, whose noise is positive. Points are kept coordinates first, [2, n].

    Component k has mean m + G (x_t - g m - c) and covariance S - G g S with G = S g (g S g + b^2)^-1, and its weight is
    multiplied by N(x_t; g m + c, g S g + b^2). Logarithms of weights are linear in the six monomials of a point, means in
    the point, so a mean of all is two small matrix products and one exponential.
    """

    def __init__(self, law: Mixture, level: Level) -> None:
        seen = level.marginal(law)
        precision = np.linalg.inv(seen.covariances)
        gain = law.covariances * level.gain[:, 0] @ precision
        rest = law.means - np.einsum("kij,kj->ki", gain, seen.means)
        narrow = np.linalg.inv(np.linalg.inv(law.covariances) + np.diag((level.gain / level.noise)[:, 0] ** 2))
        root = np.linalg.cholesky(narrow)
        pull = np.einsum("kij,kj->ki", precision, seen.means)
        norm = np.log(law.weights) + np.linalg.slogdet(precision)[1] / 2 - (pull * seen.means).sum(1) / 2
        bend = (-precision[:, 0, 0] / 2, -precision[:, 0, 1], -precision[:, 1, 1] / 2)
        self._logits = np.stack([*bend, pull[:, 0], pull[:, 1], norm], 1)  # [K, 6]
        affine = [rest, gain[:, :, 0], gain[:, :, 1]]  # x_0 = rest + gain x, two rows each
        self._sums = np.tri(len(rest))  # running sums, faster than cumsum down short columns
        self._affine = np.concatenate([*affine, np.ones((len(rest), 1))], 1).T.copy()  # [7, K]
        self._draws = np.concatenate([*affine, root[:, :, 0], root[:, 1:, 1]], 1).T.copy()  # [9, K]

    def _weights(self, x: Array) -> Array:
        """Of each component given x_t, up to a factor, [K, n]."""
        monomials = np.empty((6, x.shape[1]))
        np.multiply(x, x[0], out=monomials[:2])
        np.multiply(x[1], x[1], out=monomials[2])
        monomials[3:5], monomials[5] = x, 1
        weights = self._logits @ monomials
        weights -= weights.max(0)
        return np.exp(weights, out=weights)

    def responsibilities(self, x: Array) -> Array:
        """Probability of each component given x_t, [K, n]."""
        weights = self._weights(x)
        return weights / weights.sum(0)

    def mean(self, x: Array) -> Array:
        """E[x_0 | x_t], [2, n]: what a network learns that is trained on squared error."""
        sums = self._affine @ self._weights(x)
        return (sums[:2] + sums[2:4] * x[0] + sums[4:6] * x[1]) / sums[6]

    def sample(self, x: Array, rng: np.random.Generator) -> Array:
        """One x_0 ~ p(x_0 | x_t) for each point, [2, n]."""
        reached = self._sums @ self._weights(x)
        of = (reached < rng.random(x.shape[1]) * reached[-1]).sum(0)
        made, z = self._draws[:, of], rng.standard_normal(x.shape)
        x0 = made[:2] + made[2:4] * x[0] + made[4:6] * x[1] + made[6:8] * z[0]
        x0[1] += made[8] * z[1]
        return x0

"""The encoding model with straight lines: E(x_0) = W (x_0 - m) and q a Gaussian of one deviation, where the optimum is known.

With a normalised E of d dimensions, unit variance each, the total power is d; every distribution of that power over principal
directions can be had, for any matrix of trace d has a unit diagonal in some basis (Schur, Horn). Direction i of variance l_i
and power p_i comes back through x_t = a E + b eps with the error l_i / (1 + rho p_i), rho = a^2 / b^2. The least sum is

    (sum_{i<=k} sqrt l_i)^2 / (k + rho d) + sum_{i>k} l_i,     1 + rho p_i = sqrt l_i (k + rho d) / sum_{j<=k} sqrt l_j,

k <= d being the most directions whose powers are all positive. E without its normalisation may have any power c^2 d: the error
falls with c for ever, so there is no best E.
Source: Su Jianlin, kexue.fm/archives/9271, the encoding model; the sum is the water-filling of linear precoding for the least
mean square error (Scaglione et al., IEEE Trans. Signal Processing 50, 2002).
"""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Principal:
    """Mean and principal directions of pictures."""

    mean: Array  # [P]
    directions: Array  # [k, P] orthonormal, the largest variance first
    variances: Array  # [P] of all directions, falling

    @classmethod
    def of(cls, pictures: Array, kept: int) -> "Principal":
        """Of pictures [n, P], n > P or not; in float64."""
        wide = pictures.astype(np.float64)
        values, vectors = np.linalg.eigh(np.cov(wide, rowvar=False, bias=True))
        order = np.argsort(-values)
        return cls(wide.mean(0), vectors[:, order[:kept]].T, np.maximum(values[order], 0))


@dataclass(frozen=True, eq=False)
class Allocation:
    """The best straight E for one signal to noise ratio."""

    powers: Array  # [k] of the first k principal directions
    error: float  # sum over pixels of the mean square error of the best reconstruction

    @property
    def used(self) -> int:
        """k."""
        return len(self.powers)


def allocate(variances: Array, ratio: float, dimensions: int, scale: float = 1.0) -> Allocation:
    """Of pictures with these variances [P] (falling), at rho = ratio, of d dimensions, root mean square `scale` each.

    An infinite ratio is the limit without noise: k = d and nothing is lost of the first d directions. Raises ValueError for
    a ratio that is negative or not a number, and for dimensions that are not between 1 and P.
    """
    if not ratio >= 0:
        raise ValueError(f"ratio should be at least 0, not {ratio}")
    if not 1 <= dimensions <= len(variances):
        raise ValueError(f"dimensions should be between 1 and {len(variances)}, not {dimensions}")
    power = scale**2 * dimensions
    roots = np.sqrt(variances[:dimensions])
    if ratio == 0 or np.isinf(ratio):
        return _limit(variances, roots, power, ratio)
    # a smaller k is right where the last power would be negative; p_1 never is, so there is one
    counts, sums = np.arange(1, dimensions + 1), np.cumsum(roots)
    gains = roots * (counts + ratio * power) / np.where(sums > 0, sums, 1)
    k = int(counts[gains >= 1][-1])
    powers = (roots[:k] * (k + ratio * power) / sums[k - 1] - 1) / ratio
    return Allocation(powers, float(sums[k - 1] ** 2 / (k + ratio * power) + variances[k:].sum()))


def _limit(variances: Array, roots: Array, power: float, ratio: float) -> Allocation:
    """Nothing but noise, and no noise."""
    if ratio == 0:
        return Allocation(np.array([power]), float(variances.sum()))
    return Allocation(power * roots / roots.sum(), float(variances[len(roots) :].sum()))


def reconstruct(principal: Principal, pictures: Array, allocation: Allocation, ratio: float, eps: Array) -> Array:
    """E[x_0 | x_t] of the straight model, [n, P], for pictures [n, P] and noise eps [n, d]: code, channel, and back."""
    directions, variances = principal.directions[: allocation.used], principal.variances[: allocation.used]
    if np.isinf(ratio):
        return principal.mean + (pictures - principal.mean) @ directions.T @ directions
    gains = np.sqrt(allocation.powers * ratio / variances)  # of a received coordinate whose noise has variance one
    received = gains * ((pictures - principal.mean) @ directions.T) + eps[:, : allocation.used]
    return principal.mean + (received * gains * variances / (1 + allocation.powers * ratio)) @ directions


def nats(error: Array | float, pixels: int) -> Array:
    """-log q a pixel of a Gaussian whose deviation is the best one: the sum over pixels of the mean square error is `error`."""
    return 0.5 * np.log(2 * np.pi * np.e * np.asarray(error) / pixels)


def straight_error(weights: Array, covariance: Array, ratio: float) -> float:
    """Of any straight E, weights [d, P], that has its noise of variance 1 / rho: trace of the covariance that is left."""
    seen = weights @ covariance
    through = seen @ weights.T + np.eye(len(weights)) / ratio
    return float(np.trace(covariance) - np.trace(np.linalg.solve(through, seen @ seen.T)))

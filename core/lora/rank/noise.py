"""What singular values a matrix of pure noise has, and when a direction stands out of it.

A matrix [m, n] of independent entries of variance sigma^2; beta = shorter side over longer side N. Singular values here are in
units of sigma sqrt(N) unless said otherwise; a planted singular value s is in the same units.
Sources: Marchenko and Pastur 1967; Baik, Ben Arous and Peche, math/0403022; Benaych-Georges and Nadakuditi, arXiv:1103.2221;
Gavish and Donoho, arXiv:1305.5870.
"""

from functools import lru_cache

import numpy as np

Array = np.ndarray
Shape = tuple[int, int]

FINE = 4001  # points of the distribution function


def beta(shape: Shape) -> float:
    """Shorter side over longer side."""
    return min(shape) / max(shape)


def edge(shape: Shape) -> float:
    """Largest singular value of noise with sigma = 1, for large sides: sqrt(m) + sqrt(n)."""
    return float(np.sqrt(shape[0]) + np.sqrt(shape[1]))


@lru_cache(maxsize=64)
def _law(ratio: float) -> tuple[Array, Array]:
    """(singular values, distribution function) of Marchenko and Pastur.

    The eigenvalue 1 + beta + 2 sqrt(beta) cos(a) has the density 2 sin(a)^2 / (pi * eigenvalue) over the angle a in [0, pi].
    """
    angle = np.linspace(np.pi, 0, FINE)
    eigenvalue = 1 + ratio + 2 * np.sqrt(ratio) * np.cos(angle)
    with np.errstate(divide="ignore", invalid="ignore"):
        density = 2 * np.sin(angle) ** 2 / (np.pi * eigenvalue)
    density[0] = 2 / np.pi if ratio == 1 else 0.0  # the limit
    steps = (density[1:] + density[:-1]) / 2 * (np.pi / (FINE - 1))
    below = np.concatenate([[0.0], np.cumsum(steps)])
    return np.sqrt(np.maximum(eigenvalue, 0)), below / below[-1]


def quantile(share: Array, ratio: float) -> Array:
    """Singular value below which this share of those of pure noise lies."""
    values, below = _law(ratio)
    return np.interp(share, below, values)


def expected(count: int, ratio: float) -> Array:
    """[count] falling singular values of pure noise: the middles of `count` equal shares."""
    return quantile(1 - (np.arange(count) + 0.5) / count, ratio)


def median(ratio: float) -> float:
    """Of the singular values of pure noise; its square is the mu_beta of Gavish and Donoho."""
    return float(quantile(np.array(0.5), ratio))


def level(values: Array, shape: Shape) -> float:
    """sigma, from the median of all singular values [min(shape)]: a few large ones hardly move it."""
    return float(np.median(values)) / (median(beta(shape)) * np.sqrt(max(shape)))


def threshold(ratio: float) -> float:
    """The hard threshold with the least worst-case error, sigma known: 4/sqrt(3) for a square; equation 11.

    Over the median of noise it is their omega(beta), for sigma unknown: 2.858 for a square.
    """
    return float(np.sqrt(2 * (ratio + 1) + 8 * ratio / (ratio + 1 + np.sqrt(ratio**2 + 14 * ratio + 1))))


def visible(ratio: float) -> float:
    """Planted singular values up to this one leave no trace: sigma (m n)^(1/4) in absolute units."""
    return ratio**0.25


def observed(planted: Array, ratio: float) -> Array:
    """Where a planted singular value is seen: sqrt((1 + s^2)(beta + s^2)) / s, or at the edge where it leaves no trace."""
    s = np.maximum(planted, visible(ratio))
    return np.hypot(1, s) * (np.hypot(np.sqrt(ratio), s) / s)  # squares of what is far from the noise would overflow


def alignment(planted: Array, ratio: float) -> tuple[Array, Array]:
    """Squared cosines between planted and observed singular vectors, of the shorter side and of the longer one."""
    s = np.maximum(planted, visible(ratio))
    return (s**4 - ratio) / (s**4 + ratio * s**2), (s**4 - ratio) / (s**4 + s**2)


def planted(seen: Array, ratio: float) -> Array:
    """The inverse of observed(): what is behind a singular value above the edge; the least visible one at the edge or below."""
    inner = np.maximum(seen**2 - ratio - 1, 2 * np.sqrt(ratio))
    outer = np.sqrt(np.maximum(inner**2 - 4 * ratio, 0))
    return np.sqrt((inner + outer) / 2)

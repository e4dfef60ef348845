"""How far samples are from samples: sliced Wasserstein-2 and the maximum mean discrepancy."""

from functools import cache, lru_cache

import numpy as np

from core.mixture import Mixture

Array = np.ndarray

DIRECTIONS = 64
CELLS = 600  # of a distribution function's table
BANDWIDTH = 0.5  # of the Gaussian kernel, data units: about one component
AT_MOST = 500  # samples a side in a discrepancy, whose cost is quadratic
BLOCK = 100  # of their rows


@cache
def directions() -> Array:
    """Unit vectors [2, DIRECTIONS] evenly over the half circle, where slices repeat."""
    angles = (np.arange(DIRECTIONS) + 0.5) * np.pi / DIRECTIONS
    return np.stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


def sliced_w2(left: Array, right: Array) -> float:
    """Sliced Wasserstein-2 distance of two sample sets [n, 2] of one size, data units.

    Root of the mean over directions of the squared one-dimensional distance, which is between sorted projections.
    Source: Bonneel et al., Sliced and Radon Wasserstein barycenters, 2015.
    """
    sides = (np.sort(directions().T @ side.T.astype(np.float32), axis=1) for side in (left, right))
    return float(np.sqrt(np.square(next(sides) - next(sides)).mean(dtype=np.float64)))


@lru_cache(maxsize=8)
def _quantiles(weights: bytes, means: bytes, covariances: bytes, n: int) -> Array:
    """[DIRECTIONS, n] of a law's projections at the middles of n equal shares; by their distribution functions.

    The law comes as bytes of its arrays, float64: equal laws are remembered as one.
    """
    from scipy.special import ndtr  # noqa: PLC0415  not needed to open the page

    law = Mixture(np.frombuffer(weights), np.frombuffer(means).reshape(-1, 2), np.frombuffer(covariances).reshape(-1, 2, 2))
    centres = law.means @ directions()  # [K, DIRECTIONS]
    spreads = np.sqrt(np.einsum("id,kij,jd->kd", directions(), law.covariances, directions()))
    places = np.linspace((centres - 6 * spreads).min(0), (centres + 6 * spreads).max(0), CELLS)  # [CELLS, DIRECTIONS]
    reached = np.einsum("k,kcd->cd", law.weights, ndtr((places - centres[:, None]) / spreads[:, None]))
    shares = (np.arange(n) + 0.5) / n
    return np.array([np.interp(shares, *each) for each in zip(reached.T, places.T, strict=True)], np.float32)


def sliced_w2_to_mixture(samples: Array, law: Mixture) -> float:
    """Sliced Wasserstein-2 distance of samples [n, 2] to a mixture, data units: sorted projections against quantiles.

    As sliced_w2, with the second sample set replaced by the law itself, so that only one sample's chance is left.
    """
    projected = np.sort(directions().T @ samples.T.astype(np.float32), axis=1)
    exact = _quantiles(*(np.float64(each).tobytes() for each in (law.weights, law.means, law.covariances)), len(samples))
    return float(np.sqrt(np.square(projected - exact).mean(dtype=np.float64)))


def mmd(left: Array, right: Array) -> float:
    """Maximum mean discrepancy of two sample sets [n, 2] (the first AT_MOST of each), unbiased before its root; 0 if negative.

    Source: Gretton et al., A kernel two-sample test, 2012, equation 3.
    """
    left, right = left[:AT_MOST], right[:AT_MOST]
    square = _within(left) + _within(right) - 2 * _kernel_sum(left, right) / (len(left) * len(right))
    return max(0.0, square) ** 0.5


def mmd_to_mixture(samples: Array, law: Mixture) -> float:
    """Maximum mean discrepancy of samples [n, 2] to a mixture, whose two terms are closed forms.

    E k(x, y) = sum_k w_k 2 pi h^2 N(y; m_k, S_k + h^2 I) for y fixed; the mixture against itself adds S_j in turn.
    """
    samples = samples[:AT_MOST]
    area = 2 * np.pi * BANDWIDTH**2
    wide = Mixture(law.weights, law.means, law.covariances + BANDWIDTH**2 * np.eye(2))
    cross = np.exp(wide.log_density(samples)).mean()
    itself = sum(
        weight * np.exp(Mixture(law.weights, law.means, wide.covariances + covariance).log_density(mean[None]))[0]
        for weight, mean, covariance in zip(law.weights, law.means, law.covariances, strict=True)
    )
    return float(max(0.0, _within(samples) + area * (itself - 2 * cross)) ** 0.5)


def covariance_trace(samples: Array) -> float:
    """Sum of the variances of both coordinates of samples [n, 2], data units squared."""
    return float(samples.var(0, dtype=np.float64).sum())


def _kernel_sum(left: Array, right: Array) -> float:
    """Sum of exp(-|x - y|^2 / (2 h^2)) over all pairs.

    The exponent is a product of [rows, 4] and [4, m]; rows come in blocks that stay in the cache and on one thread.
    """
    x, y = (side.astype(np.float32) / np.float32(BANDWIDTH * 2**0.5) for side in (left, right))
    rows = np.column_stack([2 * x, -np.square(x).sum(1), np.full(len(x), -1, np.float32)])
    columns = np.stack([*y.T, np.ones(len(y), np.float32), np.square(y).sum(1)])
    blocks = (np.exp(rows[start : start + BLOCK] @ columns) for start in range(0, len(rows), BLOCK))
    return sum(float(block.sum(dtype=np.float64)) for block in blocks)


def _within(samples: Array) -> float:
    """Mean kernel of different samples."""
    n = len(samples)
    return (_kernel_sum(samples, samples) - n) / (n * (n - 1))

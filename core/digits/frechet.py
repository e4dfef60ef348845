"""Frechet distance between two sets of feature vectors, and how small it can be: real digits against real digits.

||m1 - m2||^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), the squared 2-Wasserstein distance of the fitted Gaussians.
Sources: Dowson and Landau, J. Multivariate Analysis 12 (1982); Heusel et al., arXiv:1706.08500 (as a measure of pictures).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

SPLITS = 20
RESAMPLES = 2000
HALF = 1000  # pictures a side; the distance is biased upwards by about 1 / HALF, so both sides of a ratio have the same


@dataclass(frozen=True, eq=False)
class Gaussian:
    """First two moments of a cloud of features."""

    mean: np.ndarray  # [d]
    covariance: np.ndarray  # [d, d]


@dataclass(frozen=True)
class Estimate:
    """A mean over splits with its 95 % interval."""

    mean: float
    low: float
    high: float


def moments(features: np.ndarray) -> Gaussian:
    """Of features [n, d], n > 1, in float64."""
    wide = features.astype(np.float64)
    return Gaussian(wide.mean(0), np.cov(wide, rowvar=False))


def distance(one: Gaussian, other: Gaussian) -> float:
    """Frechet distance, in squared feature units; the root is taken of a symmetric matrix, so it is real by construction."""
    root = _root(one.covariance)
    cross = np.linalg.eigvalsh(root @ other.covariance @ root)
    overlap = np.sqrt(np.clip(cross, 0, None)).sum()
    gap = one.mean - other.mean
    return float(gap @ gap + np.trace(one.covariance) + np.trace(other.covariance) - 2 * overlap)


def _root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def halves(real: np.ndarray) -> Iterator[tuple[Gaussian, Gaussian]]:
    """SPLITS random cuts of real features [2 HALF, d] into two halves; always the same cuts."""
    for k in range(SPLITS):
        order = np.random.default_rng(k).permutation(len(real))
        yield moments(real[order[:HALF]]), moments(real[order[HALF : 2 * HALF]])


def floors(real: np.ndarray) -> np.ndarray:
    """[SPLITS] distances of one half of the real digits from the other."""
    return np.array([distance(one, other) for one, other in halves(real)])


def distances(made: np.ndarray, real: np.ndarray) -> np.ndarray:
    """[SPLITS] distances of HALF pictures drawn from made [n, d] from the first half of the real digits.

    With the same sizes on both sides as in floors(), and the same draws for every `made`: ratios are paired.
    """
    draws = (np.random.default_rng(1000 + k).permutation(len(made))[:HALF] for k in range(SPLITS))
    return np.array([distance(moments(made[draw]), one) for draw, (one, _) in zip(draws, halves(real), strict=True)])


def estimate(values: np.ndarray) -> Estimate:
    """Mean of values [k] and its interval by Student's t."""
    mean, half = float(values.mean()), float(stats.sem(values) * stats.t.ppf(0.975, len(values) - 1))
    return Estimate(mean, mean - half, mean + half)


def ratio(above: np.ndarray, below: np.ndarray) -> Estimate:
    """Ratio of the means of paired values [k] each, with its interval by the bootstrap over the pairs.

    Not the mean of the ratios, which a few small values below would rule.
    """
    picks = np.random.default_rng(0).integers(len(above), size=(RESAMPLES, len(above)))
    low, high = np.quantile(above[picks].mean(axis=1) / below[picks].mean(axis=1), (0.025, 0.975))
    return Estimate(float(above.mean() / below.mean()), float(low), float(high))

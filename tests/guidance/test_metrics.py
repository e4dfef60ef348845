"""The numbers of both experiments once more, from the returned arrays by plain formulas, at any settings."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.spatial.distance import cdist
from scipy.stats import multivariate_normal

from core.distances import BANDWIDTH, DIRECTIONS
from core.guidance import Params, compute
from core.guidance import digits as pictures
from core.guidance.scenes import scene
from tests.draws import any_of

SINGLE = 1e-4  # relative; particles are kept in single precision
ROOT = 2e-4  # absolute, of a root of a difference of means of kernels, each good to 1e-8


def sliced(left, right) -> float:
    """Angle by angle, pair by pair of the sorted shadows."""
    squares = []
    for angle in (np.arange(DIRECTIONS) + 0.5) * np.pi / DIRECTIONS:
        one, other = (np.sort(side @ [np.cos(angle), np.sin(angle)]) for side in (left, right))
        squares.append(np.mean((one - other) ** 2))
    return float(np.sqrt(np.mean(squares)))


def discrepancy(left, right) -> float:
    """Unbiased: no point is compared with itself."""

    def kernel(one, other):
        return np.exp(-cdist(one, other, "sqeuclidean") / (2 * BANDWIDTH**2))

    n = len(left)
    within = sum((kernel(side, side).sum() - n) / (n * (n - 1)) for side in (left, right))
    return float(np.sqrt(max(0.0, within - 2 * kernel(left, right).mean())))


def likelihood(mixture, points):
    laws = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return sum(weight * multivariate_normal(mean, covariance).pdf(points) for weight, mean, covariance in laws)


@settings(max_examples=15, deadline=None)
@given(any_of(Params, particles=100, steps=8))
def test_plane(p):
    result, world = compute(p), scene(p.scene)
    metrics, last = result.metrics(), result.particles[-1].astype(float)
    target, again = result.target.astype(float), result.target_again.astype(float)
    assert metrics["sliced_w2"] == pytest.approx(sliced(last, target), rel=SINGLE, abs=1e-5)
    assert metrics["sliced_w2_floor"] == pytest.approx(sliced(target, again), rel=SINGLE, abs=1e-5)
    assert metrics["mmd"] == pytest.approx(discrepancy(last, target), abs=ROOT)
    assert metrics["trace"] == pytest.approx(np.trace(np.cov(last.T, bias=True)), rel=SINGLE)
    assert metrics["trace_target"] == pytest.approx(np.trace(np.cov(target.T, bias=True)), rel=SINGLE)
    near = likelihood(world.everything, last) > 1e-250  # elsewhere the plain quotient is 0 / 0
    if near.all():
        posterior = world.prior * likelihood(world.wanted, last) / likelihood(world.everything, last)
        assert metrics["purity"] == pytest.approx(posterior.mean(), rel=1e-6)


@settings(max_examples=6, deadline=None)
@given(any_of(pictures.Params, count=4, steps=5))
def test_digits(p):
    *_, (_, result) = pictures.compute(p)
    metrics = result.metrics()
    read = [int(row.argmax()) for row in result.judge]
    right = [bool(result.asked[i][digit] > 0) for i, digit in enumerate(read)]
    assert metrics["judge_agreement"] == pytest.approx(sum(right) / len(right))
    pairs = [np.sum((one - other).astype(float) ** 2) / 2 for one, other in combinations(result.features, 2)]
    assert metrics["diversity"] == pytest.approx(np.sqrt(np.mean(pairs)), rel=1e-4)
    ink = [each.astype(float) / 127.5 for each in (result.pictures, result.nearest)]
    away = [np.sqrt(np.sum((one - other) ** 2)) for one, other in zip(*ink, strict=True)]
    assert metrics["nearest_distance"] == pytest.approx(np.median(away), abs=28 / 127.5)  # 28 x 28 bytes, each half a byte off

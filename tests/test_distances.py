"""Distances with known values."""

import numpy as np
import pytest

from core.distances import BANDWIDTH, covariance_trace, mmd, mmd_to_mixture, sliced_w2, sliced_w2_to_mixture
from core.guidance.scenes import Five, scene
from core.mixture import equal_mixture

X = np.random.default_rng(0).standard_normal((500, 2)).astype(np.float32)


def test_a_shift_costs_its_length_over_root_two():
    """Every slice shifts by d cos; the mean of cos^2 over evenly spread directions is 1/2. Float32 rounds at 1e-6."""
    assert sliced_w2(X, X + np.float32([0.3, -0.4])) == pytest.approx(0.5 / 2**0.5, rel=1e-4)
    assert sliced_w2(X, X[::-1]) == 0


def test_a_stretch_about_the_centre():
    assert sliced_w2(X, 2 * X) == pytest.approx((np.square(X).sum(1).mean() / 2) ** 0.5, rel=1e-4)


def test_mmd_of_two_points():
    """Two pairs of equal points: within each k = 1, across k = exp(-d^2 / 2 h^2)."""
    left, right = np.zeros((2, 2), np.float32), np.full((2, 2), 0.5, np.float32)
    assert mmd(left, right) == pytest.approx((2 - 2 * np.exp(-0.5 / (2 * BANDWIDTH**2))) ** 0.5, rel=1e-5)


def test_mmd_is_quadratic_whatever_the_block():
    naive = np.exp(-np.square(X[:, None] - 1 - X).sum(-1) / (2 * BANDWIDTH**2))
    inside = np.exp(-np.square(X[:, None] - X).sum(-1) / (2 * BANDWIDTH**2))
    n = len(X)
    square = 2 * (inside.sum() - n) / (n * (n - 1)) - 2 * naive.mean()
    assert mmd(X + 1, X) == pytest.approx(square**0.5, rel=1e-4)


def test_mmd_to_a_mixture_is_the_limit_of_mmd_to_its_samples():
    """Samples of another law, 40 sets of 500: the mean of the squared statistic is unbiased, so both agree to 4 errors."""
    law, rng = scene(Five()).everything, np.random.default_rng(1)
    shifted = X * 0.8 + np.float32([1, 0])
    squares = np.array([mmd(shifted, law.sample(rng, 500).astype(np.float32)) ** 2 for _ in range(40)])
    assert mmd_to_mixture(shifted, law) ** 2 == pytest.approx(squares.mean(), abs=4 * squares.std() / 40**0.5)
    assert squares.std() < squares.mean() / 4


def test_trace_is_the_sum_of_variances():
    assert covariance_trace(np.array([[0.0, 0.0], [2.0, 4.0]])) == 5


def test_sliced_w2_to_a_mixture_is_that_to_endless_samples():
    """100 000 exact samples stand for the law; their own distance from it is the only error, below 0.02 here."""
    rng = np.random.default_rng(0)
    law = equal_mixture(np.array([[-1.0, 0.0], [1.0, 0.5]]), np.stack([0.2 * np.eye(2), np.diag([0.1, 0.6])]))
    many, moved = law.sample(rng, 100_000), law.sample(rng, 100_000) + np.array([0.3, 0.0])
    assert sliced_w2_to_mixture(many, law) < 0.02
    assert sliced_w2_to_mixture(moved, law) == pytest.approx(sliced_w2(moved, many), abs=0.02)
    assert sliced_w2_to_mixture(moved, law) == pytest.approx(0.3 / 2**0.5, abs=0.02)  # a shift, seen from all sides

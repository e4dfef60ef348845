"""The distance against its textbook formula and closed forms."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from core.digits import frechet
from core.digits.frechet import Gaussian, distance, moments


def cloud(seed, n=300, d=6):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_formula_with_sqrtm(seed):
    one, other = moments(cloud(seed)), moments(cloud(seed + 100))
    gap = one.mean - other.mean
    root = sqrtm(one.covariance @ other.covariance).real
    assert distance(one, other) == pytest.approx(gap @ gap + np.trace(one.covariance + other.covariance - 2 * root), rel=1e-9)


def test_closed_forms():
    rng = np.random.default_rng(0)
    s, t, m = rng.uniform(0.1, 2, 5), rng.uniform(0.1, 2, 5), rng.normal(size=5)
    one, other = Gaussian(m, np.diag(s**2)), Gaussian(0 * m, np.diag(t**2))
    assert distance(one, other) == pytest.approx(m @ m + np.square(s - t).sum())
    assert distance(one, one) == pytest.approx(0, abs=1e-12)
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert distance(Gaussian(m, 0 * np.eye(5)), Gaussian(0 * m, 0 * np.eye(5))) == pytest.approx(m @ m)


def test_equal_clouds_are_as_far_apart_as_the_floor_and_shifted_ones_are_not():
    rng = np.random.default_rng(1)
    real, same = rng.normal(size=(2 * frechet.HALF, 8)), rng.normal(size=(3000, 8))
    floors = frechet.floors(real)
    assert frechet.distances(same, real).mean() == pytest.approx(floors.mean(), rel=0.5)
    ratio = frechet.ratio(frechet.distances(same, real), floors)
    assert ratio.low < ratio.mean < ratio.high < 1.6
    assert frechet.distances(same + 0.2, real).mean() > 5 * floors.mean()


def test_intervals_cover():
    rng = np.random.default_rng(2)
    covered = [
        abs(frechet.estimate(x).mean) <= frechet.estimate(x).high - frechet.estimate(x).mean for x in rng.normal(size=(400, 20))
    ]
    assert 0.92 < np.mean(covered) < 0.98

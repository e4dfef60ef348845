"""Exact samples of the promised laws against their densities on a grid."""

from functools import cache

import numpy as np
import pytest

from core.guidance.scenes import Edited, Five, Overlap, Pair, Scene, SceneChoice, Tree, scene
from core.guidance.target import attracted, normalised, tilted

N = 2000
SIDE = np.linspace(-5, 5, 201)
GRID = np.stack(np.meshgrid(SIDE, SIDE), -1).reshape(-1, 2)


def worst_gap(samples: np.ndarray, log_density: np.ndarray) -> float:
    """Largest Kolmogorov-Smirnov gap of the projections on x, y, and both diagonals; density on GRID up to a constant."""
    weights = np.exp(log_density - log_density.max())
    weights /= weights.sum()
    return max(_gap(samples @ way, GRID @ way, weights) for way in np.array([[1, 0], [0, 1], [1, 1], [1, -1.0]]))


def _gap(values: np.ndarray, places: np.ndarray, weights: np.ndarray) -> float:
    at, row = np.unique(places.round(9), return_inverse=True)
    mass = np.bincount(row, weights)
    share = np.interp(np.sort(values), at, np.cumsum(mass) - mass / 2)
    return float(np.abs(share - (np.arange(len(values)) + 0.5) / len(values)).max())


# Smirnov: P(gap > 2.2 / sqrt n) < 1.3e-4 a projection. The mid-cell rule on cells 0.05 wide adds less than 0.005.
LIMIT = 2.2 / N**0.5 + 0.005


@cache
def on_grid(world: Scene) -> tuple[np.ndarray, np.ndarray]:
    return world.everything.log_density(GRID), world.log_posterior(GRID)


def log_tilt(world: Scene, gamma: float) -> np.ndarray:
    log_density, log_posterior = on_grid(world)
    return log_density + gamma * log_posterior


@pytest.mark.parametrize("which", [Overlap(), Five(), Tree(), Edited()], ids=lambda which: which.kind)
@pytest.mark.parametrize("gamma", [0.0, 0.4, 1.0, 3.0, 8.0])
def test_tilted_samples_have_the_promised_density(which: SceneChoice, gamma: float):
    world = scene(which)
    assert worst_gap(tilted(world, gamma, N, 7), log_tilt(world, gamma)) < LIMIT


def test_the_comparison_can_fail():
    world = scene(Five())
    assert worst_gap(tilted(world, 1.0, N, 7), log_tilt(world, 3.0)) > LIMIT


@pytest.mark.parametrize("gamma", [0.5, 1.0, 3.0, 10.0])
def test_the_pair_narrows_as_two_over_gamma_plus_one(gamma: float):
    """A variance of n normal samples has relative standard error sqrt(2 / n); four of them. Below 1, 2 / (gamma + 1) too."""
    x = tilted(scene(Pair()), gamma, N, 3)[:, 0]
    assert x.var() == pytest.approx(2 / (gamma + 1), rel=4 * (2 / N) ** 0.5)


@pytest.mark.parametrize(("strength", "width"), [(0.0, 1.0), (3.0, 1.0), (40.0, 0.6)])
def test_attracted_samples_have_the_promised_density(strength: float, width: float):
    world, towards = scene(Five()), (1.0, 1.4)
    similarity = np.exp(-np.square(GRID - towards).sum(1) / (2 * width**2))
    samples = attracted(world, towards, width, strength, N, 5)
    assert worst_gap(samples, world.everything.log_density(GRID) + strength * similarity) < LIMIT


def test_another_seed_is_another_sample():
    world = scene(Five())
    assert not np.array_equal(tilted(world, 3.0, 100, 0), tilted(world, 3.0, 100, 1))
    assert np.array_equal(tilted(world, 3.0, 100, 0), tilted.__wrapped__(world, 3.0, 100, 0))


def test_classes_on_top_of_each_other_still_give_samples():
    """Eight components at one place: p(y|x) = 1/4 everywhere, so no proposal of 131072 is likely to pass at gamma 10."""
    samples = tilted(scene(Edited(centres=((0.0, 0.0),) * 8)), 10.0, N, 0)
    assert samples.shape == (N, 2)
    assert samples.var(0) == pytest.approx(0.35**2, rel=4 * (2 / N) ** 0.5)


@pytest.mark.parametrize("which", [Overlap(), Five(), Tree(), Edited()], ids=lambda which: which.kind)
@pytest.mark.parametrize("gamma", [0.0, 1.0, 3.0, 10.0])
def test_normalised_samples_have_the_promised_density(which: SceneChoice, gamma: float):
    """In logs the odds p / (1 - p) to the power gamma; at 1 nothing is changed by normalising."""
    world = scene(which)
    log_density, log_posterior = on_grid(world)
    log_rest = np.log(-np.expm1(log_posterior.clip(max=-1e-6)))
    log_z = np.logaddexp(gamma * log_posterior, gamma * log_rest)
    assert worst_gap(normalised(world, gamma, N, 7), log_density + gamma * log_posterior - log_z) < LIMIT

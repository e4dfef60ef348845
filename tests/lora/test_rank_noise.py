"""Laws of noise against integrals, published numbers and draws."""

import numpy as np
import pytest
from scipy.integrate import quad

from core.lora.rank import RankParams, noise
from core.lora.rank.transition import DRAWS, expected_count, transition

RATIOS = (0.05, 0.3, 0.5, 1.0)


def density(value: float, ratio: float) -> float:
    """Of singular values over sigma sqrt(N), as Marchenko and Pastur have it for eigenvalues."""
    x = value**2
    inside = (x - (1 - ratio**0.5) ** 2) * ((1 + ratio**0.5) ** 2 - x)
    return max(inside, 0.0) ** 0.5 / (np.pi * ratio * value)


@pytest.mark.parametrize("ratio", RATIOS)
def test_quantiles_are_those_of_the_integrated_density(ratio):
    low = 1 - ratio**0.5
    for share in (0.1, 0.5, 0.9):
        at = float(noise.quantile(np.array(share), ratio))
        assert quad(density, low, at, (ratio,), epsabs=1e-10)[0] == pytest.approx(share, abs=2e-4)
    assert noise.quantile(np.array([0.0, 1.0]), ratio) == pytest.approx([low, 1 + ratio**0.5], abs=1e-9)


def test_the_threshold_is_the_published_one():
    """4/sqrt(3) and 2.858 for a square (abstract of arXiv:1305.5870); the cubic of its section V holds to 0.02."""
    assert noise.threshold(1.0) == pytest.approx(4 / np.sqrt(3), rel=1e-12)
    assert noise.threshold(1.0) / noise.median(1.0) == pytest.approx(2.858, abs=5e-4)
    for ratio in np.linspace(0.01, 1, 25):
        cubic = 0.56 * ratio**3 - 0.95 * ratio**2 + 1.82 * ratio + 1.43
        assert noise.threshold(ratio) / noise.median(ratio) == pytest.approx(cubic, abs=0.02)


@pytest.mark.parametrize("ratio", RATIOS)
def test_what_is_seen_begins_at_the_edge_and_goes_back(ratio):
    least = noise.visible(ratio)
    assert noise.observed(np.array([0.0, least / 2, least]), ratio) == pytest.approx(1 + ratio**0.5)
    strong = np.linspace(least, 5, 40)
    assert (np.diff(noise.observed(strong, ratio)) > 0).all()
    # At the edge the curve is flat: what is lost there is the root of double precision.
    np.testing.assert_allclose(noise.planted(noise.observed(strong, ratio), ratio), strong, atol=1e-7)
    for cosine in noise.alignment(strong, ratio):
        assert cosine[0] == pytest.approx(0, abs=1e-12) and (np.diff(cosine) > 0).all() and cosine[-1] < 1


@pytest.mark.parametrize("shape", [(300, 300), (120, 400), (400, 120)])
def test_noise_is_recognised_by_its_median_and_has_the_expected_spectrum(shape):
    """sigma of 12 draws within 4 standard errors and the share 1/N by which a median of few numbers may be off."""
    rng, sigma = np.random.default_rng(0), 0.7
    draws = [np.linalg.svd(sigma * rng.standard_normal(shape), compute_uv=False) for _ in range(12)]
    levels = np.array([noise.level(values, shape) for values in draws])
    assert abs(levels.mean() - sigma) < 4 * levels.std(ddof=1) / np.sqrt(12) + sigma / min(shape)
    expected = sigma * np.sqrt(max(shape)) * noise.expected(min(shape), noise.beta(shape))
    assert np.abs(np.mean(draws, 0) - expected).max() < sigma * max(shape) ** (-1 / 6)  # width of the edge: Tracy and Widom
    assert max(values[0] for values in draws) < 1.03 * sigma * noise.edge(shape)


def test_a_direction_appears_where_theory_says_and_points_where_theory_says():
    """Away from the transition: 4 standard errors of 8 draws, and 1/sqrt(N) = 0.07 for the size of the matrix."""
    *_, (done, r) = transition(RankParams(rows=200, columns=128))
    ratio, far = 128 / 200, np.abs(r.strength - r.visible) > 0.3
    assert done == 1 and r.visible == pytest.approx(ratio**0.25)
    off = np.abs(r.seen - noise.observed(r.strength, ratio))
    assert (off < 4 * r.seen_stderr + 0.07)[far].all()
    for i, theory in enumerate(noise.alignment(r.strength, ratio)):
        assert (np.abs(r.aligned[:, i] - theory) < 4 * r.aligned_stderr[:, i] + 0.07)[far].all()
    counts = expected_count(r.planted, r.level, ratio)
    flat = np.array([len(set(expected_count(r.planted, level * np.array([0.8, 1.0, 1.25]), ratio))) == 1 for level in r.level])
    assert flat.sum() >= 6 and (np.abs(r.recovered - counts) <= 2 / DRAWS)[flat].all()


def test_a_layer_of_a_network_is_drawn_in_noise_of_its_own_shape():
    *_, (_, r) = transition(RankParams(source="longer", layer=6))  # 48 x 432
    assert r.shape == [21, 192] and 0 < r.own < 1 and r.planted[0] == 1 and (np.diff(r.planted) <= 0).all()
    *_, (_, r) = transition(RankParams(source="longer", layer=3))  # nothing stands out of 4 x 432
    assert r.own == -1 and r.planted.tolist() == [1]

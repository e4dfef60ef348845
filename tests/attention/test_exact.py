"""The exact integral against closed forms, enumeration, and its own limits."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, k1, ndtri

from core.attention.exact import exact
from core.attention.laws import DropRenormalised, Gaussian, Gumbel, Laplace, StudentT, Uniform, squared_variation
from core.attention.logits import softmax
from core.attention.second_order import gaussian_closed_form, second_order


def query(n, spread=1.0, seed=0):
    rng = np.random.default_rng(seed)
    p, v = softmax(spread * rng.standard_normal(n)), rng.standard_normal((n, 2))
    return p, v - p @ v


@pytest.mark.parametrize("sigma", [0.1, 0.7, 1.5, 3.0])
@pytest.mark.parametrize("gap", [0.0, 1.0, -4.0])
def test_two_tokens_by_quadrature(sigma, gap):
    """õ = v_2 + (v_1 - v_2) sigmoid(gap + sqrt 2 sigma z): the trapezoidal rule over one normal is exact to rounding."""
    p = softmax(np.array([gap, 0.0]))
    v = np.array([[1.0, -0.5], [-0.3, 2.0]])
    z = np.arange(-10, 10, 0.01)
    weight = np.exp(-(z**2) / 2)
    away = expit(gap + 2**0.5 * sigma * z) - p[0]
    mean, square, fourth = (weight @ away**k / weight.sum() for k in (1, 2, 4))
    found = exact(Gaussian(strength=sigma), p, v - p @ v)
    assert found.mean_square == pytest.approx(square * ((v[0] - v[1]) ** 2).sum(), rel=5e-6)
    assert found.fourth == pytest.approx(fourth * ((v[0] - v[1]) ** 2).sum() ** 2, rel=2e-5)
    np.testing.assert_allclose(found.bias, mean * (v[0] - v[1]), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("law", [Uniform(strength=2.0), Laplace(strength=0.9), Gumbel(strength=1.0)], ids=lambda law: law.kind)
def test_two_tokens_by_brute_force(law):
    """Midpoints of 3000 x 3000 equally likely quantiles; the error of that sum is far below 1e-3 of the moment."""
    u = (np.arange(3000) + 0.5) / 3000
    eps = np.where(u < 0.5, law.quantile(np.minimum(u, 0.5)), law.upper(np.minimum(1 - u, 0.5)))
    p, v = softmax(np.array([0.8, 0.0])), np.array([[1.0, 0.0], [0.0, 0.0]])
    away = expit(0.8 + eps[:, None] - eps) - p[0]
    found = exact(law, p, v - p @ v)
    assert found.mean_square == pytest.approx((away**2).mean(), rel=1e-3)
    assert found.bias[0] == pytest.approx(away.mean(), abs=1e-4)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_dropped_tokens_by_enumeration(share):
    """All 2^8 masks; where all are dropped nothing is."""
    p, u = query(8)
    mean, square, support = np.zeros(2), 0.0, 0.0
    for kept in product((0.0, 1.0), repeat=8):
        mask = np.array(kept)
        chance = np.prod(np.where(mask > 0, 1 - share, share))
        weights = mask * p / (mask @ p) if mask.any() else p
        mean, square = mean + chance * (weights @ u), square + chance * ((weights @ u) ** 2).sum()
        support += chance * (weights**2).sum()
    found = exact(DropRenormalised(share=share), p, u)
    np.testing.assert_allclose(found.bias, mean, atol=2e-5)
    assert (found.mean_square, found.concentration) == pytest.approx((square, support), rel=5e-5)


@pytest.mark.parametrize("make", [Gaussian, Uniform, Laplace, Gumbel], ids=lambda make: make.__name__)
def test_weak_noise_is_second_order(make):
    """What is left out is of relative order strength: halving it halves the gap at least."""
    p, u = query(60)
    gaps = []
    for strength in (0.1, 0.05):
        law = make(strength=strength)
        leading = second_order(squared_variation(law), p, u)
        found = exact(law, p, u)
        gaps.append(abs(found.mean_square / leading.variance - 1))
        np.testing.assert_allclose(found.bias, leading.bias, rtol=0.1, atol=1e-7)
    assert gaps[1] < 0.55 * gaps[0] + 1e-5 and gaps[0] < 0.05


def test_many_tokens_are_second_order():
    """The gap falls like 1 / n for equal logits."""
    gaps = []
    for n in (250, 1000, 4000):
        u = np.random.default_rng(n).standard_normal((n, 2))
        p = np.full(n, 1 / n)
        leading = second_order(squared_variation(Gaussian(strength=1.0)), p, u - u.mean(0))
        gaps.append(abs(exact(Gaussian(strength=1.0), p, u - u.mean(0)).mean_square / leading.variance - 1))
    assert gaps[1] < 0.4 * gaps[0] and gaps[2] < 0.4 * gaps[1] and gaps[0] < 0.1


@pytest.mark.parametrize(("spread", "sigma"), [(0.0, 1.0), (1.0, 0.7)])
def test_closed_form_of_gaussian_logits(spread, sigma):
    """Mean square a coordinate 8.59e-4 at n = 2000 in both cases; logits at their quantiles, so that they hold no luck."""
    n = 2000
    assert gaussian_closed_form(sigma, spread, n) ** 2 / 2 == pytest.approx(8.59e-4, rel=5e-3)
    p = softmax(spread * ndtri((np.arange(n) + 0.5) / n))
    exacts = []
    for seed in range(20):
        v = np.random.default_rng(seed).standard_normal((n, 2))
        exacts.append(exact(Gaussian(strength=sigma), p, v - p @ v).mean_square / 2)
    # second order is high by a few %; 20 sets of values leave 1 % of noise
    assert np.mean(exacts) == pytest.approx(8.59e-4, rel=0.06)


@pytest.mark.parametrize(("n", "rms"), [(100, 0.418), (10_000, 0.302), (100_000, 0.272)])
def test_gumbel_noise_hardly_averages_out(n, rms):
    """For independent values of variance 1 the error is sqrt(E sum p~^2); at Gumbel(1) L(t) = 2 sqrt t K_1(2 sqrt t)."""

    def integrand(tau):
        root = math.exp(tau / 2)
        return 2 * n * root**3 * k1(2 * root) * math.exp((n - 1) * math.log(2 * root * k1(2 * root)))

    p = np.full(n, 1 / n)
    found = exact(Gumbel(strength=1.0), p, np.zeros((n, 2))).concentration
    assert found == pytest.approx(quad(integrand, -40, 8, limit=500)[0], rel=1e-5)
    assert found**0.5 == pytest.approx(rms, abs=0.0006)


@pytest.mark.parametrize("beta", [1.5, 2.0, 3.0])
def test_strong_gumbel_noise_leaves_a_fixed_concentration(beta):
    """sum p~^2 -> 1 - 1 / beta as n grows (Poisson-Dirichlet weights of index 1 / beta)."""
    p = np.full(20_000, 1 / 20_000)
    assert exact(Gumbel(strength=beta), p, np.zeros((20_000, 2))).concentration == pytest.approx(1 - 1 / beta, abs=0.02)


def test_no_noise_no_error_and_one_token_never_moves():
    p, u = query(30)
    found = exact(Gaussian(strength=0.0), p, u)
    assert found.mean_square == pytest.approx(0, abs=1e-10) and found.concentration == pytest.approx((p**2).sum(), rel=1e-5)
    assert exact(Gumbel(strength=3.0), np.ones(1), np.zeros((1, 2))).mean_square == 0


def test_masked_tokens_do_not_count():
    p, u = query(20)
    padded = exact(Laplace(strength=0.6), np.append(p, [0.0, 0.0]), np.vstack([u, [[9, 9], [-9, 9]]]))
    assert padded == exact(Laplace(strength=0.6), p, u)


def test_there_is_no_exact_theory_of_student_noise():
    assert exact(StudentT(strength=0.5), *query(5)) is None

"""Entropy, concentration and Jacobian of independent logits: exact formulas against figures, limits and draws."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from core.attention.shapes import KeysAndQuery, Scaling, draw, mixture, standard, statistics
from core.attention.spread import cumulant_concentration, cumulant_entropy, freezing_spread, held, spread_for


def test_figures_that_were_checked_elsewhere():
    """n = 1000, spread 3: H 3.4134, sum p^2 .1361."""
    found = held("gaussian", 3.0, 1000)
    assert (round(found.entropy, 4), round(found.concentration, 4)) == (3.4134, 0.1361)


@pytest.mark.parametrize(("n", "entropy"), [(100, 2.6836), (1000, 3.2375), (10_000, 3.7096)])
def test_the_root_law_does_not_hold_the_entropy(n, entropy):
    """sqrt(2 (log n - 2)) would by cumulants give H = 2."""
    spread = math.sqrt(2 * (math.log(n) - 2))
    assert cumulant_entropy("gaussian", spread, n) == pytest.approx(2)
    assert held("gaussian", spread, n).entropy == pytest.approx(entropy, abs=1e-4)


@pytest.mark.parametrize("shape", ["gaussian", "uniform"])
@pytest.mark.parametrize("spread", [0.3, 1.0, 2.5, 5.0])
def test_two_tokens_by_quadrature(shape, spread):
    """H and sum p^2 of two tokens depend on the difference of the logits: normal, or triangular."""
    a = spread * 3**0.5

    def density(x):
        return (
            math.exp(-((x / spread) ** 2) / 4) / (spread * (4 * math.pi) ** 0.5)
            if shape == "gaussian"
            else (2 * a - x) / (4 * a * a)
        )

    def averaged(f):
        end = 12 * spread if shape == "gaussian" else 2 * a
        return 2 * quad(lambda x: f(1 / (1 + math.exp(-x))) * density(x), 0, end, epsabs=1e-12)[0]

    found = held(shape, spread, 2)
    entropy = averaged(lambda p: -p * math.log(p) - ((1 - p) * math.log1p(-p) if p < 1 else 0))
    assert found.entropy == pytest.approx(entropy, abs=1e-6)
    assert found.concentration == pytest.approx(averaged(lambda p: p**2 + (1 - p) ** 2), abs=1e-6)
    assert found.jacobian_square == pytest.approx(averaged(lambda p: 4 * (p * (1 - p)) ** 2), abs=1e-6)


@pytest.mark.parametrize("spread", [0.5, 1.5, 1.999, 2.5, 6.0, 20.0])
def test_gaussian_identities(spread):
    """sum p^2 = 1 - F' / sigma and H = F - sigma F', with F' by central differences of the same log Z."""
    step = 1e-3
    slope = (held("gaussian", spread + step, 500).log_z - held("gaussian", spread - step, 500).log_z) / (2 * step)
    found = held("gaussian", spread, 500)
    assert found.concentration == pytest.approx(1 - slope / spread, abs=1e-5)
    assert found.entropy == pytest.approx(found.log_z - spread * slope, abs=2e-5 * max(spread, 1))


def test_both_quadratures_of_a_gaussian_meet():
    below, above = (held("gaussian", 2.0 + shift, 1000) for shift in (0.0, 1e-9))
    assert above.entropy == pytest.approx(below.entropy, abs=1e-6)
    assert above.jacobian_square == pytest.approx(below.jacobian_square, rel=1e-6)


@pytest.mark.parametrize("shape", ["gaussian", "uniform"])
def test_cumulants_are_the_limit_of_many_tokens(shape):
    """The gap falls like 1 / n."""
    gaps = [held(shape, 0.8, n).entropy - cumulant_entropy(shape, 0.8, n) for n in (100, 1000, 10_000)]
    assert 0 < gaps[1] < 0.15 * gaps[0] and 0 < gaps[2] < 0.15 * gaps[1]
    assert held(shape, 0.8, 10_000).concentration == pytest.approx(cumulant_concentration(shape, 0.8, 10_000), rel=2e-3)


def test_equal_logits_and_one_token():
    found = held("gaussian", 0.0, 300)
    assert (found.entropy, found.concentration) == pytest.approx((math.log(300), 1 / 300), rel=1e-6)
    assert found.jacobian_square == pytest.approx(1 / 300 - 1 / 300**2, rel=1e-6)
    assert held("gaussian", 2.5, 1).entropy == pytest.approx(0, abs=1e-7)
    assert freezing_spread(1) == 0


@pytest.mark.parametrize("shape", ["gaussian", "uniform"])
@pytest.mark.parametrize(("spread", "n"), [(0.5, 10), (2.0, 100), (4.0, 1000), (8.0, 300)])
def test_draws_agree(shape, spread, n):
    """All three expectations within 3.5 standard errors: 24 comparisons, each beyond with probability 5e-4."""
    rng = np.random.default_rng(n)
    rows = np.concatenate([statistics(np.float32(spread) * standard(shape, n, rng)) for _ in range(20)], 1)
    found = held(shape, spread, n)
    wanted = np.array([found.entropy, found.concentration, found.jacobian_square])
    assert (np.abs(rows.mean(1) - wanted) < 3.5 * rows.std(1, ddof=1) / rows.shape[1] ** 0.5 + 1e-6).all()


def test_the_needed_spread_holds_the_entropy():
    assert held("gaussian", spread_for(2.0, 5000), 5000).entropy == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("dimension", [1, 2, 64, 512])
def test_length_of_the_query_is_averaged_over(dimension):
    """Moments of a chi law: E |q|^2 = d, E |q|^4 = d (d + 2); quadrature is exact for polynomials of |q|^2."""
    spreads, shares = mixture(KeysAndQuery(dimension=dimension, scaling=Scaling.NONE), 100)
    assert shares.sum() == pytest.approx(1)
    assert (shares @ spreads**2, shares @ spreads**4) == pytest.approx((dimension, dimension * (dimension + 2)), rel=1e-9)


def test_drawn_logits_are_those_of_real_keys():
    """Variance and kurtosis of q k / sqrt d for vectors that are drawn in full, d = 4: 3 (d + 2) / d."""
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((40_000, 4)), rng.standard_normal((40_000, 4))
    real = (q * k).sum(1) / 2
    ours = np.concatenate([draw(KeysAndQuery(dimension=4), 64, rng).ravel() for _ in range(4)])
    for s, count in ((real, 40_000), (ours, 4 * 512)):  # ours are independent from query to query alone
        assert s.var() == pytest.approx(1, abs=5 * (3.5 / count) ** 0.5)
        assert (s**4).mean() == pytest.approx(4.5, abs=1.5)

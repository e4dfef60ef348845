"""Gaussian contexts: exact posterior, the best beta, expected errors; closed forms against each other and against draws."""

import numpy as np
import pytest

from core.bayes.fusion import Params, compute
from core.bayes.fusion.gaussian import Contexts, beta_star
from core.bayes.fusion.simulation import draw, envelope, linear, maximum, sample
from core.bayes.pooling import Pooling, fused, naive_bayes
from core.faults import ParameterError

N_RHO = [(1, 0.0), (2, 0.5), (4, 0.0), (4, 0.3), (7, 0.9), (10, 0.6)]


def joint(world):
    """Covariance of (T, S_1..S_n)."""
    n = len(world.deviations)
    whole = np.ones((n + 1, n + 1))
    whole[1:, 1:] += world.covariance
    return whole


@pytest.mark.parametrize(("n", "rho"), N_RHO)
@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_the_exact_posterior_is_that_of_the_joint_gaussian(n, rho, spread):
    world = Contexts.made(n, rho, 1.3, spread)
    whole = joint(world)
    weights = np.linalg.solve(whole[1:, 1:], whole[1:, 0])
    np.testing.assert_allclose(world.exact.weights[0], weights, atol=1e-12)
    assert 1 / world.exact.precision[0] == pytest.approx(1 - weights @ whole[1:, 0], rel=1e-10)


@pytest.mark.parametrize(("n", "rho"), N_RHO)
def test_the_best_beta_is_exact_in_mean_and_precision(n, rho):
    world = Contexts.made(n, rho, 0.8, 0.0)
    star = beta_star(n, rho if n > 1 else 0.0)
    found = world.pooled(world.mean_shares(), np.array([star]))
    np.testing.assert_allclose(found.weights, world.exact.weights, atol=1e-13)
    assert found.precision[0] == pytest.approx(world.exact.precision[0], rel=1e-13)
    assert abs(world.expected_kl(found)[0]) < 1e-13
    assert world.best_beta() == pytest.approx(star, abs=2e-6)  # a minimum is flat: KL of 1e-13 is 1e-6 away
    assert world.expected_square(found)[0] == pytest.approx(1 / world.exact.precision[0], rel=1e-12)


def test_the_marginal_correlation_gives_a_wrong_beta():
    """Two contexts with noise 1 and rho = .3 correlate by (1 + .3) / 2 in all."""
    world = Contexts.made(2, 0.3, 1.0, 0.0)
    assert world.best_beta() == pytest.approx(beta_star(2, 0.3), abs=2e-6)
    assert abs(world.best_beta() - beta_star(2, 0.65)) > 0.2


def test_shared_errors_between_n_minus_1_and_0():
    assert beta_star(4, 0.0) == 3 and beta_star(4, 1.0) == 0 and beta_star(1, 0.5) == 0


@pytest.mark.parametrize("seed", [0, 1])
def test_draws_have_the_covariance_that_is_asked_for(seed):
    world = Contexts.made(3, 0.4, 0.9, 0.5)
    truth, seen = draw(world, np.random.default_rng(seed), 200_000)
    found = np.cov(np.column_stack([truth, seen]).T)
    size = np.outer(*2 * [np.sqrt(np.diag(joint(world)))])
    assert (np.abs(found - joint(world)) < 5 * size * (2 / 200_000) ** 0.5).all()  # 16 of them, each below sqrt 2 deviations


@pytest.mark.parametrize(
    "fields", [{}, {"spread": 0.6}, {"contexts": 8, "rho": 0.7}, {"noise": 0.5}, {"pooling": "least_entropy"}]
)
def test_measurements_agree_with_theory(fields):
    """Eleven beta a pool and two errors share 300 draws: in no figure is one of them beyond 4.5 standard errors."""
    p = Params(seed=3, **fields)
    r = compute(p)
    at = np.searchsorted(r.beta, r.marks)
    for lines, dots in ((r.kl_theory, r.kl), (r.square_theory, r.square)):
        for line, pool in zip(lines, (0, 2), strict=True):
            assert (np.abs(dots[pool, :, 0] - line[at]) <= 4.5 * dots[pool, :, 1] + 1e-12).all()


def test_with_one_context_all_pools_agree():
    """The grid of max pooling against the closed form, draw by draw."""
    world, beta = Contexts.made(1, 0.0, 0.7, 0.0), np.array([-1.0, 0.0, 2.5, 9.0])
    gaussian = linear(world, sample(world, 5), world.pooled(world.mean_shares(), beta))
    for ours, exact in zip(maximum(world, 5, beta), gaussian, strict=True):
        np.testing.assert_allclose(ours, exact, atol=1e-8)


def test_the_grid_is_fine_and_wide_enough():
    """The hardest corner of the sliders: many, sharp, unequal contexts. Coarser by two, its numbers stay."""
    world, beta = Contexts.made(10, 0.9, 0.5, 1.0), np.array([0.0, 4.0, 9.0])
    top = envelope(world, 0)
    prior = -(top.axis**2) / 2
    for b in beta:
        logs = (1 + b) * top.on_axis - b * prior
        mass = np.exp(logs - logs.max(1, keepdims=True))
        assert (mass[:, [0, -1]] < 1e-6).all()
        np.testing.assert_allclose(mass[:, ::2].sum(1) * 2, mass.sum(1), rtol=0.02)


def test_naive_bayes_on_the_page():
    """NBCE with mean pooling and beta = n - 1 on the laws that are shown; their exact fusion where errors are independent."""
    r = compute(Params(rho=0.0, beta=3.0))
    assert r.metrics()["identity_error"] <= 1e-12
    np.testing.assert_allclose(r.fused, r.exact, atol=1e-12)
    logs, prior = np.log(r.contexts), np.log(r.prior)
    np.testing.assert_allclose(fused(logs, prior, Pooling.MEAN, 3), naive_bayes(logs, prior), atol=1e-12)


def test_without_beta_and_with_minus_one():
    """beta = 0: no prior is taken off; beta = -1: nothing but the prior is left."""
    np.testing.assert_allclose(compute(Params(beta=-1.0)).fused, compute(Params()).prior, atol=1e-12)
    one = compute(Params(contexts=1, beta=0.0))
    np.testing.assert_allclose(one.fused, one.contexts[0], atol=1e-12)


def test_the_surest_context_is_the_first():
    r = compute(Params(spread=0.8, pooling="least_entropy", beta=0.0))
    np.testing.assert_allclose(r.fused, r.contexts[0], atol=1e-12)
    assert r.metrics().keys().isdisjoint({"beta_star_theory"})


def test_max_pooling_has_no_theory():
    assert "kl_theory" not in compute(Params(pooling="max")).metrics()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contexts": 0}, "contexts should be greater than or equal to 1, not 0"),
        ({"beta": float("nan")}, "beta should be a finite number, not nan"),
        ({"rho": 1.0}, "rho should be less than or equal to 0.9, not 1.0"),
        ({"pooling": "median"}, "pooling should be 'mean', 'max' or 'least_entropy', not 'median'"),
    ],
)
def test_wrong_values_are_named(wrong, sentence):
    with pytest.raises(ParameterError) as refused:
        Params(**wrong)
    assert str(refused.value) == sentence

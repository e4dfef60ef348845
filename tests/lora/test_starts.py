"""Where the factors begin."""

import numpy as np
import pytest

from core.lora import starts
from core.lora.laws import Law, draw, mean_factor, second_moment
from core.lora.problem import make
from core.lora.spectra import LowRank, PowerLaw, matrix, singular_values
from tests.lora.single import One

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("r", [1, 3, 5])
def test_lora_gas_first_step_is_the_best_of_rank_2r(r):
    """To first order in eta, s = 1: G less (its move / -eta) has the energy of the singular values after the first 2r.

    The second order adds eta |G| relative, 1e-7 here.
    """
    G = RNG.standard_normal((14, 11))
    one, eta = One(RNG.standard_normal((14, 11)), starts.lora_ga(G, r)), 1e-8
    before = one.weights()
    one.pull(G)
    one.step(eta)
    rest = G + (one.weights() - before) / eta
    values = np.linalg.svd(G, compute_uv=False)
    assert np.sum(rest**2) == pytest.approx(np.sum(values[2 * r :] ** 2), rel=1e-5)


@pytest.mark.parametrize("r", [6, 8, 11])
def test_lora_ga_takes_everything_where_2r_directions_do_not_exist(r):
    G = RNG.standard_normal((14, 11))
    A, B = starts.lora_ga(G, r)
    P_A, P_B = A @ A.T, B.T @ B
    np.testing.assert_allclose(P_A @ G + G @ P_B - P_A @ G @ P_B, G, atol=1e-12)


def test_pissa_takes_the_best_approximation_out_of_the_weights():
    W = RNG.standard_normal((9, 7))
    A, B = starts.pissa(W, 3, 1.7)
    left, values, right = np.linalg.svd(W, full_matrices=False)
    np.testing.assert_allclose(1.7 * A @ B, (left[:, :3] * values[:3]) @ right[:3], atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(A, axis=0), np.linalg.norm(B, axis=1))


@pytest.mark.parametrize("law", Law)
def test_moments_of_every_law_are_the_closed_forms(law):
    """E A A^T and E (A A^T)^2 along a fixed direction; every mean within 4 standard errors."""
    n, r, count = 10, 3, 20_000
    drawn = draw(law, n, r, np.random.default_rng(1), count)
    g = np.random.default_rng(2).standard_normal(n)
    g /= np.linalg.norm(g)
    moved = np.einsum("dij,dkj,k->di", drawn, drawn, g)
    for samples, wanted in ((moved @ g, mean_factor(law, n, r)), ((moved**2).sum(1), second_moment(law, n, r))):
        assert abs(samples.mean() - wanted) <= 4 * samples.std() / np.sqrt(count) + 1e-12


def test_a_problem_is_what_it_says():
    problem = make(PowerLaw(decay=1.0), 10, 8, 25.0, 5)
    np.testing.assert_allclose(problem.data.T @ problem.data / len(problem.data), problem.covariance, atol=1e-12)
    np.testing.assert_allclose(problem.root @ problem.root, problem.covariance, atol=1e-12)
    for covariance in (problem.covariance, problem.old):
        eigenvalues = np.linalg.eigvalsh(covariance)
        assert eigenvalues[-1] == pytest.approx(1) and eigenvalues[0] == pytest.approx(1 / 25)
    values = np.linalg.svd(problem.change, compute_uv=False)
    np.testing.assert_allclose(values / values[0], 1 / np.arange(1, 9), rtol=1e-12)
    assert np.linalg.norm(problem.change) == pytest.approx(np.linalg.norm(problem.pretrained))
    assert problem.losses(problem.pretrained) == pytest.approx(1) and problem.forgetting(problem.pretrained) == 0


def test_spectra():
    assert singular_values(PowerLaw(decay=0.0), 5).tolist() == [1] * 5
    assert singular_values(LowRank(true_rank=2, tail=0.25), 4).tolist() == [1, 1, 0.25, 0.25]
    made = matrix(np.array([3.0, 2.0, 0.5]), 6, 3, np.random.default_rng(0))
    np.testing.assert_allclose(np.linalg.svd(made, compute_uv=False), [3, 2, 0.5], atol=1e-12)

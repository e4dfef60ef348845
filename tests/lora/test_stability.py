"""Divergence where it is predicted."""

from dataclasses import replace

import numpy as np
import pytest

from core.lora import stability
from core.lora.laws import Law
from core.lora.matrix import Params, compute
from core.lora.methods import NAMES, PRODUCTS
from core.lora.problem import make
from core.lora.program import Recipe, train
from core.lora.spectra import PowerLaw

PROBLEM = make(PowerLaw(), 9, 8, 4.0, 2)
PLAIN = Recipe(2, 0.01, "sgd", scale=1.3, law=Law.GAUSSIAN, steps=1500, cool=False)


@pytest.mark.parametrize("name", ["full", *stability.LINEAR])
def test_a_linear_method_diverges_just_above_its_limit_and_not_below(name):
    limit = stability.of_method(name, PROBLEM.root, train(PROBLEM, replace(PLAIN, steps=1), ()))
    for share in (0.98, 1.02):  # 1500 steps grow the leading direction by 1.04^1500
        training = train(PROBLEM, replace(PLAIN, learning_rate=share * limit), ())
        assert training.diverged[NAMES.index(name)] == (share > 1)


def test_the_limit_is_two_over_the_largest_eigenvalue_of_the_hessian():
    rng = np.random.default_rng(0)
    K, J, s = rng.standard_normal((9, 2)), rng.standard_normal((2, 8)), 0.7
    columns = s * np.hstack([np.kron(PROBLEM.root, J.T), np.kron(PROBLEM.root @ K, np.eye(8))])
    assert stability.stable_rate(PROBLEM.root, K, J, s) == pytest.approx(2 / np.linalg.norm(columns, 2) ** 2, rel=1e-10)


@pytest.mark.parametrize("name", [name for name in PRODUCTS if name not in stability.MOVING])
def test_every_product_has_a_limit_at_its_start(name):
    training = train(PROBLEM, replace(PLAIN, steps=1), ())
    assert 0 < stability.of_method(name, PROBLEM.root, training) < np.inf


def test_it_is_said_with_sgd_alone():
    assert compute(Params(method="full", optimiser="sgd")).metrics()["stable_rate"] == pytest.approx(2)
    assert "stable_rate" not in compute(Params(method="full")).metrics()
    assert "stable_rate" not in compute(Params(method="dora", optimiser="sgd")).metrics()

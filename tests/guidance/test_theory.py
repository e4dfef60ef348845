"""The one-dimensional pair: closed forms, quadrature and simulation."""

import pytest

from core.guidance.plane import Params, compute
from core.guidance.theory import guided_variance, target_variance

FAR = 1e4  # sigma_max: what is beyond adds 1 / sigma_max^2


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.0, 3.0, 8.0])
def test_the_quadrature_has_the_closed_limits(gamma: float):
    assert guided_variance(gamma, 0.0, FAR) == pytest.approx(2 ** (1 - gamma), rel=1e-5)
    assert guided_variance(gamma, 1.0, FAR) == pytest.approx((2 - 2 ** (2 - 2 * gamma)) / (2 * gamma - 1), rel=1e-4)


def test_the_values_of_the_math_page():
    """At gamma = 3: target 0.5, ODE 0.25, SDE 0.3875."""
    found = target_variance(3.0), guided_variance(3.0, 0.0, FAR), guided_variance(3.0, 1.0, FAR)
    assert found == pytest.approx((0.5, 0.25, 0.3875), rel=1e-4)


CASES = [("cfg", "ode"), ("classifier", "ode"), ("cfg", "sde"), ("cfg", "ddpm"), ("cfg", "ddim"), ("feynman_kac", "sde")]


@pytest.mark.parametrize(("method", "sampler"), CASES)
@pytest.mark.parametrize("gamma", [1.0, 3.0])
def test_simulation_reaches_the_theory(method: str, sampler: str, gamma: float):
    """Standard error of a variance of 2000: 3.2 %, three of them; steps of order 1 add at most 3 / 100 a unit of gamma."""
    p = Params(scene="pair", method=method, sampler=sampler, gamma=gamma, steps=100, particles=2000)
    metrics = compute(p).metrics()
    bias = 0.0 if sampler == "ode" else 0.03 * gamma
    assert metrics["variance_x"] == pytest.approx(metrics["variance_x_theory"], rel=3 * 0.032 + bias)
    assert metrics["variance_x_target"] == target_variance(gamma)


def test_theory_tells_methods_apart():
    ode, sde = guided_variance(3.0, 0.0, FAR), guided_variance(3.0, 1.0, FAR)
    assert ode < 0.75 * sde < 0.75 * target_variance(3.0)


@pytest.mark.parametrize(
    "changes", [{"method": "apg"}, {"score_error": 0.1}, {"method": "classifier", "classifier_error": 0.1}]
)
def test_without_theory_there_is_no_such_metric(changes: dict[str, object]):
    assert "variance_x_theory" not in compute(Params(scene="pair", steps=5, particles=100, **changes)).metrics()

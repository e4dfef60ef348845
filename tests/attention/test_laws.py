"""Noise laws: moments in closed form, quadrature and draws agree."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import k1

from core.attention.laws import (
    DropRenormalised,
    Gaussian,
    Gumbel,
    Laplace,
    StudentT,
    Uniform,
    predicted_slope,
    squared_variation,
)
from core.attention.quadrature import nodes, transform

FINITE = [
    Gaussian(strength=0.7),
    Uniform(strength=1.3),
    Laplace(strength=0.2),
    Gumbel(strength=0.2),
    DropRenormalised(share=0.3),
]
ALL = [
    *FINITE,
    Gaussian(strength=3.0),
    Laplace(strength=2.0),
    Gumbel(strength=1.0),
    Gumbel(strength=3.0),
    Uniform(strength=3.0),
]
names = {"ids": lambda law: f"{law.kind}-{getattr(law, 'strength', 0.3)}"}


@pytest.mark.parametrize("law", FINITE[:4], **names)
def test_quadrature_gives_the_moments(law):
    """The heaviest tail here is x^-5: beyond the outermost node, at a share of 5e-15, E w^2 misses about (5e-15)^(3/5)."""
    places = nodes(law)
    for k in (1, 2):
        assert math.log(places.weight @ np.exp(k * places.eps)) == pytest.approx(law.log_moment(k), abs=5e-7)


@pytest.mark.parametrize(
    ("law", "c2"),
    [
        (Gaussian(strength=1.0), math.e - 1),
        (Uniform(strength=2.0), 2 / math.tanh(2) - 1),
        (Laplace(strength=0.3), (1 - 0.09) ** 2 / (1 - 0.36) - 1),
        (DropRenormalised(share=0.25), 1 / 3),
        (Laplace(strength=0.5), math.inf),
        (Gumbel(strength=0.5), math.inf),
        (Gumbel(strength=0.25), math.gamma(0.5) / math.gamma(0.75) ** 2 - 1),
        (StudentT(strength=0.1), math.inf),
        (Gaussian(strength=0.0), 0.0),
    ],
)
def test_squared_variation_in_closed_form(law, c2):
    assert squared_variation(law) == pytest.approx(c2, rel=1e-12)


@pytest.mark.parametrize("law", [*ALL, StudentT(strength=0.5, nu=3.0)], **names)
def test_draws_follow_the_quantiles(law):
    """Kolmogorov-Smirnov at 60 000 draws: P(gap > 2.2 / sqrt n) < 1.3e-4."""
    drawn = np.sort(law.draw(np.random.default_rng(1), (300, 200)).ravel().astype(float))
    places = nodes(law)
    below = np.cumsum(places.weight) - places.weight / 2
    finite = np.isfinite(places.eps)
    share = np.searchsorted(drawn, places.eps[finite], "right") / len(drawn)
    wanted = below[finite] if finite.all() else np.ones(1)
    inside = (wanted > 1e-4) & (wanted < 1 - 1e-4)
    # a node stands for a cell: its middle is off by the curvature of the law within a cell, under 0.005
    assert np.abs(share - wanted)[inside].max(initial=0.0) < 2.2 / len(drawn) ** 0.5 + 0.005


def test_dropped_share_is_the_share():
    drawn = DropRenormalised(share=0.3).draw(np.random.default_rng(0), (300, 200))
    assert np.isneginf(drawn).mean() == pytest.approx(0.3, abs=4 * (0.21 / drawn.size) ** 0.5)


@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_transform_of_gumbel_noise(beta):
    """w = E^-beta with E exponential. At beta = 1, E exp(-t w) = 2 sqrt t K_1(2 sqrt t); else by scipy's quadrature."""
    tau = np.array([-6.0, -2.0, 0.0, 2.0, 4.0])
    got = np.exp(transform(nodes(Gumbel(strength=beta)), tau, 1).log_l)
    for t, value in zip(np.exp(tau), got, strict=True):
        wanted = quad(lambda y, t=t: math.exp(y - math.exp(y) - t * math.exp(-beta * y)), -50, 5, limit=500, epsabs=1e-13)[0]
        assert value == pytest.approx(wanted, rel=1e-6)
        if beta == 1.0:
            assert value == pytest.approx(2 * t**0.5 * k1(2 * t**0.5), rel=1e-6)


def test_slopes_that_are_predicted():
    assert predicted_slope(Gaussian(strength=3.0)) == -0.5
    assert predicted_slope(Laplace(strength=0.5)) == -0.5
    assert predicted_slope(Laplace(strength=0.8)) == pytest.approx(-(1 / 0.8 - 1) / 2)
    assert predicted_slope(Gumbel(strength=1.0)) == 0 == predicted_slope(StudentT(strength=0.1))

"""The least entropy of cosine attention."""

import numpy as np
import pytest
from scipy.optimize import minimize

from core.attention.cosine import entropy, floor, floor_below_log_n
from core.attention.logits import softmax


def direct(cosines, tau):
    p = softmax(np.asarray(cosines) / tau)
    return -(p[p > 0] * np.log(p[p > 0])).sum()


@pytest.mark.parametrize("tau", [0.05, 0.3, 1.0, 3.0])
@pytest.mark.parametrize(("up", "n"), [(0, 4), (1, 1), (1, 5), (3, 5), (5, 5), (20, 100)])
def test_the_formula_is_the_entropy(up, n, tau):
    assert entropy(up, n, tau) == pytest.approx(direct([1.0] * up + [-1.0] * (n - up), tau), abs=1e-12)


def test_figures_of_the_article_and_its_comments():
    """Half and half leaves log n - .3278133; a share of .2055132 leaves log n - .4744746."""
    assert np.log(1000) - entropy(500, 1000, 1.0) == pytest.approx(0.3278133, abs=1e-7)
    share, below = floor_below_log_n(1.0)
    assert (share, below) == pytest.approx((1 - 0.7944868, 0.4744746), abs=1e-7)


@pytest.mark.parametrize("tau", [0.2, 0.7, 1.0, 2.5])
def test_whole_tokens_reach_the_limit(tau):
    n, (share, below) = 1_000_000, floor_below_log_n(tau)
    up, least = floor(n, tau)
    assert up / n == pytest.approx(share, abs=1e-5) and np.log(n) - least == pytest.approx(below, abs=1e-6)


@pytest.mark.parametrize(("n", "tau"), [(2, 1.0), (5, 1.0), (12, 0.4), (9, 3.0)])
def test_no_cosines_have_less_entropy(n, tau):
    """A minimiser from 60 starts never gets below, and reaches it."""
    rng, least = np.random.default_rng(0), floor(n, tau)[1]
    found = [minimize(direct, rng.uniform(-1, 1, n), (tau,), bounds=[(-1, 1)] * n).fun for _ in range(60)]
    assert min(found) == pytest.approx(least, abs=1e-6)


def test_one_token_has_none():
    assert floor(1, 0.05) == (1, 0.0)


def test_at_least_one_token_is_up():
    """At low temperature the best share is less than one token in n: then it is one."""
    assert floor(50, 0.1)[0] == 1

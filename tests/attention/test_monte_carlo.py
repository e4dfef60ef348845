"""The sampler: it agrees with theory, its controls add no bias, and they pay."""

from math import comb

import numpy as np
import pytest

from core.attention.exact import exact
from core.attention.laws import DropRenormalised, Gaussian, Gumbel, Laplace, StudentT, Uniform
from core.attention.logits import softmax
from core.attention.monte_carlo import controlled, errors, sample, saturated, saturated_moments
from core.attention.noise import Params, compute, root_mean

STRENGTHS = {
    "gaussian": (0.3, 0.7, 1.5, 3.0),
    "uniform": (1.0, 3.0),
    "laplace": (0.2, 0.45, 0.8, 2.0),
    "gumbel": (0.2, 0.45, 1.0, 3.0),
    "drop_renormalised": (0.1, 0.5),
    "drop": (0.1, 0.5),
}
SCENES = (
    {"tokens": 30},
    {"tokens": 300},
    {"tokens": 4000},
    {"tokens": 500, "spread": 2.0},
    {"logits": "peaked"},
    {"logits": "own"},
)
CASES = [
    (law, {("share" if law.startswith("drop") else "strength"): strength} | scene, seed)
    for law, strengths in STRENGTHS.items()
    for strength in strengths
    for scene in SCENES
    for seed in (1, 2)
]


def more_than(allowed: int, of: int, chance: float) -> float:
    """Probability of more than so many out of `of` independent events."""
    return 1 - sum(comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(allowed + 1))


def test_measured_errors_agree_with_exact_theory():
    """Of 216 normal deviates 0.58 are expected beyond 3; more than 4 have probability 3e-4. None may be beyond 4.5."""
    away = []
    for law, fields, seed in CASES:
        m = compute(Params(noise=law, **fields, seed=seed)).metrics()
        away.append(abs(m["monte_carlo_error"] - m["theory_error"]) / m["monte_carlo_stderr"])
    assert len(away) == 216 and more_than(4, 216, 0.0027) < 5e-4
    assert sum(each > 3 for each in away) <= 4 and max(away) < 4.5


def test_measured_bias_agrees_with_exact_theory():
    """Both coordinates against E õ - o, with the standard error of each; the same allowance."""
    away = []
    for law, fields, seed in CASES[::2]:
        p = Params(noise=law, **fields, seed=seed)
        r = compute(p)
        if law == "drop":
            known, wanted = r.shift, np.zeros(2)
        else:
            known, wanted = r.shift, np.array(exact(p.noise, r.weights, r.values - r.output).bias)
        stderr = known.std(0, ddof=1) / len(known) ** 0.5
        resolution = 1e-3 * r.metrics()["monte_carlo_error"] / len(known) ** 0.5 + 1e-6
        away += list(np.abs(known.mean(0) - wanted) / np.hypot(stderr, resolution))
    assert sum(each > 3 for each in away) <= 5, sorted(away)[-8:]


def setting(n, seed=0, spread=1.0):
    rng = np.random.default_rng(seed)
    s, v = spread * rng.standard_normal(n), rng.standard_normal((n, 2))
    p = softmax(s)
    return s, p, v - p @ v, p @ v


@pytest.mark.parametrize(
    "law", [Gaussian(strength=0.5), Uniform(strength=1.0), Laplace(strength=0.1), DropRenormalised(share=0.2)]
)
def test_controls_add_no_bias(law):
    """The mean of 400 small controlled samples lies within 4 of its own standard errors of the exact value."""
    s, p, u, o = setting(200)
    theory = exact(law, p, u)
    means, shifts = [], []
    for seed in range(400):
        drawn = sample(law, s, np.random.default_rng(seed), 32)
        known = controlled(errors(drawn, law, u, o), drawn, law, p, u)
        assert known.helped
        means.append(known.squared.mean())
        shifts.append(known.shift.mean(0))
    # float32 sums and quadrature leave 1e-5 of the value
    band = 4 * np.std(means, ddof=1) / 20 + 2e-5 * theory.mean_square
    assert abs(np.mean(means) - theory.mean_square) < band
    np.testing.assert_array_less(
        np.abs(np.mean(shifts, 0) - theory.bias), 4 * np.std(shifts, 0, ddof=1) / 20 + 1e-5 * theory.mean_square**0.5
    )


@pytest.mark.parametrize("n", [200, 1000, 4000])
@pytest.mark.parametrize("law", [Gaussian(strength=0.7), Gaussian(strength=1.0), Uniform(strength=2.0), Laplace(strength=0.4)])
def test_controls_narrow_the_band(law, n):
    """Exact variance of |õ - o|^2 over that of the controlled draws: more than 10 where the second order holds."""
    s, p, u, o = setting(n)
    drawn = sample(law, s, np.random.default_rng(1), 400)
    error = errors(drawn, law, u, o)
    known, theory = controlled(error, drawn, law, p, u), exact(law, p, u)
    assert known.helped and theory.fourth - theory.mean_square**2 > 10 * known.squared.var()
    assert (error.var(0) > 10 * known.shift.var(0)).all()


@pytest.mark.parametrize("law", [Gumbel(strength=1.0), StudentT(strength=0.1), Laplace(strength=0.9)])
def test_controls_stay_away_where_nothing_averages(law):
    s, p, u, o = setting(500)
    drawn = sample(law, s, np.random.default_rng(1), 200)
    error = errors(drawn, law, u, o)
    assert not controlled(error, drawn, law, p, u).helped


@pytest.mark.parametrize("n", [40, 3000])
def test_moments_of_the_saturating_part(n):
    """Against draws, for tokens from the lightest to the heaviest; 4.5 standard errors for 40 comparisons."""
    law, p = Gaussian(strength=1.2), setting(n)[1]
    mean, variance = saturated_moments(law, p)
    eps = law.draw(np.random.default_rng(0), (1, 100_000))[0] - law.log_moment(1)
    for i in np.argsort(p)[:: n // 20]:
        h = saturated(eps.copy(), p[i])
        assert abs(h.mean() - mean[i]) < 4.5 * h.std() / len(h) ** 0.5
        assert abs(h.var() - variance[i]) < 4.5 * ((h - h.mean()) ** 2).std() / len(h) ** 0.5


def test_strengths_share_their_random_numbers():
    """Twice the strength is twice the noise, draw by draw."""
    s, *_ = setting(50)
    one, two = (sample(Gaussian(strength=k), s, np.random.default_rng(3), 20).eps for k in (0.5, 1.0))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-6)


def test_an_error_is_never_claimed_beyond_its_precision():
    root, stderr = root_mean(np.full(100, 4.0))
    assert root == 2 and stderr == pytest.approx(5e-4 * 2)
    assert root_mean(np.full(100, 4.0), known_variance=1.0)[1] > 0.02
    assert root_mean(np.full(10, -1.0)) == (0, 0)


def test_where_every_token_is_dropped_none_is():
    law, s = DropRenormalised(share=0.9), np.array([1.0, 0.0])
    drawn = sample(law, s, np.random.default_rng(0), 500)
    gone = np.isneginf(drawn.eps).all(1)
    assert gone.mean() == pytest.approx(0.81, abs=4 * (0.81 * 0.19 / 500) ** 0.5)
    np.testing.assert_allclose(drawn.weights(slice(None))[gone], np.tile(softmax(s), (gone.sum(), 1)), rtol=1e-6)

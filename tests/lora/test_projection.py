"""The experiment lora_projection: closed forms against draws, draws against one matrix multiplied out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.digits import manifest
from core.lora import sampling, theory
from core.lora.gradients import ASSET, Layer, gradient
from core.lora.laws import Law
from core.lora.projection import Params, compute

LAWS = [law.value for law in Law]
G = np.random.default_rng(4).standard_normal((11, 8))
G /= np.linalg.norm(G)


@pytest.mark.parametrize("sides", ["one", "two"])
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("gradient", ["power", "low_rank", "real"])
def test_every_closed_form_is_within_three_standard_errors(gradient, law, sides):
    """1024 draws, for a product of two squares is skewed. Of 192 comparisons chance alone sends 0.5 beyond: seeds are fixed."""
    runs = [compute(Params(gradient=gradient, law=law, sides=sides, draws=128, seed=12 + i)) for i in range(8)]
    names = [("captured", "captured_expected"), ("inner", "factor"), ("square", "square_expected")]
    names += [("second", "second_expected")] if sides == "two" else []
    for drawn, known in names:
        for at in (3, 15):
            samples, expected = np.concatenate([getattr(r, drawn)[:, at] for r in runs]), getattr(runs[0], known)[at]
            assert abs(samples.mean() - expected) <= 3 * samples.std(ddof=1) / np.sqrt(len(samples)) + 1e-12, drawn


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(list(Law)), st.booleans(), st.integers(1, 6), st.integers(0, 100))
def test_cumulative_sums_are_what_one_rank_alone_gives(law, two, r, seed):
    drawn = sampling.factors(law, *G.shape, 6, 3, np.random.default_rng(seed))
    measured = sampling.measure(G, drawn, law, two)
    for i, moved in enumerate(sampling.projected(G, drawn, law, r, two)):
        a, b = (float(sampling.scales(law, size, np.array(r))) for size in G.shape)
        A, B = drawn.A[i, :, :r], drawn.B[i, :, :r].T
        P_A, P_B = A @ np.linalg.pinv(A), np.linalg.pinv(B) @ B
        tangent = P_A @ G + G @ P_B - P_A @ G @ P_B if two else P_A @ G
        at = r - 1
        np.testing.assert_allclose(measured.inner[i, at], np.sum(moved * G), rtol=1e-10)
        np.testing.assert_allclose(measured.square[i, at], np.sum(moved**2), rtol=1e-10)
        np.testing.assert_allclose(measured.captured[i, at], np.sum(tangent**2), rtol=1e-9)
        if two:
            np.testing.assert_allclose(measured.second[i, at], a * b * np.sum((G @ B.T @ A.T @ G) ** 2), rtol=1e-10)


def test_the_numbers_of_the_literature():
    """n = 40, r = 4: variance (n + 1)/r = 10.25 and best factor r/(r + n + 1); both sides double; PEFT's start is r/(3n)."""
    at = np.array([4])
    one, two = (theory.moments(Law.GAUSSIAN, 40, 30, at, both) for both in (False, True))
    assert one.square[0] - 1 == pytest.approx(10.25) and one.factor[0] / one.square[0] == pytest.approx(4 / 45)
    assert two.factor[0] == 2 and two.captured[0] == pytest.approx(1 - 0.9 * (1 - 4 / 30))
    assert theory.moments(Law.UNIFORM, 40, 30, at, False).factor[0] == pytest.approx(4 / 120)
    assert theory.moments(Law.PEFT_GAUSSIAN, 40, 30, at, False).factor[0] == pytest.approx(1 / 4)


def test_fresh_projections_average_to_the_gradient():
    """The distance falls with slope -1/2 in log-log; each point within 3 of its standard errors."""
    r = compute(Params(draws=128, seed=3))
    expected = (r.square_expected[r.rank - 1] / r.factor[r.rank - 1] ** 2 - 1) / r.counts
    seen = r.away_stderr > 0
    assert (np.abs(r.away - expected)[seen] <= 3 * r.away_stderr[seen]).all()
    slope = np.polyfit(np.log(r.counts[:5]), np.log(np.sqrt(r.away[:5])), 1)[0]
    assert slope == pytest.approx(-0.5, abs=0.05)


def test_nothing_captures_more_than_the_singular_directions():
    r = compute(Params(gradient="real", draws=64))
    assert (r.captured <= r.captured_best + 1e-12).all()
    assert r.captured_best[0] > 0.99 and r.captured_expected[0] < 0.03, "two directions hold a real gradient; draws miss them"


@pytest.mark.parametrize("layer", Layer)
def test_real_gradients_are_those_of_the_manifest(layer):
    found = gradient(layer)
    assert np.linalg.norm(found) == pytest.approx(1) and not found.flags.writeable
    assert manifest.lines()[ASSET]["command"] == "python -m core.lora.measure"

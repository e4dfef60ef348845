"""Agreement of scores and labels: SciPy and counting by hand are the oracles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.cosent.binary import DRAWS, SEARCHES, binary
from core.cosent.many import best_expected, drawn, expected_auc
from core.cosent.pairs import compute
from core.cosent.params import LossParams
from core.cosent.scores import auc, local_search, pearson, ranks, spearman, spearman_of_auc, sweep
from core.faults import ParameterError

MIXED = st.tuples(st.integers(2, 60), st.integers(0, 2**16), st.booleans())


def pairs(count, seed, tied):
    rng = np.random.default_rng(seed)
    s = rng.standard_normal(count)
    positive = rng.random(count) < 0.4
    positive[:2] = (True, False)
    return (s * 3).round() if tied else s, positive


@settings(max_examples=80)
@given(MIXED)
def test_correlations_are_scipys(case):
    s, positive = pairs(*case)
    assert np.array_equal(ranks(s), stats.rankdata(s))
    if np.ptp(s):
        assert spearman(s, positive.astype(float)) == pytest.approx(stats.spearmanr(s, positive).statistic, abs=1e-12)
        assert pearson(s, positive.astype(float)) == pytest.approx(stats.pearsonr(s, positive).statistic, abs=1e-12)
    assert spearman(np.ones(4), np.arange(4.0)) == 0


@settings(max_examples=80)
@given(MIXED)
def test_auc_and_spearman_are_one_number(case):
    s, positive = pairs(*case)
    above = s[positive][:, None] - s[~positive]
    value = auc(s, positive)
    assert value == pytest.approx((above > 0).mean() + (above == 0).mean() / 2, abs=1e-12)
    most = int(positive.sum())
    expected = spearman(s, positive.astype(float))
    assert spearman_of_auc(value, most, len(s), s) == pytest.approx(expected, abs=1e-12)


def test_the_ceiling():
    assert spearman_of_auc(1.0, 5000, 10_000) == pytest.approx(3**0.5 / 2, abs=1e-6)
    assert spearman_of_auc(1.0, 1800, 10_000) == pytest.approx(0.665, abs=5e-4)


@settings(max_examples=80)
@given(MIXED)
def test_the_sweep_is_every_threshold(case):
    s, positive = pairs(*case)
    swept = sweep(s, positive)
    counted = [((s >= t) == positive).mean() for t in swept.threshold]
    assert swept.accuracy == pytest.approx(counted, abs=1e-12)
    everywhere = np.concatenate([s, s + 1e-9, [s.min() - 1]])
    assert swept.best[1] == pytest.approx(max(((s >= t) == positive).mean() for t in everywhere), abs=1e-12)
    assert local_search(s, positive)[1] <= swept.best[1] + 1e-12


def test_drawn_pairs_are_as_theory_says():
    ((_, r),) = binary(LossParams(separation=1.2, positives=0.3, samples=400))
    for mean, stderr, expected in (
        (*r.own_auc, r.auc_theory),
        (*r.own_spearman, r.spearman_theory),
        *zip(r.measured, r.stderr, np.interp(r.marks, r.shares, r.expected), strict=True),
    ):
        assert abs(mean - expected) < 4 * stderr + 1e-3  # eleven of them; 1e-3: marks between the places of the curve
    assert r.perfect == pytest.approx(np.interp(r.marks, r.shares, r.ceiling), abs=1e-2)
    assert r.auc_theory == pytest.approx(stats.norm.cdf(1.2 / 2**0.5))
    assert 0 <= r.missed <= SEARCHES and DRAWS >= 30


def test_the_threshold_of_many():
    """Accuracy at every threshold is theory within 4 standard errors of 2000 pairs; the best is above the local search."""
    r = compute(LossParams(samples=2000))
    off = np.abs(r.accuracy - r.accuracy_theory)
    assert off.max() < 4 * np.sqrt(0.25 / 2000) and r.best[1] >= r.local[1]


def test_best_accuracy_of_gaussians():
    grid = np.linspace(-6, 6, 20_001)
    for separation, share in ((0.5, 0.3), (2.0, 0.5), (3.0, 0.05)):
        accuracy = share * stats.norm.cdf(separation / 2 - grid) + (1 - share) * stats.norm.cdf(grid + separation / 2)
        assert best_expected(separation, share) == pytest.approx(accuracy.max(), abs=1e-7)
    assert best_expected(0.0, 0.3) == 0.7 and expected_auc(0.0) == 0.5


def test_drawn_has_both_classes_at_any_share():
    for share in (0.02, 0.98):
        _, positive = drawn(1.0, share, 20, np.random.default_rng(0))
        assert 0 < positive.sum() < 20


def test_stretched_labels_move_no_loss_of_order():
    placed, stretched = (compute(LossParams(relabel=each)) for each in ("as_placed", "stretched"))
    for name in ("cosent", "ranknet", "angle", "triplet"):
        at = placed.losses.index(name)
        assert placed.values[at] == stretched.values[at] == placed.values_stretched[at]
        assert np.array_equal(placed.gradients[at], stretched.gradients[at])
    at = placed.losses.index("squared_error")
    assert stretched.values[at] > 2 * placed.values[at]


def test_the_story():
    """Orange arrows at first; in order the loss is small, and reversed it is the worst violation and more."""
    start = compute(LossParams()).metrics()
    assert start["violations"] > 0 and abs(start["gradient_sum"]) < 1e-12
    ordered = compute(LossParams(pairs=[[-4, 1], [0, 2], [4, 3]])).metrics()
    assert ordered["violations"] == 0 and ordered["loss"] < 0.05 and ordered["spearman"] == pytest.approx(1)
    reversed_ = compute(LossParams(pairs=[[4, 1], [0, 2], [-4, 3]])).metrics()
    assert reversed_["worst_violation"] == 8 and reversed_["loss"] > 8


def test_labels_snap_to_halves_and_tie():
    r = compute(LossParams(pairs=[[0, 1.1], [1, 0.9], [2, 2.3]]))
    assert r.labels.tolist() == [1.0, 1.0, 2.5] and r.ordered == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"pairs": [[0, 1]]}, "2 to 12 points"),
        ({"pairs": [[0, 1], [2, 1.2]]}, "at least two different labels, not 1"),
        ({"pairs": [[0, 1], [float("nan"), 2]]}, "coordinates from -5 to 5"),
        ({"pairs": [[0, "a"], [1, 2]]}, "2 to 12 points"),
        ({"pairs": [[0, 0], [9, 1]]}, "coordinates from -5 to 5"),
        ({"pairs": [[0, 1]] * 13}, "2 to 12 points"),
        ({"samples": 10**6}, "2000"),
        ({"scale": float("inf")}, "scale"),
    ],
)
def test_bad_input_is_a_sentence(values, words):
    with pytest.raises(ParameterError, match=words.replace("-", r"\-")):
        LossParams(**values)

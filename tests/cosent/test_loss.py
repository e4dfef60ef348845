"""CoSENT in O(N log N) against its definition, published numbers, PyTorch's autograd, and what must not change it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from sentence_transformers.sentence_transformer.losses import CoSENTLoss

from core.cosent import peers
from core.cosent.loss import cosent, shares, violations, worst_violation

SETS = st.tuples(st.integers(1, 40), st.integers(1, 6), st.sampled_from([0.1, 1.0, 20.0]), st.integers(0, 2**16))


def drawn(count, kinds, seed, spread=2.0):
    rng = np.random.default_rng(seed)
    return spread * rng.standard_normal(count), rng.integers(0, kinds, count).astype(float)


def definition(s, y, scale):
    """Value, and gradient by PyTorch, of the sum over all pairs of pairs."""
    score = torch.tensor(s, dtype=torch.float64, requires_grad=True)
    label = torch.tensor(y)
    terms = (scale * (score[:, None] - score))[label[:, None] < label]
    value = torch.logsumexp(torch.cat([torch.zeros(1, dtype=torch.float64), terms]), 0)
    (gradient,) = torch.autograd.grad(value, score)
    return float(value.detach()), gradient.numpy()


@settings(max_examples=150)
@given(SETS)
def test_value_and_gradient_are_the_definition(case):
    count, kinds, scale, seed = case
    s, y = drawn(count, kinds, seed)
    value, gradient = cosent(s, y, scale)
    expected, slope = definition(s, y, scale)
    assert value == pytest.approx(expected, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(gradient, slope, rtol=0, atol=1e-12 * max(scale, 1))
    assert abs(gradient.sum()) < 1e-12 * max(scale, 1) * count
    part = shares(s, y, scale)
    np.testing.assert_allclose(scale * (part.sum(1) - part.sum(0)), gradient, rtol=0, atol=1e-12 * max(scale, 1))


def test_4096_pairs_to_twelve_digits():
    s, y = drawn(4096, 7, 0)
    for scale in (1.0, 20.0):
        value, gradient = cosent(s, y, scale)
        expected, slope = definition(s, y, scale)
        assert value == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(gradient, slope, rtol=0, atol=1e-12 * np.abs(slope).max())


@pytest.mark.parametrize(("scores", "value"), [((0.9, 0.1), 1.171101), ((0.1, 0.9), 0.371101), ((2.0, -1.0), 3.048587)])
def test_published_numbers(scores, value):
    """sentence-transformers, pull request 3984."""
    assert cosent(np.array(scores), np.array([0.0, 1.0]))[0] == pytest.approx(value, abs=5e-7)


def test_sentence_transformers_agrees():
    """Their loss of embeddings: cosines, lambda = 20."""
    rng = np.random.default_rng(2)
    u, v = (torch.tensor(rng.standard_normal((64, 8)), requires_grad=True) for _ in range(2))
    y = rng.integers(0, 6, 64).astype(float)
    theirs = CoSENTLoss(model=None).compute_loss_from_embeddings([u, v], torch.tensor(y))
    cosines = torch.nn.functional.cosine_similarity(u, v)
    value, gradient = cosent(cosines.detach().numpy(), y, 20.0)
    assert value == pytest.approx(float(theirs.detach()), rel=1e-12)
    (slope,) = torch.autograd.grad(theirs, u, retain_graph=True)
    (ours,) = torch.autograd.grad(cosines, u, torch.tensor(gradient))
    np.testing.assert_allclose(ours.numpy(), slope.numpy(), rtol=0, atol=1e-11)


@settings(max_examples=60)
@given(SETS, st.floats(-50, 50))
def test_what_changes_nothing(case, shift):
    count, kinds, scale, seed = case
    s, y = drawn(count, kinds, seed)
    value, gradient = cosent(s, y, scale)
    order = np.random.default_rng(seed).permutation(count)
    for other in (cosent(s + shift, y, scale), cosent(s, np.exp(y) - 7, scale)):
        assert other[0] == pytest.approx(value, rel=1e-10, abs=1e-12)  # a shift of 50 takes two digits
        np.testing.assert_allclose(other[1], gradient, rtol=0, atol=1e-10 * max(scale, 1))
    moved = cosent(s[order], y[order], scale)
    assert moved[0] == pytest.approx(value, rel=1e-12, abs=1e-14)
    np.testing.assert_allclose(moved[1], gradient[order], rtol=0, atol=1e-12 * max(scale, 1))


@settings(max_examples=60)
@given(SETS)
def test_bounds_and_limits(case):
    count, kinds, scale, seed = case
    s, y = drawn(count, kinds, seed)
    value = cosent(s, y, scale)[0]
    worst, pairs = worst_violation(s, y), int((y[:, None] < y).sum())
    assert worst * scale <= value + 1e-12 and value <= peers.ranknet(s, y, scale)[0] + 1e-9
    assert value / scale <= worst + np.log1p(pairs) / scale + 1e-12  # at most so far above its limit
    assert cosent(np.zeros(count), y, scale)[0] == pytest.approx(np.log1p(pairs), rel=1e-12)
    assert (violations(s, y) == 0) == (worst == 0)


def test_no_pair_at_all():
    value, gradient = cosent(np.array([3.0, -2.0]), np.array([1.0, 1.0]))
    assert value == 0 and not gradient.any()
    assert cosent(np.array([3.0]), np.array([1.0]))[0] == 0


@pytest.mark.parametrize("height", [700.0, 1e5])
def test_huge_scores_stay_finite(height):
    s = np.array([height, -height, height, -height, 0.0])
    value, gradient = cosent(s, np.array([0.0, 1.0, 1.0, 0.0, 2.0]), 20.0)
    assert value == pytest.approx(40 * height, rel=1e-12)
    assert np.isfinite(gradient).all() and gradient[0] == pytest.approx(20) and gradient[1] == pytest.approx(-20)


def test_rows_are_independent():
    s, y = (np.random.default_rng(1).standard_normal((2, 3, 9)) for _ in range(2))
    y = y.round()
    value, gradient = cosent(s, y, 5.0)
    for i in np.ndindex(2, 3):
        alone = cosent(s[i], y[i], 5.0)
        assert value[i] == pytest.approx(alone[0], rel=1e-14) and np.allclose(gradient[i], alone[1], atol=1e-14)


def test_two_classes_are_circle_loss_without_weights():
    s, y = drawn(30, 2, 5)
    expected = np.logaddexp(0, logsumexp(3 * s[y == 0]) + logsumexp(-3 * s[y == 1]))
    assert cosent(s, y, 3.0)[0] == pytest.approx(expected, rel=1e-13)


def slope(function, s):
    """Central differences; the losses have third derivatives below 1e4 here, steps of 1e-5 err by less than 1e-6."""
    step = 1e-5
    moved = [(function(s + step * unit) - function(s - step * unit)) / (2 * step) for unit in np.eye(len(s))]
    return np.array(moved)


@settings(max_examples=30)
@given(st.integers(2, 10), st.integers(0, 999))
def test_gradients_of_the_peers_are_their_slopes(count, seed):
    rng = np.random.default_rng(seed)
    s, y = rng.uniform(-4, 4, count), rng.integers(0, 4, count).astype(float)
    for loss, more in (
        (peers.cross_entropy, (2.0,)),
        (peers.squared_error, ()),
        (peers.ranknet, (1.5,)),
        (peers.angle, (1.5,)),
    ):
        np.testing.assert_allclose(loss(s, y, *more)[1], slope(lambda x, f=loss, m=more: f(x, y, *m)[0], s), atol=1e-5)


def test_triplet_by_hand():
    value, gradient = peers.triplet(np.array([1.0, 0.0, 3.0]), np.array([0.0, 1.0, 1.0]), 0.5)
    assert value == pytest.approx(1.5 / 2) and gradient.tolist() == [0.5, -0.5, 0.0]


def test_circle_by_hand():
    """One positive at cosine .6 and one negative at .2, m = 1/4, gamma = 5: weights .65 and .45, terms of both."""
    value, gradient = peers.circle(np.array([3.0, 1.0]), np.array([1.0, 0.0]), 1.0, 0.5)
    positive, negative = -5 * 0.65 * (0.6 - 0.75), 5 * 0.45 * (0.2 - 0.25)
    assert value == pytest.approx(np.log1p(np.exp(positive + negative)), rel=1e-12)
    share = 1 / (1 + np.exp(-positive - negative))
    assert gradient == pytest.approx([-share * 5 * 0.65 / 5, share * 5 * 0.45 / 5], rel=1e-12)
    assert peers.circle(np.array([3.0, 1.0]), np.array([1.0, 1.0]), 1.0, 0.5)[0] == 0


def test_cross_entropy_is_pytorchs():
    s, y = drawn(20, 2, 3)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor(s), torch.tensor(y))
    assert peers.cross_entropy(s, y, 1.0)[0] == pytest.approx(float(expected), rel=1e-13)

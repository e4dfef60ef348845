"""Gradients against autograd, steps against the article's expansion, LoRA-Pro against its promise."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lora.single import One, projections, random_start

EXACT = 1e-10  # asked for; double precision on sums of a few dozen products leaves about 1e-13
sizes = st.tuples(st.integers(2, 12), st.integers(2, 12), st.integers(1, 4), st.integers(0, 1000))


def close(one, other) -> bool:
    return float(np.abs(one - other).max()) <= EXACT * max(1.0, float(np.abs(other).max()))


@settings(max_examples=25, deadline=None)
@given(sizes, st.floats(0.2, 4))
def test_gradients_of_a_product_are_autograds(size, scale):
    n, m, r, seed = size
    rng = np.random.default_rng(seed)
    pretrained, X, Y = rng.standard_normal((n, m)), rng.standard_normal((7, n)), rng.standard_normal((7, m))
    one = One(pretrained, random_start(rng, n, m, r), scale)
    base, A, B = (torch.tensor(each[0], requires_grad=True) for each in (one.family.base, *one.values))
    loss = 0.5 * ((torch.tensor(X) @ (base + scale * A @ B) - torch.tensor(Y)) ** 2).sum()
    loss.backward()
    one.pull(X.T @ (X @ one.weights() - Y))
    assert close(one.gradients[0][0], A.grad.numpy()) and close(one.gradients[1][0], B.grad.numpy())


@settings(max_examples=25, deadline=None)
@given(sizes)
def test_gradients_of_a_projection_are_autograds(size):
    n, m, r, seed = size
    rng = np.random.default_rng(seed)
    K, J, G = rng.standard_normal((n, r)), rng.standard_normal((r, m)), rng.standard_normal((n, m))
    family = projections(np.zeros((n, m)), K, J, 1.5)
    A, B = (torch.zeros(each.shape[1:], dtype=torch.float64, requires_grad=True) for each in (family.A, family.B))
    (torch.tensor(G) * 1.5 * (A @ torch.tensor(J) + torch.tensor(K) @ B)).sum().backward()
    family.pull(G[None])
    assert close(family.grad_A[0], A.grad.numpy()) and close(family.grad_B[0], B.grad.numpy())


@settings(max_examples=25, deadline=None)
@given(sizes, st.floats(0.2, 3), st.floats(0.001, 0.5))
def test_one_step_is_the_articles_expansion(size, s, eta):
    n, m, r, seed = size
    rng = np.random.default_rng(seed)
    one, G = One(rng.standard_normal((n, m)), random_start(rng, n, m, r), s), rng.standard_normal((n, m))
    A, B, before = one.values[0][0].copy(), one.values[1][0].copy(), one.weights()
    one.pull(G)
    one.step(eta)
    wanted = -eta * s**2 * (G @ B.T @ B + A @ A.T @ G) + eta**2 * s**3 * G @ B.T @ A.T @ G
    moved = one.weights() - before
    assert close(moved, wanted) and np.linalg.matrix_rank(moved, tol=1e-9) <= 2 * r


def test_dora_is_autograd_with_the_norm_held():
    rng = np.random.default_rng(3)
    n, m, r, s = 9, 7, 2, 0.7
    pretrained, X, Y = rng.standard_normal((n, m)), rng.standard_normal((11, n)), rng.standard_normal((11, m))
    one = One(pretrained, random_start(rng, n, m, r), s, dora=True)
    base, length = torch.tensor(one.family.base[0]), torch.tensor(one.magnitude.length, requires_grad=True)
    A, B = (torch.tensor(each[0], requires_grad=True) for each in one.values)
    W = base + s * A @ B
    ((torch.tensor(X) @ (W / W.detach().norm(dim=0) * length) - torch.tensor(Y)) ** 2).sum().mul(0.5).backward()
    one.pull(X.T @ (X @ one.weights() - Y))
    pairs = ((one.gradients[0][0], A), (one.gradients[1][0], B), (one.magnitude.gradient, length))
    assert all(close(ours, theirs.grad.numpy()) for ours, theirs in pairs)


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_lora_pro_moves_along_the_whole_tangent(scale):
    """P_A G + G P_B - P_A G P_B, up to the damping (1e-8, relative) and the second order of a step of 1e-6."""
    rng = np.random.default_rng(0)
    n, m, r, eta = 10, 8, 3, 1e-6
    one, G = One(rng.standard_normal((n, m)), random_start(rng, n, m, r), scale), rng.standard_normal((n, m))
    A, B, before = one.values[0][0].copy(), one.values[1][0].copy(), one.weights()
    one.pull(G)
    one.family.lift(0)
    one.step(eta)
    P_A, P_B = A @ np.linalg.pinv(A), np.linalg.pinv(B) @ B
    wanted = P_A @ G + G @ P_B - P_A @ G @ P_B
    np.testing.assert_allclose((before - one.weights()) / eta, wanted, atol=1e-4)

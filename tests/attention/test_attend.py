"""Attention itself against torch."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.attention.logits import attend, softmax
from core.attention.shapes import statistics


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 300), st.sampled_from((1, 3, 16, 64)))
def test_attention_is_that_of_torch(seed, queries, keys, width):
    """scaled_dot_product_attention in float64, to 1e-12."""
    rng = np.random.default_rng(seed)
    q, k, v = (rng.standard_normal((rows, width)) for rows in (queries, keys, keys))
    wanted = torch.nn.functional.scaled_dot_product_attention(*map(torch.from_numpy, (q, k, v))).numpy()
    np.testing.assert_allclose(attend(q @ k.T / width**0.5, v), wanted, rtol=0, atol=1e-12)


def test_large_logits_and_masks_are_no_danger():
    weights = softmax(np.array([1e4, 1e4, -1e4, -np.inf]))
    np.testing.assert_array_equal(weights, [0.5, 0.5, 0, 0])


def test_entropy_and_jacobian_are_those_of_torch():
    """float32 inside: relative 1e-5."""
    s = 2 * np.random.default_rng(0).standard_normal((5, 30)).astype(np.float32)
    p = torch.softmax(torch.from_numpy(s).double(), 1)
    entropy, square, jacobian = statistics(s)
    np.testing.assert_allclose(entropy, torch.distributions.Categorical(probs=p).entropy(), rtol=1e-5)
    np.testing.assert_allclose(square, (p**2).sum(1), rtol=1e-5)
    rows = [torch.autograd.functional.jacobian(lambda x: torch.softmax(x, 0), row) for row in torch.from_numpy(s).double()]
    np.testing.assert_allclose(jacobian, [float((each**2).sum()) for each in rows], rtol=1e-5)

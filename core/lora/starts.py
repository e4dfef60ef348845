"""Where the factors begin: A [n, r], B [r, m], in the article's convention W = base + s A B.

Sources: LoRA 2106.09685; PiSSA 2404.02948; OLoRA 2406.01775; LoRA-GA 2407.05000; orthogonal: peft 0.21.
"""

from typing import NamedTuple

import numpy as np

from core.lora.laws import Law, draw

Array = np.ndarray


class Start(NamedTuple):
    """Training begins at W0 itself whatever A and B are: base = W0 - s A B (article, equation 7)."""

    A: Array
    B: Array


def random_a(law: Law, n: int, m: int, r: int, rng: np.random.Generator) -> Start:
    """A random, B zero: what LoRA does."""
    return Start(draw(law, n, r, rng), np.zeros((r, m)))


def random_b(law: Law, n: int, m: int, r: int, rng: np.random.Generator) -> Start:
    """B random, A zero."""
    return Start(np.zeros((n, r)), draw(law, m, r, rng).T)


def random_both(law: Law, n: int, m: int, r: int, rng: np.random.Generator) -> Start:
    """Both random."""
    return Start(draw(law, n, r, rng), draw(law, m, r, rng).T)


def pissa(pretrained: Array, r: int, scale: float) -> Start:
    """The principal part of W0 [n, m]: s A B is its best rank-r approximation, A and B of equal weight."""
    left, values, right = np.linalg.svd(pretrained, full_matrices=False)
    root = np.sqrt(values[:r] / scale)
    return Start(left[:, :r] * root, root[:, None] * right[:r])


def olora(pretrained: Array, r: int) -> Start:
    """The first r columns of Q and rows of R of W0^T = Q R."""
    q, upper = np.linalg.qr(pretrained.T)
    return Start(upper[:r].T, q[:, :r].T)


def orthogonal(n: int, m: int, r: int, rng: np.random.Generator) -> Start:
    """A and B over complementary halves of an orthonormal basis of R^r, so that A B = 0 with neither zero."""
    basis = np.linalg.qr(rng.standard_normal((r, r)))[0]
    odd, even = basis[0::2], basis[1::2]
    return Start(rng.standard_normal((n, len(odd))) @ odd / 10, even.T @ rng.standard_normal((len(even), m)) / 10)


def lora_ga(gradient: Array, r: int) -> Start:
    """A the first r left, B the next r right singular vectors of the gradient [n, m] at W0.

    The first step then is its best approximation of rank 2r, to first order in the learning rate.
    """
    left, _, right = np.linalg.svd(gradient, full_matrices=False)
    after = min(r, len(right) - r)  # where 2r directions do not exist, the last r: together they are all there are
    return Start(left[:, :r], right[after : after + r])

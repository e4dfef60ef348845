"""The lowest loss in the reach of a method, in closed form where one is known.

Losses are measured through the root R of the data covariance, |R (V - D)|^2 / 2: D is what the data ask for, V the update.
Sources: Eckart and Young 1936; reduced-rank regression, Izenman 1975; the rest follows in a line or two.
"""

import numpy as np

Array = np.ndarray


def reduced_rank(root: Array, change: Array, r: int) -> float:
    """Over all V of rank r: half the sum of the squared singular values of R D after the first r.

    root [n, n], change [n, m]. V = D V_r V_r^T with V_r the right singular vectors of R D.
    """
    return 0.5 * float(np.sum(np.linalg.svd(root @ change, compute_uv=False)[r:] ** 2))


def best_of_rank(root: Array, change: Array, r: int) -> Array:
    """The V [n, m] that reaches reduced_rank."""
    right = np.linalg.svd(root @ change)[2][:r]
    return change @ right.T @ right


def linear(root: Array, change: Array, left: Array, right: Array) -> float:
    """Over all V = X right + left Y: what is left of R D outside the columns of R left and the rows of right.

    left [n, p] and right [q, m]; a matrix of zeros offers nothing.
    """
    rest = root @ change
    rest = rest - _onto(root @ left, rest)
    return 0.5 * float(np.sum((rest - _onto(right.T, rest.T).T) ** 2))


def _onto(columns: Array, target: Array) -> Array:
    """The projection of target [n, k] onto the span of columns [n, p]."""
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    basis = left[:, values > 1e-12 * max(float(values[0]), 1e-300)]
    return basis @ (basis.T @ target)

"""CoSENT and its gradient, exactly, in O(N log N).

L = log(1 + sum over y_i < y_j of exp(lambda (s_i - s_j))). Sorted by label, the sum over all j above i is one suffix of
exp(-lambda s), so both sums of the gradient come from two running log-sum-exps; equal labels give no term.
Source: Su Jianlin, "CoSENT (3): as a loss for interaction-based similarity", https://kexue.fm/archives/9341; the running
sums as in sentence-transformers since 6.2 (pull request 4030).
"""

import numpy as np

Array = np.ndarray


def cosent(s: Array, y: Array, scale: float = 1.0) -> tuple[Array, Array]:
    """(L [...], dL/ds [..., N]) of scores s and labels y [..., N]; finite for every finite score.

    scale: lambda; 20 for cosines, 1 for the logit of an interaction model.
    """
    order = np.argsort(y, axis=-1, kind="stable")
    label, x = np.take_along_axis(y, order, -1), scale * np.take_along_axis(s, order, -1).astype(float)
    first, after = _groups(label)
    nothing = np.full((*x.shape[:-1], 1), -np.inf)
    above = np.concatenate([_running(-x[..., ::-1])[..., ::-1], nothing], -1)  # [k]: of k and all after it
    below = np.concatenate([nothing, _running(x)], -1)  # [k]: of all before k
    up = x + np.take_along_axis(above, after, -1)
    down = np.take_along_axis(below, first, -1) - x
    value = np.logaddexp(0, np.logaddexp.reduce(up, axis=-1))
    sorted_gradient = scale * (np.exp(up - value[..., None]) - np.exp(down - value[..., None]))
    gradient = np.empty_like(sorted_gradient)
    np.put_along_axis(gradient, order, sorted_gradient, -1)
    return value, gradient


def _groups(label: Array) -> tuple[Array, Array]:
    """Of labels in order, where the group of equal ones of each begins, and where the next group begins."""
    count, place = label.shape[-1], np.arange(label.shape[-1])
    begins = np.concatenate([np.ones((*label.shape[:-1], 1), bool), label[..., 1:] != label[..., :-1]], -1)
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    coming = np.minimum.accumulate(np.where(begins, place, count)[..., ::-1], axis=-1)[..., ::-1]
    return first, np.concatenate([coming[..., 1:], np.full((*label.shape[:-1], 1), count)], -1)


def _running(x: Array) -> Array:
    """log of the running sum of e^x."""
    return np.logaddexp.accumulate(x, axis=-1)


def shares(s: Array, y: Array, scale: float = 1.0) -> Array:
    """P_ij [N, N] = exp(lambda (s_i - s_j) - L) where y_i < y_j, else 0; dL/ds_i = lambda (sum_j P_ij - sum_j P_ji)."""
    terms = np.where(y[:, None] < y, scale * (s[:, None] - s), -np.inf)
    return np.exp(terms - np.logaddexp(0, np.logaddexp.reduce(terms, axis=None)))


def violations(s: Array, y: Array) -> int:
    """Pairs of pairs out of order: the higher label does not have the higher score."""
    return int(((y[:, None] < y) & (s[:, None] >= s)).sum())


def worst_violation(s: Array, y: Array) -> float:
    """max(0, s_i - s_j) over y_i < y_j: the limit of L / lambda for large lambda."""
    gaps = np.where(y[:, None] < y, s[:, None] - s, 0.0)
    return max(float(gaps.max()), 0.0)

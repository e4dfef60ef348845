"""NBCE: one law out of what several contexts say about it (Su Jianlin, kexue.fm/archives/9617, equations 5 to 9).

log p(T|S_1..S_n) = (1 + beta) P[log p(T|S_k)] - beta log p(T) + const. The mean with beta = n - 1 is naive Bayes, exactly; one
context with beta = gamma - 1 is classifier-free guidance.
"""

from enum import Enum

import numpy as np

Array = np.ndarray


class Pooling(Enum):
    """What P is."""

    MEAN = "mean"
    MAX = "max"
    LEAST_ENTROPY = "least_entropy"


def normalised(logs: Array) -> Array:
    """Logarithms over the last axis, shifted so that their exponentials sum to 1."""
    shifted = logs - logs.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def entropy(logs: Array) -> Array:
    """-sum p log p in nats of laws [..., m] that need not be normalised: they are, before anything is added up."""
    exact = normalised(logs)
    return -(np.exp(exact) * exact).sum(-1)


def pooled(logs: Array, pooling: Pooling) -> Array:
    """P of the contexts [..., n, m] -> [..., m]; of contexts with one entropy the first is taken."""
    if pooling is Pooling.MEAN:
        return logs.mean(-2)
    if pooling is Pooling.MAX:
        return logs.max(-2)
    least = entropy(logs).argmin(-1)
    return np.take_along_axis(logs, least[..., None, None], -2)[..., 0, :]


def fused(logs: Array, prior: Array, pooling: Pooling, beta: float) -> Array:
    """[..., m] normalised log p(T|S_1..S_n) of contexts [..., n, m] and a prior [m], both logarithms."""
    return normalised((1 + beta) * pooled(logs, pooling) - beta * prior)


def naive_bayes(logs: Array, prior: Array) -> Array:
    """[..., m]: sum_k log p(T|S_k) - (n - 1) log p(T), normalised (equation 5)."""
    return normalised(logs.sum(-2) - (logs.shape[-2] - 1) * prior)

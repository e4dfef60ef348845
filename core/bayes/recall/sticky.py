"""Pools of several contexts along an answer: least entropy keeps to the context that spoke last.

Source: Su Jianlin, kexue.fm/archives/9632: the next context is argmin {H_1, .., H_k' - eta, .., H_n} with k' the last one.
"""

import numpy as np

from core.bayes.pooling import Pooling, normalised, pooled

Array = np.ndarray


def speaking(entropies: Array, eta: float) -> Array:
    """[..., t] int: which of n contexts speaks at each sign, by entropies [..., n, t] in nats; of equal ones the first."""
    chosen = np.empty((*entropies.shape[:-2], entropies.shape[-1]), np.int64)
    contexts = np.arange(entropies.shape[-2])
    for t in range(entropies.shape[-1]):
        lead = eta * (contexts == chosen[..., t - 1, None]) if t else 0.0
        chosen[..., t] = (entropies[..., t] - lead).argmin(-1)
    return chosen


def along(logs: Array, prior: Array, pooling: Pooling, beta: float, eta: float, entropies: Array) -> Array:
    """[..., t, m] normalised fused logarithms of contexts [..., n, t, m], a prior [t, m] and entropies [..., n, t]."""
    if pooling is Pooling.LEAST_ENTROPY:
        spoke = speaking(entropies, eta)
        one = np.take_along_axis(logs, spoke[..., None, :, None], -3)[..., 0, :, :]
    else:
        one = pooled(np.moveaxis(logs, -3, -2), pooling)
    return normalised((1 + beta) * one - beta * prior)

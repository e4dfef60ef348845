"""Attention whose logits are cosines over a temperature: how little entropy its weights can have.

All logits lie in [-1 / tau, 1 / tau], and entropy is least where every one is at an end: at an interior point all weights
that can move must be equal, which is a maximum. With k of n logits at the upper end and r = e^(2 / tau),
    H(k) = log(k r + n - k) - k r log r / (k r + n - k).
Source: article 9593, section on information, and its comments of August 2025, where half and half was found not to be least.
"""

import numpy as np

Array = np.ndarray


def entropy(up: Array | float, n: int, tau: float) -> Array:
    """H in nats of n tokens of which `up` (whole or not) are at cosine +1 and all others at -1."""
    log_r = 2 / tau
    r = np.exp(-log_r)  # weights over that of an upper token, so that nothing overflows
    total = up + (n - up) * r
    # -sum p log p with p = 1 / total above and r / total below
    return np.log(total) + (n - up) * r * log_r / total


def floor(n: int, tau: float) -> tuple[int, float]:
    """(number of tokens at +1, entropy in nats) of the least entropy, over all whole numbers from 1 to n."""
    every = entropy(np.arange(1, n + 1), n, tau)
    best = int(every.argmin())
    return best + 1, float(every[best])


def floor_below_log_n(tau: float) -> tuple[float, float]:
    """(share at +1, log n - H) in the limit of many tokens: D = r log r / (r - 1), share (D - 1) / (r - 1), D - 1 - log D."""
    log_r = 2 / tau
    d = log_r / -np.expm1(-log_r)
    return float((d - 1) / np.expm1(log_r)), float(d - 1 - np.log(d))

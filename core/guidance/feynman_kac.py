"""Feynman-Kac correction: weights that make guided particles follow p_u^(1 - gamma) p_c^gamma at every noise level.

Source: Skreta et al., arXiv:2503.02819, proposition for classifier-free guidance. With tau = sigma^2 the density q of a
level obeys the heat equation except for the rate gamma (gamma - 1) / 2 |s_u - s_c|^2, the same for ODE and SDE.
"""

import numpy as np

Array = np.ndarray


def log_weight_rate(weak: Array, strong: Array, gamma: float, sigma: float) -> Array:
    """d log W / d(sigma^2) backwards in time, [n], of denoised samples [2, n]: scores differ by (strong - weak) / sigma^2."""
    difference = (strong - weak) / sigma**2
    return (gamma * (gamma - 1) / 2) * np.square(difference).sum(0)


def effective_share(log_weights: Array) -> float:
    """Effective sample size over n: (sum W)^2 / (n sum W^2), in (0, 1]."""
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (len(weights) * np.square(weights).sum()))


def systematic(log_weights: Array, u: float) -> Array:
    """Ancestors [n] of systematic resampling: particle i gets floor or ceil of n W_i children; u in [0, 1).

    Source: Kitagawa, Monte Carlo filter and smoother, 1996.
    """
    weights = np.exp(log_weights.astype(np.float64) - log_weights.max())
    ends = np.cumsum(weights)
    n = len(weights)
    return np.searchsorted(ends, (np.arange(n) + u) * (ends[-1] / n), side="right").clip(max=n - 1)

"""The noise schedule every diffusion here shares: variance preserving, 1000 levels, betas linear from 1e-4 to 0.02.

x_t = a(t) x_0 + b(t) eps with a^2 + b^2 = 1, a^2 = alpha_bar(t), sigma = b / a. In the articles' letters a is the product of
the alphas and b is beta-bar; diffusers' betas[t] is the square of the articles' beta_t.

Source: Ho, Jain and Abbeel, arXiv:2006.11239, section 4.
"""

import numpy as np

LEVELS = 1000
FIRST_BETA, LAST_BETA = 1e-4, 0.02

Array = np.ndarray

BETAS = np.linspace(FIRST_BETA, LAST_BETA, LEVELS)
LOG_ALPHA_BAR = np.cumsum(np.log1p(-BETAS))
for _table in (BETAS, LOG_ALPHA_BAR):
    _table.setflags(write=False)


def alpha_bar(t: Array | float) -> Array:
    """Share of the variance that is signal at level t in [0, 999]; between two levels its logarithm is linear."""
    return np.exp(np.interp(t, np.arange(LEVELS), LOG_ALPHA_BAR))


def sigma(t: Array | float) -> Array:
    """Noise to signal ratio b / a at level t, in data units."""
    return np.sqrt(np.expm1(-np.interp(t, np.arange(LEVELS), LOG_ALPHA_BAR)))


def level(sigma: Array | float) -> Array:
    """The (fractional) level t whose noise to signal ratio is sigma; the ends where there is none."""
    return np.interp(-np.log1p(np.square(sigma)), LOG_ALPHA_BAR[::-1], np.arange(LEVELS)[::-1])


def signal_and_noise(sigma: Array | float) -> tuple[Array, Array]:
    """(a, b) of a noise to signal ratio."""
    a = 1 / np.sqrt(1 + np.square(sigma))
    return a, sigma * a

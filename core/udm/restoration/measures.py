"""How near a restored digit is to the true one, and how many different ones there are."""

import numpy as np

Array = np.ndarray

PEAK = 2.0  # from paper to ink
WINDOW, WIDTH = 11, 1.5  # points
K1, K2 = 0.01, 0.03
APART = 0.1  # root mean square over points: below it, two outcomes are one


def errors(pictures: Array, clean: Array) -> Array:
    """Mean square error of each of [..., 28, 28]."""
    return np.square(pictures - clean, dtype=np.float64).mean((-2, -1))


def ssim(pictures: Array, clean: Array) -> Array:
    """Structural similarity of [n, 28, 28] with [n or 1, 28, 28], [n]; 1 is equality.

    Gaussian window of 11 points, population moments, mean over the places where the whole window fits.
    Source: Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Processing 13 (2004), equation 13.
    """
    x, y = np.asarray(pictures, np.float64), np.asarray(clean, np.float64)
    mx, my = _smooth(x), _smooth(y)
    vx, vy, cov = _smooth(x * x) - mx**2, _smooth(y * y) - my**2, _smooth(x * y) - mx * my
    c1, c2 = (K1 * PEAK) ** 2, (K2 * PEAK) ** 2
    similar = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return similar.mean((-2, -1))


def _smooth(pictures: Array) -> Array:
    """[..., h, w] under the window, [..., h - 10, w - 10]."""
    taps = np.exp(-np.square(np.arange(WINDOW) - WINDOW // 2) / (2 * WIDTH**2))
    taps /= taps.sum()
    rows = np.lib.stride_tricks.sliding_window_view(pictures, WINDOW, axis=-2) @ taps
    return np.lib.stride_tricks.sliding_window_view(rows, WINDOW, axis=-1) @ taps


def outcomes(pictures: Array) -> Array:
    """[n] number of the outcome, from 0, that each of [n, 28, 28] is: the first earlier one that is nearer than APART."""
    first: list[int] = []
    found = np.zeros(len(pictures), int)
    for i, picture in enumerate(pictures):
        near = np.flatnonzero(np.sqrt(errors(pictures[first], picture)) < APART)
        found[i] = near[0] if len(near) else len(first)
        first += [] if len(near) else [i]
    return found


def distinct(pictures: Array) -> int:
    """How many different outcomes [n, 28, 28] are."""
    return int(outcomes(pictures).max()) + 1

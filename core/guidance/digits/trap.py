"""The trap in one pixel: how its next value answers a change of the predicted noise, with and without clipping.

x' = a' x0 + b' eps and x0 = (x - b eps) / a, so x' moves by (b' - a' b / a) d_eps, against d_eps. Where x0 is clipped it no
longer answers: with the noise re-derived nothing moves, with the old noise kept + b' d_eps is left.
"""

import numpy as np

from core.guidance import rules, steps

SIGMA, SIGMA_NEXT = 1.0, 0.8  # noise to signal ratios of the step: where a digit takes shape
GUESS = 1.3  # of the pixel before the change: brighter than ink can be
NUDGES = np.linspace(-1.5, 1.5, 61)  # changes of the predicted noise


def responses() -> np.ndarray:
    """[3, 61] changes of the next value: not clipped; clipped with the noise re-derived; clipped with the noise kept."""
    rows = np.stack([_next(NUDGES, clip, kept) for clip, kept in ((False, False), (True, False), (True, True))])
    return rows - rows[:, [len(NUDGES) // 2]]


def _next(noise: np.ndarray, clip: bool, kept: bool) -> np.ndarray:
    a, b = steps.signal_and_noise(SIGMA)
    x = a * GUESS  # the noise is zero before the change
    guess = rules.denoised_of_noise(x, noise, a, b)
    denoised = guess.clip(-1, 1) if clip else guess
    return steps.ddim(denoised, noise if kept else rules.noise_of_denoised(x, denoised, a, b), SIGMA_NEXT)

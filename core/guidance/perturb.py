"""Errors of imagined networks: smooth random fields of the plane, the same for every seed of the particles.

A field is a sum of waves (random Fourier features) in x and in the logarithm of sigma, of mean square about 1 per
coordinate. Source: Rahimi and Recht, Random features for large-scale kernel machines, 2007.
"""

import numpy as np

Array = np.ndarray

WAVES = 8
WAVE_NUMBER = 1.5  # typical, per data unit: one bump of the error spans about one component
DRIFT = 0.7  # typical phase per unit of log sigma
SEED = 2022  # of the networks, not of the particles


class Errors:
    """Errors of predicted velocities at given levels: of the weak and the strong score, and of the classifier."""

    def __init__(self, sigmas: Array) -> None:
        rng = np.random.default_rng(SEED)
        self.waves = (WAVE_NUMBER * rng.standard_normal((WAVES, 2))).astype(np.float32)
        phases = DRIFT * np.log(np.maximum(sigmas, 1e-3))[:, None] * rng.standard_normal(WAVES)
        self.phases = (phases + rng.uniform(0, 2 * np.pi, WAVES)).astype(np.float32)[:, :, None]
        heights = rng.standard_normal((4, WAVES)) * (2 / WAVES) ** 0.5
        slopes = self.waves.T * rng.standard_normal(WAVES)  # a classifier's error is the gradient of one function
        slopes /= np.sqrt(np.square(slopes).sum(1, keepdims=True) / 2)
        self.heights = np.concatenate([heights, slopes]).astype(np.float32)

    def __call__(self, x: Array, level: int) -> Array:
        """At points x [2, n]: errors of the weak and the strong velocity and of (b / a) grad log p(y|x), [3, 2, n]."""
        return (self.heights @ np.cos(self.waves @ x + self.phases[level])).reshape(3, 2, -1)

"""Errors of imagined networks: smooth random fields of the plane, the same for every seed of the particles.

A field is a sum of waves (random Fourier features) in x and in the logarithm of sigma, of mean square about 1 per
coordinate. Source: Rahimi and Recht, Random features for large-scale kernel machines, 2007.
"""

import numpy as np

Array = np.ndarray

WAVES = 12
WAVE_NUMBER = 1.5  # typical, per data unit: one bump of the error spans about one component
DRIFT = 0.7  # typical phase per unit of log sigma
SEED = 2022  # of the networks, not of the particles


class Errors:
    """Errors in units of predicted noise at given levels: of the weak and the strong score, and of the classifier."""

    def __init__(self, sigmas: Array) -> None:
        rng = np.random.default_rng(SEED)
        self.waves = (WAVE_NUMBER * rng.standard_normal((WAVES, 2))).astype(np.float32)
        phases = DRIFT * np.log(np.maximum(sigmas, 1e-3))[:, None] * rng.standard_normal(WAVES)
        self.phases = (phases + rng.uniform(0, 2 * np.pi, WAVES)).astype(np.float32)[:, :, None]
        self.heights = (rng.standard_normal((4, WAVES)) * (2 / WAVES) ** 0.5).astype(np.float32)
        slopes = self.waves.T * rng.standard_normal(WAVES)  # a classifier's error is the gradient of one function
        self.slopes = (slopes / np.sqrt(np.square(slopes).sum(1, keepdims=True) / 2)).astype(np.float32)

    def score(self, x: Array, level: int) -> Array:
        """Errors of the weak and the strong noise prediction, [2, 2, n], at points x [2, n]."""
        return (self.heights @ self._cosines(x, level)).reshape(2, 2, -1)

    def classifier(self, x: Array, level: int) -> Array:
        """Error of b grad log p(y|x), [2, n]: a gradient field."""
        return self.slopes @ self._cosines(x, level)

    def _cosines(self, x: Array, level: int) -> Array:
        return np.cos(self.waves @ x + self.phases[level])

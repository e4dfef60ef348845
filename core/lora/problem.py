"""The linear problem on which every method is trained: predict X (W0 + change) from W0.

Convention of the article: Y = X W, W [n, m] is (inputs, outputs). PEFT keeps W^T, (outputs, inputs).
"""

from dataclasses import dataclass

import numpy as np

from core.lora.spectra import Spectrum, matrix, singular_values

Array = np.ndarray

ROWS = 128  # of data


@dataclass(frozen=True, eq=False)
class Problem:
    """Loss of weights W0 + V: |X (V - change)|^2 / (2 ROWS) = tr((V - change)^T S (V - change)) / 2."""

    pretrained: Array  # [n, m] W0, entries N(0, 1/n)
    change: Array  # [n, m] what full fine-tuning learns in the end, as large as W0 in the Frobenius norm
    data: Array  # [ROWS, n]
    covariance: Array  # [n, n] S = X^T X / ROWS, largest eigenvalue 1
    root: Array  # [n, n] symmetric square root of S
    old: Array  # [n, n] covariance of the task that W0 was trained on: same eigenvalues, another basis

    @property
    def shape(self) -> tuple[int, int]:
        return self.change.shape

    @property
    def start(self) -> float:
        """The loss of W0."""
        return float(0.5 * np.sum((self.root @ self.change) ** 2))

    def losses(self, weights: Array) -> Array:
        """[...] of weights [..., n, m], as shares of the loss of W0."""
        return 0.5 * np.sum((self.root @ (weights - self.pretrained - self.change)) ** 2, (-2, -1)) / self.start

    def forgetting(self, weights: Array) -> Array:
        """[...] of weights [..., n, m]: loss on the old task, which W0 solves, in the same unit."""
        moved = weights - self.pretrained
        return 0.5 * np.sum(moved * (self.old @ moved), (-2, -1)) / self.start


def make(spectrum: Spectrum, n: int, m: int, condition: float, seed: int) -> Problem:
    """A problem whose change has this spectrum, and whose data covariance has eigenvalues from 1 down to 1/condition."""
    rng = np.random.default_rng(seed)
    pretrained = rng.standard_normal((n, m)) / np.sqrt(n)
    change = matrix(singular_values(spectrum, min(n, m)), n, m, rng)
    change *= np.linalg.norm(pretrained) / np.linalg.norm(change)
    eigenvalues = np.geomspace(1, 1 / condition, n)
    basis, old = (np.linalg.qr(rng.standard_normal((n, n)))[0] for _ in range(2))
    rows = np.linalg.qr(rng.standard_normal((ROWS, n)))[0]
    data = np.sqrt(ROWS) * (rows * np.sqrt(eigenvalues)) @ basis.T
    covariance, past = ((each * eigenvalues) @ each.T for each in (basis, old))
    return Problem(pretrained, change, data, covariance, (basis * np.sqrt(eigenvalues)) @ basis.T, past)

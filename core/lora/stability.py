"""The learning rate at which plain gradient descent on one method stops to converge: 2 over the largest curvature.

V = s (A J + K B) moves by -eta s^2 (S V J^T J + K K^T S V) when A and B follow their gradients. Along an eigenvector of J^T J
with eigenvalue mu that is s^2 (mu S + R K K^T R) in the coordinates R V, and the largest mu counts.
"""

import numpy as np

from core.lora.methods import PRODUCTS, PROJECTIONS
from core.lora.program import Training

Array = np.ndarray

LINEAR = ("frozen_a", "frozen_b", "additive", "projection_fixed")
MOVING = ("dora", "lora_pro", "galore", "flora", "projection_fresh")  # no constant curvature


def stable_rate(root: Array, K: Array, J: Array, scale: float) -> float:
    """2 / lambda_max; root R [n, n] of the data covariance, K [n, r], J [r, m]."""
    largest = float(np.linalg.norm(J, 2)) ** 2
    seen = root @ K
    curvature = scale**2 * np.linalg.eigvalsh(largest * root @ root.T + seen @ seen.T)[-1]
    return 2 / float(curvature)


def of_method(name: str, root: Array, training: Training) -> float | None:
    """Exact for full fine-tuning and the linear methods; of a product at its start, for A and B move; None: there is none."""
    n, m = training.sides[0].shape[1], training.sides[1].shape[2]
    if name in MOVING:
        return None
    if name == "full":
        return stable_rate(root, np.zeros((n, 1)), np.eye(m), 1.0)
    if name in LINEAR:
        i = PROJECTIONS.index(name)
        return stable_rate(root, training.sides[0][i], training.sides[1][i], float(training.scales[1][i]))
    i = PRODUCTS.index(name)
    A, B = training.starts
    return stable_rate(root, A[i], B[i], float(training.scales[0][i]))

"""What one LoRA layer costs in the two orders of multiplication: X (W0 + A B) against X W0 + (X A) B.

Formulas, beside measurements that ship (python -m core.lora.measure). Article, equations 2 to 5: only the second order avoids
the full gradient of W.
"""

import json
from functools import cache
from typing import Any

import numpy as np

from core.digits import manifest

Array = np.ndarray

ASSET = "lora/cost.json"
ORDERS = ("merged", "split")
BYTES = 8


def merged(X: Array, W0: Array, A: Array, B: Array, G: Array) -> tuple[Array, ...]:
    """Y and the gradients of X, A, B from G = dL/dY, with W = W0 + A B made first."""
    W = A @ B
    W += W0
    Y, grad_X, grad_W = X @ W, G @ W.T, X.T @ G
    return Y, grad_X, grad_W @ B.T, A.T @ grad_W


def split(X: Array, W0: Array, A: Array, B: Array, G: Array) -> tuple[Array, ...]:
    """The same with X A made first."""
    Z = X @ A
    Y = Z @ B
    Y += X @ W0
    grad_Z = G @ B.T
    grad_X = grad_Z @ A.T
    grad_X += G @ W0.T
    return Y, grad_X, X.T @ grad_Z, Z.T @ G


def full(X: Array, W: Array, G: Array) -> tuple[Array, ...]:
    """Full fine-tuning: Y and the gradients of X and W."""
    return X @ W, G @ W.T, X.T @ G


def flops(order: str, b: int, n: int, m: int, r: Array | int) -> Array:
    """Forward and backward, two for each multiplication with addition; b tokens, W0 [n, m]."""
    own = 6 * n * m * r if order == "merged" else 6 * b * (n + m) * r
    return np.asarray((6 if order == "merged" else 4) * b * n * m + own)


def peak_bytes(order: str, b: int, n: int, m: int, r: Array | int) -> Array:
    """The most that is held at once besides X, W0, A, B and G."""
    r = np.asarray(r)
    if order == "merged":
        return BYTES * (2 * n * m + b * (n + m) + r * (n + m))
    return BYTES * np.maximum(2 * b * r + b * (n + m) + np.maximum(b * n, r * (n + m)), b * r + 2 * b * m)


def full_flops(b: int, n: int, m: int) -> int:
    return 6 * b * n * m


def full_peak_bytes(b: int, n: int, m: int) -> int:
    return BYTES * (n * m + b * (n + m))


@cache
def table() -> dict[str, Any]:
    """What was measured: tokens, side, ranks, flops_merged, flops_split, bytes_merged, bytes_split."""
    found: dict[str, Any] = json.loads(manifest.verified(ASSET).read_text())
    return found

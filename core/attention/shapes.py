"""Laws of the logits of attention_entropy, their draws, and what is measured of each draw."""

from enum import Enum
from typing import Literal

import numpy as np

from core.parameters import Variant, choice, slider

Array = np.ndarray
WIDEST = 8.0  # spread at the right end of the curves
WORK, FEWEST, MOST = 2**15, 8, 512  # random numbers at every measured spread; draws
TRAINED_LENGTH = 512  # of the log n scale: there it equals 1 / sqrt d
CHI_NODES = 7


class Scaling(Enum):
    """Of q k^T before the softmax."""

    ROOT = "inverse_root"  # 1 / sqrt d
    NONE = "none"  # 1
    LINEAR = "inverse"  # 1 / d
    LOG = "log_length"  # log n / (sqrt d log 512)


class Shaped(Variant):
    """Independent logits of a given deviation."""

    spread: float = slider(1.0, 0.0, WIDEST, 0.05, "logits", "standard deviation of the logits")


class GaussianShape(Shaped):
    kind: Literal["gaussian"] = "gaussian"


class UniformShape(Shaped):
    kind: Literal["uniform"] = "uniform"


class KeysAndQuery(Variant):
    """q k^T of standard normal vectors: given q, Gaussian of deviation |q| times the scale."""

    kind: Literal["keys"] = "keys"
    dimension: int = slider(64, 1, 512, 1, "dimensions", "dimension d of query and keys")
    scaling: Scaling = choice(Scaling.ROOT, "what q k^T is multiplied by before the softmax")


def draws_for(n: int) -> int:
    return min(max(WORK // n, FEWEST), MOST)


def standard(shape: str, n: int, rng: np.random.Generator) -> Array:
    """[R, n] float32 logits of variance 1."""
    count = (draws_for(n), n)
    if shape == "uniform":
        return (2 * rng.random(count, np.float32) - 1) * np.float32(3**0.5)
    return rng.standard_normal(count, np.float32)


def draw(which: Shaped | KeysAndQuery, n: int, rng: np.random.Generator) -> Array:
    """[R, n] logits of the choice. Given the query, keys' logits are independent Gaussians: only its length is drawn."""
    if isinstance(which, Shaped):
        return np.float32(which.spread) * standard(which.kind, n, rng)
    unit = standard("gaussian", n, rng)
    length = np.sqrt(rng.chisquare(which.dimension, (len(unit), 1)))
    return (length * scale(which, n)).astype(np.float32) * unit


def scale(which: KeysAndQuery, n: int) -> float:
    """What q k^T is multiplied by."""
    d = which.dimension
    factors = {Scaling.ROOT: d**-0.5, Scaling.NONE: 1.0, Scaling.LINEAR: 1 / d}
    return factors.get(which.scaling, np.log(n) / np.log(TRAINED_LENGTH) * d**-0.5)


def mixture(which: Shaped | KeysAndQuery, n: int) -> tuple[Array, Array]:
    """(spreads, weights that sum to 1): one spread, or those of a query's length by Gauss-Laguerre quadrature of |q|^2 / 2."""
    if isinstance(which, Shaped):
        return np.array([which.spread]), np.ones(1)
    from scipy.special import eval_genlaguerre, roots_genlaguerre  # noqa: PLC0415  the page opens without scipy

    order = which.dimension / 2 - 1
    half = roots_genlaguerre(CHI_NODES, order)[0]  # its weights overflow from d = 340 on
    weight = half / eval_genlaguerre(CHI_NODES + 1, order, half) ** 2
    return scale(which, n) * np.sqrt(2 * half), weight / weight.sum()


def statistics(s: Array) -> Array:
    """[3, R]: entropy in nats, sum p^2, squared Frobenius norm of the Jacobian diag(p) - p p^T, of logits [R, n] float32."""
    moved = s - s.max(1, keepdims=True)
    raised = np.exp(moved)
    total = raised.sum(1)
    p = raised / total[:, None]
    entropy = np.log(total) - (p * moved).sum(1)
    square = (p**2).sum(1)
    return np.array([entropy, square, square - 2 * (p**3).sum(1) + square**2], float)

"""Logits of one query and the values of its tokens."""

from typing import Literal

import numpy as np

from core.lists import Numbers, numbers
from core.parameters import Variant, slider

Array = np.ndarray
MOST_TOKENS = 4000
FURTHEST = 2.5  # deviations: one logit far above all others does not drag its value out of sight
VALUE_RMS = 2**0.5  # root mean square length of a value: two coordinates of variance 1


class Many(Variant):
    """Logits drawn from a law."""

    tokens: int = slider(500, 1, MOST_TOKENS, 1, "tokens", "number of tokens n that are attended to")


class GaussianLogits(Many):
    kind: Literal["gaussian"] = "gaussian"
    spread: float = slider(1.0, 0.0, 4.0, 0.05, "logits", "standard deviation of the logits")


class UniformLogits(Many):
    kind: Literal["uniform"] = "uniform"
    half_width: float = slider(1.5, 0.0, 6.0, 0.05, "logits", "logits lie between minus and plus this")


class PeakedLogits(Many):
    """One token stands out, all others are alike."""

    kind: Literal["peaked"] = "peaked"
    gap: float = slider(6.0, 0.0, 20.0, 0.1, "logits", "how far the first logit is above all others")


class OwnLogits(Variant):
    kind: Literal["own"] = "own"
    own_logits: Numbers = numbers(
        (2.0, 1.0, 0.5, 0.0, -1.0, -2.0),
        -100,
        100,
        1,
        64,
        "logits of your own, one a token; -100 beside ordinary logits masks a token",
    )


Logits = GaussianLogits | UniformLogits | PeakedLogits | OwnLogits


def count(which: Logits) -> int:
    """Tokens n."""
    return len(which.own_logits) if isinstance(which, OwnLogits) else which.tokens


def logits(which: Logits, rng: np.random.Generator) -> Array:
    """[n] logits."""
    if isinstance(which, OwnLogits):
        return np.array(which.own_logits)
    if isinstance(which, GaussianLogits):
        return which.spread * rng.standard_normal(which.tokens)
    if isinstance(which, UniformLogits):
        return which.half_width * rng.uniform(-1, 1, which.tokens)
    return np.where(np.arange(which.tokens) == 0, which.gap, 0.0)


def values(s: Array, alignment: float, rng: np.random.Generator) -> Array:
    """[n, 2] values, both coordinates of variance 1 or less; the first correlates with the logit by `alignment`."""
    deviation = s.std()
    along = np.clip((s - s.mean()) / deviation, -FURTHEST, FURTHEST) if deviation else np.zeros_like(s)
    drawn = rng.standard_normal((len(s), 2))
    drawn[:, 0] = alignment * along + (1 - alignment**2) ** 0.5 * drawn[:, 0]
    return drawn


def softmax(s: Array) -> Array:
    """Over the last axis, float64."""
    raised = np.exp(s - s.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def attend(s: Array, v: Array) -> Array:
    """o = sum_i softmax(s)_i v_i; s [..., n], v [n, d] -> [..., d] (article 9593)."""
    return softmax(s) @ v

"""Logits in few bits: real rounding, to nearest with ties to even, and the noise it amounts to.

Softmax does not see a common shift, rounding does: every draw shifts all logits by another part of a step.
Formats: bfloat16, IEEE 754 binary16, FP8 E4M3 (arXiv:2209.05433), int8 per row by the largest value (LLM.int8(),
arXiv:2208.07339).
"""

import numpy as np

from core.attention.laws import Format, Rounding

Array = np.ndarray
FLOATS = {Format.BF16: (7, -126), Format.FP16: (10, -14), Format.FP8: (3, -6)}  # bits after the point, lowest exponent
LARGEST_INT8 = 127


def steps(x: Array, number_format: Format) -> Array:
    """Distance of neighbouring numbers at each x [..., n]; for int8 one a row."""
    if number_format is Format.INT8:
        return np.abs(x).max(-1, keepdims=True) / LARGEST_INT8 + np.zeros_like(x)
    bits, lowest = FLOATS[number_format]
    exponent = np.maximum(np.frexp(x)[1] - 1, lowest)
    return np.ldexp(1.0, exponent - bits)


def rounded(x: Array, number_format: Format) -> Array:
    """The nearest number of the format, float64; magnitudes stay far below the largest of every format."""
    step = steps(x, number_format)
    safe = np.where(step > 0, step, 1.0)
    return np.rint(x / safe) * safe


def rounding_errors(law: Rounding, s: Array, rng: np.random.Generator, draws: int) -> Array:
    """[draws, n] what rounding adds to each logit of s [n]; the first draw is without a shift."""
    raised = s + law.offset
    shift = rng.uniform(0, steps(raised, law.number_format).max(), (draws, 1))
    shift[0] = 0
    moved = raised + shift
    return rounded(moved, law.number_format) - moved


def rounding_variation(law: Rounding, s: Array) -> Array:
    """[n] c^2 of uniform noise of half a step, a coth a - 1; int8 holds its largest magnitude without an error."""
    raised = s + law.offset
    half = steps(raised, law.number_format) / 2
    if law.number_format is Format.INT8:
        half = np.where(np.abs(raised) < np.abs(raised).max(), half, 0.0)
    safe = np.where(half > 0, half, 1.0)
    return np.where(half > 1e-3, safe / np.tanh(safe) - 1, half**2 / 3)

"""What the numbers of a matrix are: logits before the softmax, or weights after it."""

from enum import Enum

import numpy as np

from core.attention.matrix.reading import MatrixError

Array = np.ndarray

ROUNDING = 0.02  # of the sum of a row of weights that were stored in few digits


class Meaning(Enum):
    """Of the numbers."""

    AUTO = "auto"  # weights where no number is negative and every row adds up to 1, else logits
    LOGITS = "logits"
    WEIGHTS = "weights"


def are_weights(found: Array) -> bool:
    """Whether [..., n] can be rows of attention weights: none negative, each adding up to 1 within its rounding."""
    return bool((found >= 0).all() and (np.abs(found.sum(-1) - 1) <= ROUNDING).all())


def logits(found: Array, meaning: Meaning) -> tuple[Array, bool]:
    """([matrices, rows, columns] logits, -inf where no attention may go; whether the numbers were weights).

    Weights p become log p, whose softmax they are. Raises MatrixError for weights that are negative or do not add up to 1.
    """
    if meaning is Meaning.LOGITS or (meaning is Meaning.AUTO and not are_weights(found)):
        return found, False
    if (negative := found < 0).any():
        _, row, column = (int(each) + 1 for each in np.argwhere(negative)[0])
        message = f"should have weights of 0 or more in row {row}, column {column}"
        value = f"{found[negative][0]:g}"
        raise MatrixError("matrix_negative", message, 0, value, row, str(column))
    off = np.abs(found.sum(-1) - 1) > ROUNDING
    if off.any():
        _, row = (int(each) + 1 for each in np.argwhere(off)[0])
        message = f"should have weights that add up to 1 within {ROUNDING:g} in row {row}"
        raise MatrixError("matrix_sum", message, f"1 ± {ROUNDING:g}", f"{found.sum(-1)[off][0]:.4g}", row)
    with np.errstate(divide="ignore"):
        return np.log(found), True

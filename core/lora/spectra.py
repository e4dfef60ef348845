"""How the singular values of a matrix fall: the choices that both experiments share."""

from typing import Literal

import numpy as np

from core.parameters import Variant, slider

Array = np.ndarray


class PowerLaw(Variant):
    """Singular value i is i^-decay; decay 0 is flat."""

    kind: Literal["power"] = "power"
    decay: float = slider(0.5, 0.0, 3.0, 0.1, doc="singular value i falls like i to the minus this; 0 is flat")


class LowRank(Variant):
    """A few equal singular values, and a tail of smaller ones."""

    kind: Literal["low_rank"] = "low_rank"
    true_rank: int = slider(4, 1, 8, 1, doc="number of large singular values")
    tail: float = slider(0.1, 0.0, 1.0, 0.05, "of the first", "singular values after them", advanced=True)


Spectrum = PowerLaw | LowRank


def singular_values(which: Spectrum, count: int) -> Array:
    """[count], falling, the first 1."""
    if isinstance(which, PowerLaw):
        return np.arange(1.0, count + 1) ** -which.decay
    return np.where(np.arange(count) < which.true_rank, 1.0, which.tail)


def matrix(values: Array, rows: int, columns: int, rng: np.random.Generator) -> Array:
    """[rows, columns] with these singular values and independent, uniformly distributed singular vectors."""
    left, right = (np.linalg.qr(rng.standard_normal((size, len(values))))[0] for size in (rows, columns))
    return (left * values) @ right.T

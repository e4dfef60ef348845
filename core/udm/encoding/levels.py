"""How strong signal and noise are at t: a_t = cos(pi t / 2), b_t = sin(pi t / 2), as everywhere in core.udm."""

import numpy as np

from core.udm.linear import Level

Array = np.ndarray

NONE = np.zeros((1, 1))


def level(t: float) -> Level:
    """F_t of codes [n, d], every field [1, 1]: all coordinates are alike."""
    cos, sin = (np.full((1, 1), each) for each in scales(t))
    turn = np.pi / 2
    return Level(cos, NONE, sin, -turn * sin, NONE, turn * cos)


def scales(t: float) -> tuple[float, float]:
    """(a_t, b_t)."""
    return float(np.cos(np.pi * t / 2)), float(np.sin(np.pi * t / 2))


def signal_to_noise(t: float) -> float:
    """a^2 / b^2, of a coordinate whose variance is one; infinite at t = 0."""
    a, b = scales(t)
    return (a / b) ** 2 if b else float("inf")

"""Laws of the plane for udm_plane."""

from functools import lru_cache
from typing import Literal

import numpy as np

from core.lists import Points, points
from core.mixture import Mixture, equal_mixture
from core.parameters import Variant, slider

SQUARE = 3.0  # the picture reaches from -SQUARE to SQUARE


class Drawn(Variant):
    """Three by three, a ring of eight, two broad islands, or the branches of a cross."""

    kind: Literal["lattice", "ring", "islands", "cross"] = "lattice"


class Edited(Variant):
    """Round components wherever they are dragged."""

    kind: Literal["edited"] = "edited"
    centres: Points = points(((-1.5, -1.0), (1.5, -1.0), (0.0, 1.6)), -2.5, 2.5, 1, 8, "centres of the components")
    spread: float = slider(0.25, 0.1, 1.0, 0.05, "data units", "deviation of every component")


LawChoice = Drawn | Edited


@lru_cache(maxsize=64)
def law(which: LawChoice) -> Mixture:
    """The mixture of a choice; the same object for equal choices."""
    if isinstance(which, Edited):
        return _round(np.array(which.centres), which.spread)
    return FIXED[which.kind]()


def _islands() -> Mixture:
    return _round(np.array([[-1.4, -0.8], [1.4, 0.8]]), 0.4)


def _ring() -> Mixture:
    angles = (np.arange(8) + 0.5) * np.pi / 4
    return _round(1.9 * np.stack([np.cos(angles), np.sin(angles)], 1), 0.2)


def _lattice() -> Mixture:
    places = np.array([-1.6, 0.0, 1.6])
    return _round(np.stack(np.meshgrid(places, places), -1).reshape(-1, 2), 0.22)


def _cross() -> Mixture:
    """Four slanted branches around the origin."""
    angles = np.pi / 4 + np.arange(4) * np.pi / 2
    axes = np.stack([np.cos(angles), np.sin(angles)], 1)
    along = axes[:, :, None] * axes[:, None, :]
    return equal_mixture(1.3 * axes, 0.45**2 * along + 0.12**2 * (np.eye(2) - along))


def _round(means: np.ndarray, deviation: float) -> Mixture:
    return equal_mixture(means, np.broadcast_to(deviation**2 * np.eye(2), (len(means), 2, 2)))


FIXED = {"islands": _islands, "ring": _ring, "lattice": _lattice, "cross": _cross}

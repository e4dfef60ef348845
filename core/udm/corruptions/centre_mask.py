"""A grey square grows from the middle."""

import numpy as np

from core.udm.corruption import Array, Corruption


class CentreMask(Corruption):
    """The square covers the share t of the picture."""

    order = 60

    def apply(self, clean: Array, eps: Array, t: float) -> Array:  # noqa: ARG002
        return np.where(_inside(clean, t), 0.0, clean)

    def expected_error(self, clean: Array, eps: Array, t: float) -> float:  # noqa: ARG002
        """The picture's energy inside the square."""
        return float(np.square(clean)[_inside(clean, t)[..., 0]].sum()) / clean.size


def _inside(clean: Array, t: float) -> Array:
    """[h, w, 1]: which points are in the square."""
    away = [np.abs(np.arange(side) - (side - 1) / 2) / (side / 2) for side in clean.shape[:2]]
    return (np.maximum(away[0][:, None], away[1]) < t**0.5)[..., None]

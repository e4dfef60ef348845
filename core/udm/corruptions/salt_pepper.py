"""Single points become black or white."""

import numpy as np

from core.udm.channel import Channel
from core.udm.corruption import Array, Corruption


class SaltPepper(Corruption):
    """A point turns black or white, either as likely, at its own uniform time."""

    order = 90

    def draw(self, rng: np.random.Generator, other: Array) -> Array:
        """[2, h, w, 1]: when, and to which colour."""
        return rng.random((2, *other.shape[:2], 1))

    def apply(self, clean: Array, eps: Array, t: float) -> Array:
        when, colour = eps
        return np.where(when < t, np.where(colour < 0.5, -1.0, 1.0), clean)

    def channel(self, clean: Array, eps: Array, t: float) -> Channel:  # noqa: ARG002
        return Channel(kept=1 - t, fill=1.0)

"""Fewer and fewer, larger and larger points."""

import numpy as np

from core.udm.corruption import Array, Corruption


def cells(side: int, t: float) -> int:
    """Points a side that are left: side^(1 - t), rounded."""
    return round(side ** (1 - t))


class Pixelate(Corruption):
    """Means over blocks: an orthogonal projection on 3 cells^2 dimensions, so what is lost is a difference of energies."""

    order = 30

    def apply(self, clean: Array, eps: Array, t: float) -> Array:  # noqa: ARG002
        means, edges = _means(clean, t)
        lengths = np.diff(edges)
        return means.repeat(lengths, 0).repeat(lengths, 1)

    def expected_error(self, clean: Array, eps: Array, t: float) -> float:  # noqa: ARG002
        means, edges = _means(clean, t)
        areas = np.multiply.outer(np.diff(edges), np.diff(edges))
        return float(np.square(clean).sum() - (areas[..., None] * np.square(means)).sum()) / clean.size


def _means(clean: Array, t: float) -> tuple[Array, Array]:
    """Mean colour of every block, [n, n, 3], and the n + 1 edges of the blocks."""
    side = len(clean)
    edges = np.round(np.linspace(0, side, cells(side, t) + 1)).astype(int)
    sums = np.add.reduceat(np.add.reduceat(clean, edges[:-1], 0), edges[:-1], 1)
    lengths = np.diff(edges)
    return sums / np.multiply.outer(lengths, lengths)[..., None], edges

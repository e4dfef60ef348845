"""All parameters of all methods as one vector, and the two optimisers that move it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from core.parameters import Variant

Array = np.ndarray


class Sgd(Variant):
    kind: Literal["sgd"] = "sgd"


class Adam(Variant):
    """Kingma and Ba, arXiv:1412.6980."""

    kind: Literal["adam"] = "adam"


Optimiser = Sgd | Adam

MOMENTS = {"sgd": 0, "adam": 2}  # numbers kept for each trained one
DECAY1, DECAY2, TINY = 0.9, 0.999, 1e-8


class Flat:
    """value, gradient and rate [p]; blocks are views of the first two, in the order given.

    blocks: (initial values, learning rates that broadcast to them).
    """

    def __init__(self, blocks: Sequence[tuple[Array, Array | float]], optimiser: str) -> None:
        self.value = np.concatenate([start.ravel() for start, _ in blocks])
        self.rate = np.concatenate([np.broadcast_to(rate, start.shape).ravel() for start, rate in blocks])
        self.gradient, self.move = np.zeros_like(self.value), np.zeros_like(self.value)
        self.ends = np.cumsum([start.size for start, _ in blocks]).tolist()
        self.shapes = [start.shape for start, _ in blocks]
        self.values, self.gradients = self.views(self.value), self.views(self.gradient)
        self.rule = AdamRule(self) if optimiser == "adam" else SgdRule(self)

    def views(self, vector: Array) -> list[Array]:
        """Any vector [p] as blocks."""
        pieces = np.split(vector, self.ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, self.shapes, strict=True)]

    def step(self, share: float) -> None:
        """One step with every learning rate times share."""
        np.multiply(self.rate, share, out=self.move)  # everything in place: large temporaries cost more than the sums
        self.move *= self.rule.direction()
        self.value -= self.move


class SgdRule:
    def __init__(self, flat: Flat) -> None:
        self.flat = flat

    def direction(self) -> Array:
        return self.flat.gradient

    def forget(self, blocks: Sequence[int], i: int) -> None:
        """There is nothing to forget."""

    def carry(self, block: int, i: int, change: Array) -> None:
        """There is nothing to carry over."""


class AdamRule:
    """Bias correction is kept for every number, so that a restart can begin some of them anew."""

    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.mean, self.square = np.zeros_like(flat.value), np.zeros_like(flat.value)
        self.scratch = np.empty_like(flat.value), np.empty_like(flat.value)
        self.left1, self.left2 = np.ones_like(flat.value), np.ones_like(flat.value)  # weight of what was before the start

    def direction(self) -> Array:
        """mean / (sqrt(square) + TINY), both corrected for the zeros they began with; written over by the next call."""
        gradient, one, two = self.flat.gradient, *self.scratch
        self._follow(self.mean, gradient, DECAY1, one)
        self._follow(self.square, np.multiply(gradient, gradient, out=two), DECAY2, one)
        self.left1 *= DECAY1
        self.left2 *= DECAY2
        np.subtract(1, self.left2, out=one)
        np.divide(self.square, one, out=one)
        np.sqrt(one, out=one)
        one += TINY
        np.subtract(1, self.left1, out=two)
        two *= one
        return np.divide(self.mean, two, out=two)

    @staticmethod
    def _follow(moment: Array, sample: Array, decay: float, scratch: Array) -> None:
        np.subtract(sample, moment, out=scratch)
        scratch *= 1 - decay
        moment += scratch

    def forget(self, blocks: Sequence[int], i: int) -> None:
        """Begin anew for member i of these blocks."""
        for vector, start in ((self.mean, 0), (self.square, 0), (self.left1, 1), (self.left2, 1)):
            views = self.flat.views(vector)
            for block in blocks:
                views[block][i] = start

    def carry(self, block: int, i: int, change: Array) -> None:
        """The mean of the gradients of member i of a block, in the coordinates of its new projection (Flora, algorithm 2)."""
        mean = self.flat.views(self.mean)[block][i]
        mean[:] = change @ mean

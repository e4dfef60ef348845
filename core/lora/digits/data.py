"""The pictures of a new world, to learn from and to be read: the first without torch."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.digits.data import split
from core.lora.digits.params import Params
from core.lora.digits.worlds import Alphabet, World

Array = np.ndarray

TESTED = 1000  # pictures of each world that accuracies are of


@dataclass(frozen=True, eq=False)
class Labelled:
    pictures: Array  # [n, 28, 28] float32 in [-1, 1]
    labels: Array  # [n]


def rows_to_learn(p: Params) -> Array:
    """[examples] rows of the training digits."""
    rng = np.random.default_rng((p.seed, 3))
    return rng.permutation(len(split("train").labels))[: p.examples]


def to_learn(p: Params) -> Labelled:
    """Training digits in the new world, or the visitor's letters warped anew each time."""
    if isinstance(p.world, Alphabet):
        return warped(p.world.of("train"), p.examples, p.seed)
    digits, rows = split("train"), rows_to_learn(p)
    return Labelled(p.world.of(digits.pictures[rows]), digits.labels[rows])


def to_read(world: World, count: int = TESTED) -> Labelled:
    """So many pictures of the new world that nobody has learnt from, in an order without order."""
    if isinstance(world, Alphabet):
        return warped(world.of("test"), count, 0)
    old = old_world(count)
    return Labelled(world.of(old.pictures), old.labels)


@cache
def old_world(count: int = TESTED) -> Labelled:
    """The first test digits as they are, shuffled once so that any first part of them is mixed."""
    digits = split("test")
    order = np.random.default_rng(9590).permutation(len(digits.labels))[:count]
    return Labelled(digits.pictures[order], digits.labels[order])


def warped(drawings: Array, count: int, seed: int) -> Labelled:
    """[count, 28, 28]: the drawings in turn, each turned, moved and crumpled a little as the networks' training digits were.

    Runs torch: call it inside core.digits.door.AT_WORK.
    """
    import torch  # noqa: PLC0415  the page opens without it

    from core.digits.recipes import Batch  # noqa: PLC0415

    labels = np.arange(count) % len(drawings)
    batch = Batch(torch.from_numpy(drawings[labels]), torch.from_numpy(labels), torch.Generator().manual_seed(seed))
    return Labelled(batch.warped().numpy(), labels)

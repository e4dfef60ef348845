"""Backwards: x_0 is predicted from the code's x_t, the prediction is encoded, and a rule makes x_{t-1} of it.

The last prediction x_0 ~ q(x_0 | x_1) is returned as it is. Source: Su Jianlin, kexue.fm/archives/9271, the encoding model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from core.udm.encoding.levels import level
from core.udm.encoding.params import Predictor
from core.udm.rules import Rule, fresh_share, partial_step

Array = np.ndarray


class Predicts(Protocol):
    """q(x_0 | x_t), whatever it is."""

    def predicted(self, predictor: Predictor, rng: np.random.Generator) -> Array: ...


class Encodes(Protocol):
    """E and q."""

    def encode(self, pictures: Array) -> Array: ...

    def believe(self, x: Array, t: float) -> Predicts: ...


def noised(code: Array, eps: Array, t: float) -> Array:
    """x_t = a_t E(x_0) + b_t eps, [n, d]."""
    return level(t).apply(code, eps)


@dataclass(frozen=True)
class Way:
    """How each step back is made; `last` stands for x_0 at the last one, where it is not as on the way."""

    rule: Rule
    predictor: Predictor
    last: Predictor | None = None


def walk(model: Encodes, x: Array, strengths: Array, way: Way, rng: np.random.Generator) -> Iterator[Array]:
    """The prediction of x_0 [n, P] at each of the strengths, falling, for codes x [n, d] that have the first one."""
    for t, after in pairwise([*strengths.tolist(), 0.0]):
        x0 = model.believe(x, t).predicted(way.predictor if after > 0 else way.last or way.predictor, rng)
        yield x0
        if after > 0:
            now, later = level(t), level(after)
            share = float(fresh_share(way.rule, now, later, t - after)[0, 0])
            z = rng.standard_normal(x.shape, np.float32) if share else 0.0
            x = partial_step(x, model.encode(x0), z, now, later, share).astype(np.float32)


def without_grain(rule: Rule, predictor: Predictor) -> Way:
    """The way of samples: of the last draw the deviation of the pixels is left out, for it is nothing but grain."""
    return Way(rule, predictor, Predictor.PART if predictor is Predictor.DRAW else predictor)


def strengths(steps: int, first: float = 1.0) -> Array:
    """[steps] from the first one down in equal steps; the next one would be 0."""
    return np.linspace(first, 0, steps, endpoint=False)


def straight_way(one: Array, other: Array, count: int) -> Array:
    """[count, d] codes from one [d] to the other in equal steps."""
    share = np.linspace(0, 1, count)[:, None]
    return (1 - share) * one + share * other


def great_circle(one: Array, other: Array, count: int) -> Array:
    """[count, d] codes that turn from one [d] to the other, their lengths between the two (Shoemake's slerp, 1985).

    Where the two point the same way, or opposite ways, this is the straight way: there is no one great circle then.
    """
    share = np.linspace(0, 1, count)[:, None]
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    angle = np.arccos(np.clip(one @ other / (lengths[0] * lengths[1]), -1, 1)) if min(lengths) > 0 else 0.0
    if np.sin(angle) < 1e-6:
        return straight_way(one, other, count)
    directions = (np.sin((1 - share) * angle) * one / lengths[0] + np.sin(share * angle) * other / lengths[1]) / np.sin(angle)
    return directions * ((1 - share) * lengths[0] + share * lengths[1])

"""What stands for x_0 in a step: the trained network, or the exact posterior of a picture set, its mean or a draw from it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.udm.restoration import params
from core.udm.restoration.exact import Posterior
from core.udm.restoration.forward import Level

Array = np.ndarray


class Predictor(Protocol):
    """x_t [n, 28, 28] and what is known of it -> x_0 [n, 28, 28]."""

    def __call__(self, x: Array, pattern: Array, level: Level, sources: list[np.random.Generator]) -> Array: ...


class Network:
    """The posterior mean as the network has learnt it."""

    def __call__(self, x: Array, pattern: Array, level: Level, sources: list[np.random.Generator]) -> Array:  # noqa: ARG002
        from core.udm.restoration.restorer import restore  # noqa: PLC0415  torch takes seconds; the preview does not wait

        return restore(x, level)


@dataclass(frozen=True, eq=False)
class Exact:
    """Of pictures [N, 28, 28]."""

    pictures: Array
    draws: bool

    def __call__(self, x: Array, pattern: Array, level: Level, sources: list[np.random.Generator]) -> Array:
        posterior = Posterior(self.pictures, level)
        return posterior.draw(x, pattern, sources) if self.draws else posterior.mean(x, pattern)


def predictor(which: params.Predictor, pictures: Array) -> Predictor:
    """As asked for."""
    return Network() if which is params.Predictor.NETWORK else Exact(pictures, which is params.Predictor.EXACT_DRAWN)

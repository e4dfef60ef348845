"""One method alone, as the oracles need it: its own stack of one, moved by hand."""

import numpy as np

from core.lora.families import Magnitude, Products, Projections
from core.lora.problem import Problem
from core.lora.starts import Start


class One:
    """A product of one method under plain SGD; with a magnitude, DoRA."""

    def __init__(self, pretrained: np.ndarray, start: Start, scale: float = 1.0, dora: bool = False) -> None:
        self.family = Products(pretrained, [start], [scale])
        A, B = (each.copy() for each in self.family.first)
        self.values, self.gradients = [A, B], [np.zeros_like(A), np.zeros_like(B)]
        self.family.attach(self.values, self.gradients)
        self.magnitude = Magnitude(pretrained) if dora else None
        if self.magnitude:
            self.magnitude.attach(self.magnitude.first.copy(), np.zeros_like(self.magnitude.first))

    def weights(self) -> np.ndarray:
        out = np.empty_like(self.family.base)
        self.family.weights(out)
        if self.magnitude:
            self.magnitude.weights(out[0])
        return out[0].copy()

    def pull(self, G: np.ndarray) -> None:
        G = G.copy()
        if self.magnitude:
            self.magnitude.pull(G)
        self.family.pull(G[None])

    def step(self, rate: float) -> None:
        for i, gradient in enumerate(self.gradients):
            self.values[i] -= rate * gradient
        if self.magnitude:
            self.magnitude.length -= rate * self.magnitude.gradient

    def train(self, problem: Problem, rate: float, steps: int) -> np.ndarray:
        """Weights after so many steps."""
        for _ in range(steps):
            self.pull(problem.covariance @ (self.weights() - problem.pretrained - problem.change))
            self.step(rate)
        return self.weights()


def projections(pretrained: np.ndarray, K: np.ndarray, J: np.ndarray, scale: float = 1.0):
    """A family of one projection, with its values and gradients."""
    family = Projections(pretrained, [(K, J)], [scale])
    A, B = (each.copy() for each in family.first)
    family.attach((A, B), (np.zeros_like(A), np.zeros_like(B)))
    return family


def random_start(rng: np.random.Generator, n: int, m: int, r: int) -> Start:
    return Start(rng.standard_normal((n, r)), rng.standard_normal((r, m)))

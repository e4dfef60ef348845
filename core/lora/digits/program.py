"""All adapters trained on the same batches in one program: one pass over two stacks, one optimiser."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from core.lora.digits.adapters import Adapter, columns
from core.lora.digits.layers import Cut, Layer
from core.lora.digits.params import DENSE
from core.lora.digits.stacks import Dense, Products
from core.lora.flat import DECAY1, DECAY2, TINY

Array = np.ndarray


@dataclass(frozen=True)
class Recipe:
    """How to train; every adapter obeys it."""

    rate: float  # of A and B
    dense_rate: float  # of W itself
    alpha: float
    steps: int
    batch: int
    optimiser: str  # "adam" or "sgd"
    seed: int

    def share(self, t: int) -> float:
        """Of the learning rate at step t: half a cosine."""
        return 0.5 * (1 + np.cos(np.pi * t / self.steps))


class Program:
    """The stacks of one training. seen [N, ...] is what the trunk makes of the pictures to learn from, labels [N]."""

    def __init__(self, cut: Cut, recipe: Recipe, adapters: list[Adapter], seen: Tensor, labels: Tensor) -> None:
        self.cut, self.recipe, self.adapters = cut, recipe, adapters
        self.seen, self.labels = seen, labels
        self.dense_ones = [each for each in adapters if each.method in DENSE]
        self.low_ones = [each for each in adapters if each.method not in DENSE]
        self.full_ones = [each for each in adapters if each.method == "full"]
        if adapters[: len(self.full_ones)] != self.full_ones or adapters != self.dense_ones + self.low_ones:
            raise ValueError("full fine-tuning should come first, then fresh projections, then products")
        self.dense = Dense(cut.layers, len(self.dense_ones)) if self.dense_ones else None
        self.low = self._low() if self.low_ones else None
        self.base = cut.layers[0].base(seen) if self.low else None
        self.order = np.random.default_rng((recipe.seed, 1))
        self.rules = self._rules()
        self.values = self._moved()
        self.at = 0

    def _low(self) -> Products:
        self.columns = columns(self.low_ones, self.recipe.alpha)
        dtype = self.seen.dtype
        factors = [
            (
                torch.cat([start(self.recipe.seed, each, i, layer) for each in self.low_ones]).to(dtype),
                torch.zeros(len(self.columns.owner), layer.shape[1], dtype=dtype),
            )
            for i, layer in enumerate(self.cut.layers)
        ]
        return Products(self.cut.layers, self.columns, factors)

    def _rules(self) -> "list[Rule]":
        """How the factors A, the factors B and the weights move; fresh projections have a way of their own."""
        found: list[Rule] = []
        if self.low:
            window, rate = (self.columns.begins, self.columns.ends), self.recipe.rate
            A, B = (list(each) for each in zip(*self.low.factors, strict=True))
            found += [Rule(A, rate * self.columns.rate_a, self.recipe, window)]
            found += [Rule(B, rate * self.columns.rate_b, self.recipe, window)]
        if self.dense:
            paces = np.array([each.pace for each in self.full_ones])
            own = [weight.detach()[: len(paces)] for weight in self.dense.weights]
            found += [Rule(own, self.recipe.dense_rate * paces, self.recipe)]
        return found

    def _moved(self) -> list[Tensor]:
        """Everything that a gradient is needed of, in the order of the rules."""
        factors = [value for rule in self.rules[:2] for value in rule.values] if self.low else []
        return [*factors, *(self.dense.weights if self.dense else [])]

    def logits(self, seen: Tensor, base: Tensor | None = None) -> Tensor:
        """[b, V, 10] of all adapters, in their order."""
        stacks = [stack for stack in (self.dense, self.low) if stack is not None]
        return torch.cat([stack.logits(seen, base) for stack in stacks], 1)

    def step(self) -> Array:
        """[V] losses of the next batch, before the step that it brings."""
        size = min(self.recipe.batch, len(self.labels))
        rows = torch.from_numpy(self.order.choice(len(self.labels), size, replace=False))
        base = None if self.base is None else self.base[rows]
        losses = losses_of(self.logits(self.seen[rows], base), self.labels[rows])
        gradients = torch.autograd.grad(losses.sum(), self.values)
        left = iter(gradients)
        for rule in self.rules:
            rule.move([next(left) for _ in rule.values], self.at)
        self._project(gradients)
        self.at += 1
        return losses.detach().numpy()

    def run(self) -> Iterator[Array]:
        """The losses of every step that is left."""
        while self.at < self.recipe.steps:
            yield self.step()

    @torch.no_grad()
    def _project(self, gradients: tuple[Tensor, ...]) -> None:
        """Fresh projections: the article's step of W, from both sides, with new random factors and a new optimiser."""
        for i, each in enumerate(self.dense_ones[len(self.full_ones) :], len(self.full_ones)):
            for place, gradient in enumerate(gradients[-len(self.cut.layers) :]):
                rng = np.random.default_rng((self.recipe.seed, 2, self.at, place, each.rank))
                move = fresh(gradient[i].flatten(1), each.rank, rng, self.recipe.optimiser)
                weight = self.values[place - len(self.cut.layers)][i]
                weight -= each.pace * self.recipe.dense_rate * self.recipe.share(self.at) * move.view_as(weight)

    def updates(self) -> list[Tensor]:
        """[V, m, n] W - W0 of every layer, in the order of the adapters."""
        stacks = [stack.updates() for stack in (self.dense, self.low) if stack is not None]
        return [torch.cat(parts) for parts in zip(*stacks, strict=True)]


class Rule:
    """Moves tensors [C, ...] of the same C columns by Adam or by plain gradient descent, a column only while its turn lasts.

    rate [C]; window: shares of all steps from which to which each column is moved, always where there is none.
    """

    def __init__(self, values: list[Tensor], rate: Array, recipe: Recipe, window: tuple[Array, Array] | None = None) -> None:
        self.values, self.rate, self.recipe = values, rate, recipe
        first, last = window or (np.zeros_like(rate), np.ones_like(rate))
        self.begins, self.ends = (np.floor(each * recipe.steps + 1e-6) for each in (first, last))
        self.age = np.zeros_like(rate)
        self.moments = [(torch.zeros_like(each), torch.zeros_like(each)) for each in values]

    @torch.no_grad()
    def move(self, gradients: list[Tensor], t: int) -> None:
        """One step at time t; gradients are used up, and may have more rows than there are columns."""
        turn = (self.begins <= t) & (t < self.ends)
        self.age += turn
        resting, rate = torch.from_numpy(np.flatnonzero(~turn)), self.rate * turn * self.recipe.share(t)
        for value, moments, gradient in zip(self.values, self.moments, gradients, strict=True):
            mine = gradient[: len(value)].index_fill_(0, resting, 0.0) if len(resting) else gradient[: len(value)]
            if self.recipe.optimiser == "sgd":
                value.sub_(_column(rate, value) * mine)
            else:
                self._adam(value, mine, *moments, rate)

    def _adam(self, value: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, rate: Array) -> None:
        """Adam's step, with what is the same for a whole column taken together."""
        age = np.maximum(self.age, 1)
        unbiased = np.sqrt(1 - DECAY2**age)
        mean.lerp_(gradient, 1 - DECAY1)
        square.mul_(DECAY2).addcmul_(gradient, gradient, value=1 - DECAY2)
        move = mean / square.sqrt().add_(_column(TINY * unbiased, value))
        value.sub_(move.mul_(_column(rate * unbiased / (1 - DECAY1**age), value)))


def losses_of(logits: Tensor, labels: Tensor) -> Tensor:
    """[V] mean cross entropies of logits [b, V, 10]."""
    b, v, _ = logits.shape
    return cross_entropy(logits.flatten(0, 1), labels.repeat_interleave(v), reduction="none").view(b, v).mean(0)


def start(seed: int, each: Adapter, place: int, layer: Layer) -> Tensor:
    """[columns, in, k, k] A as peft begins: uniform on +- 1/sqrt(n). The same for all methods of one rank."""
    n, r = layer.shape[0], each.rank
    parts = [np.random.default_rng((seed, 0, place, r, j)).uniform(-1, 1, (r, n)) / np.sqrt(n) for j in range(each.count)]
    return torch.from_numpy(np.concatenate(parts)).view(-1, *layer.weight.shape[1:])


def fresh(G: Tensor, r: int, rng: np.random.Generator, optimiser: str) -> Tensor:
    """[m, n] G V V^T + U U^T G with entries N(0, 1/r), whose mean is 2 G (article, equations 9 and 10).

    With Adam, U V^T begins anew with every batch and so does its state: the first step of Adam is the gradient's sign.
    """
    U, V = (torch.from_numpy(rng.standard_normal((size, r)) / np.sqrt(r)).to(G.dtype) for size in G.shape)
    left, right = G @ V, U.mT @ G
    if optimiser == "adam":
        left, right = (each / (each.abs() + TINY) for each in (left, right))
    return left @ V.mT + U @ right


def _column(values: Array, like: Tensor) -> Tensor:
    """[C] -> [C, 1, ...] to go with a tensor [C, ...]."""
    return torch.from_numpy(values).to(like.dtype).view(len(values), *[1] * (like.ndim - 1))

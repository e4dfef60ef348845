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
        if adapters != self.dense_ones + self.low_ones:
            raise ValueError("adapters that move W itself should come first")
        self.dense = Dense(cut.layers, len(self.dense_ones)) if self.dense_ones else None
        self.low = self._low() if self.low_ones else None
        self.base = cut.layers[0].base(seen) if self.low else None
        self.order = np.random.default_rng((recipe.seed, 1))
        self.rules = self._rules()
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
        """How each tensor moves."""
        found: list[Rule] = []
        if self.low:
            window = _column(self.columns.begins, self.seen), _column(self.columns.ends, self.seen)
            rates = [self.recipe.rate * _column(each, self.seen) for each in (self.columns.rate_a, self.columns.rate_b)]
            for A, B in self.low.factors:
                found += [Rule(value, rate, self.recipe, window) for value, rate in zip((A, B), rates, strict=True)]
        if self.dense:
            paces = [each.pace if each.method == "full" else 0.0 for each in self.dense_ones]  # the others: _project
            rate = self.recipe.dense_rate * _column(np.array(paces), self.seen)
            found += [Rule(weight, rate, self.recipe) for weight in self.dense.weights]
        return found

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
        values = [rule.value for rule in self.rules]
        gradients = torch.autograd.grad(losses.sum(), values)
        for rule, gradient in zip(self.rules, gradients, strict=True):
            rule.move(gradient, self.at)
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
        for i, each in enumerate(self.dense_ones):
            if each.method == "projection_fresh":
                for place, gradient in enumerate(gradients[-len(self.cut.layers) :]):
                    weight, G = self.rules[place - len(self.cut.layers)].value[i], gradient[i].flatten(1)
                    rng = np.random.default_rng((self.recipe.seed, 2, self.at, place, each.rank))
                    move = fresh(G, each.rank, rng, self.recipe.optimiser)
                    weight -= each.pace * self.recipe.dense_rate * self.recipe.share(self.at) * move.view_as(weight)

    def updates(self) -> list[Tensor]:
        """[V, m, n] W - W0 of every layer, in the order of the adapters."""
        stacks = [stack.updates() for stack in (self.dense, self.low) if stack is not None]
        return [torch.cat(parts) for parts in zip(*stacks, strict=True)]


class Rule:
    """Moves one stacked tensor by Adam or by plain gradient descent; a column only while its turn lasts."""

    def __init__(self, value: Tensor, rate: Tensor, recipe: Recipe, window: tuple[Tensor, Tensor] | None = None) -> None:
        self.value, self.recipe, self.window = value, recipe, window
        self.rate = rate.view(-1, *[1] * (value.ndim - 1))
        self.mean, self.square = torch.zeros_like(value), torch.zeros_like(value)
        self.age = torch.zeros_like(self.rate)

    @torch.no_grad()
    def move(self, gradient: Tensor, t: int) -> None:
        """One step at time t."""
        turn = self._turn(t)
        rate = self.rate * turn * self.recipe.share(t)
        if self.recipe.optimiser == "sgd":
            self.value -= rate * gradient
            return
        self.age += turn
        age = self.age.clamp(min=1)
        self.mean.lerp_(gradient * turn, 1 - DECAY1)
        self.square.mul_(DECAY2).addcmul_(gradient * turn, gradient, value=1 - DECAY2)
        length = (self.square / (1 - DECAY2**age)).sqrt_().add_(TINY)
        self.value -= rate / (1 - DECAY1**age) * self.mean / length

    def _turn(self, t: int) -> Tensor:
        """1 where it is a column's turn."""
        if self.window is None:
            return torch.ones_like(self.rate)
        begins, ends = (torch.floor(each * self.recipe.steps + 1e-6).view_as(self.rate) for each in self.window)
        return ((begins <= t) & (t < ends)).to(self.rate.dtype)


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
    return torch.from_numpy(values).to(like.dtype)

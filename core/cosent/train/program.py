"""All losses and all seeds trained in one program: every weight has an axis of seeds and one of losses.

Interaction model: s = w2 . relu(W1 [u, v, |u - v|, u v] + b1). Feature model: s = cos(W u, W v) with W = 1 + B A^T of low rank,
so that it begins as the encoder itself; products of W u and W v are taken in the r columns of A and B alone. All losses of a
seed see the same batches and begin at the same weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import torch
from torch import Tensor

from core.cosent.train.adam import Adam
from core.cosent.train.losses import loss
from core.cosent.train.params import Model, Objective

Array = np.ndarray
Run = tuple[Model, Objective]

SLOWER = 0.2  # learning rate of the interaction model over that of the feature model
STEEP = {Model.INTERACTION: (1.0, 0.0), Model.FEATURE: (5.0, -2.5)}  # a and b at the start: even chances at cosine 1/2
PLAIN = (1.0, 0.0)  # of the squared error: the score itself is the estimate


@dataclass(frozen=True)
class Recipe:
    """How to train; every run obeys it."""

    scales: dict[Model, float]  # lambda
    rate: float
    steps: int
    batch: int
    hidden: int
    rank: int


@dataclass(frozen=True, eq=False)
class Side:
    """The pairs that one seed learns from: numbers of texts, label in [0, 1], whether it is positive; all [P]."""

    first: Array
    second: Array
    label: Array
    positive: Array
    seed: tuple[int, ...]


class Program:
    """K seeds, R runs: first those of the interaction model, then those of the feature model. x [N, D] unit vectors."""

    def __init__(self, x: Array, sides: Sequence[Side], recipe: Recipe, runs: Sequence[Run]) -> None:
        self.x, self.sides, self.recipe = torch.from_numpy(x), sides, recipe
        self.runs = {model: [objective for each, objective in runs if each is model] for model in Model}
        if [(model, each) for model in Model for each in self.runs[model]] != list(runs):
            raise ValueError("runs of the interaction model should come first")
        self.at = 0
        self.weights = {model: self._weights(model) for model in Model if self.runs[model]}
        self.batches = self._batches()
        self.optimisers = {model: Adam(values) for model, values in self.weights.items()}

    def _rate(self, model: Model) -> float:
        """At the present step: half a cosine."""
        paced = self.recipe.rate * (SLOWER if model is Model.INTERACTION else 1.0)
        return paced * 0.5 * (1 + cos(pi * self.at / self.recipe.steps))

    def _weights(self, model: Model) -> list[Tensor]:
        """Matrices, then a and b; of one seed all losses begin alike."""
        K, L, D = len(self.sides), len(self.runs[model]), self.x.shape[1]
        wide, narrow = (4 * D, self.recipe.hidden) if model is Model.INTERACTION else (D, self.recipe.rank)
        drawn = [np.random.default_rng((*side.seed, 0, list(Model).index(model))) for side in self.sides]
        start = np.stack([rng.standard_normal((wide, narrow)) for rng in drawn])
        first = torch.from_numpy((start / wide**0.5).astype(np.float32))[:, :, None, :].repeat(
            1, 1, L, 1
        )  # [K, wide, L, narrow]
        zeros = (K, 1, L, narrow)
        rest = [torch.zeros(zeros), torch.zeros(zeros)] if model is Model.INTERACTION else [torch.zeros_like(first)]
        start_at = [PLAIN if each is Objective.SQUARED_ERROR else STEEP[model] for each in self.runs[model]]
        affine = [torch.tensor(each)[None, :, None].repeat(K, 1, 1) for each in zip(*start_at, strict=True)]
        return [each.requires_grad_() for each in (first, *rest, *affine)]

    def _batches(self) -> Array:
        """[steps, K, B] places among a seed's pairs, in either order of the two texts: [.., 0] or [.., 1] comes first."""
        shape, found = (self.recipe.steps, self.recipe.batch), []
        for side in self.sides:
            rng = np.random.default_rng((*side.seed, 1))
            found.append(np.stack([rng.integers(len(side.label), size=shape), rng.integers(2, size=shape)]))
        return np.stack(found, 2)

    def step(self) -> Array:
        """[K, R] losses of the next batch, before the step that it brings."""
        rows, turned = self.batches[:, self.at]
        picked = [
            np.stack([getattr(side, name)[row] for side, row in zip(self.sides, rows, strict=True)])
            for name in ("first", "second", "label", "positive")
        ]
        first, second, label, positive = (torch.from_numpy(each) for each in picked)
        turn = torch.from_numpy(turned > 0)
        first, second = torch.where(turn, second, first), torch.where(turn, first, second)
        losses = self._losses(self.scores(first, second), label.float(), positive)
        left = iter(
            torch.autograd.grad(
                losses.sum(), [each for values in self.weights.values() for each in values], materialize_grads=True
            )
        )
        for model, values in self.weights.items():
            self.optimisers[model].move(tuple(next(left) for _ in values), self._rate(model))
        self.at += 1
        found: Array = losses.detach().numpy()
        return found

    def _losses(self, scores: dict[Model, Tensor], y: Tensor, positive: Tensor) -> Tensor:
        rows = []
        for model, values in self.weights.items():
            a, b = values[-2:]
            for i, each in enumerate(self.runs[model]):
                rows.append(loss(each, scores[model][:, i], y, positive, self.recipe.scales[model], (a[:, i], b[:, i])))
        return torch.stack(rows, 1)

    def scores(self, first: Tensor, second: Tensor) -> dict[Model, Tensor]:
        """[K, L, P] of pairs [K, P] by every run of a model."""
        u, v = self.x[first], self.x[second]
        ways = {Model.INTERACTION: self._interaction, Model.FEATURE: self._feature}
        return {model: ways[model](u, v) for model in self.weights}

    def _interaction(self, u: Tensor, v: Tensor) -> Tensor:
        """Entries of unit vectors are about 1 / sqrt(D): they are brought to about 1."""
        W1, b1, w2, *_ = self.weights[Model.INTERACTION]
        D = u.shape[-1]
        seen = torch.cat([u * D**0.5, v * D**0.5, (u - v).abs() * D**0.5, u * v * D], -1)
        hidden = torch.relu((seen @ W1.flatten(2)).unflatten(2, W1.shape[2:]) + b1)  # [K, P, L, H]
        return (hidden * w2).sum(-1).mT

    def _feature(self, u: Tensor, v: Tensor) -> Tensor:
        """With x' = x + B z, z = A^T x and w = B^T x: u'.v' = u.v + w_u.z_v + z_u.w_v + z_u B^T B z_v."""
        A, B, *_ = self.weights[Model.FEATURE]
        P, (L, r) = u.shape[1], A.shape[2:]
        made = torch.cat([u, v], 1) @ torch.cat([A.flatten(2), B.flatten(2)], 2)
        (zu, zv), (wu, wv) = (each.unflatten(1, (2, P)).unflatten(3, (L, r)).unbind(1) for each in made.chunk(2, 2))
        columns = B.transpose(1, 2)  # [K, L, D, r]
        gram = columns.mT @ columns
        yu, yv = (torch.einsum("kplr,klrq->kplq", z, gram) for z in (zu, zv))
        dot = (u * v).sum(-1, keepdim=True) + (wu * zv + zu * wv + yu * zv).sum(-1)
        long = [1 + (2 * w * z + y * z).sum(-1) for w, z, y in ((wu, zu, yu), (wv, zv, yv))]
        return (dot / (long[0] * long[1]).clamp(min=1e-12).sqrt()).mT

    @torch.no_grad()
    def judged(self, pairs: Sequence[tuple[Array, Array]]) -> list[Array]:
        """[R, P_k] scores of each seed's own pairs (first, second), all seeds at once."""
        most = max(len(first) for first, _ in pairs)
        padded = [
            torch.from_numpy(np.stack([np.pad(each[side], (0, most - len(each[side]))) for each in pairs])) for side in (0, 1)
        ]
        every = torch.cat(list(self.scores(*padded).values()), 1).numpy()
        return [rows[:, : len(first)].astype(float) for rows, (first, _) in zip(every, pairs, strict=True)]

    def affine(self) -> Array:
        """[K, R, 2] a and b of every run as they are now."""
        parts = [torch.cat(values[-2:], 2) for values in self.weights.values()]
        found: Array = torch.cat(parts, 1).detach().numpy().astype(float)
        return found

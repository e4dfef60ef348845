"""Updates of the layers as matrices: singular values, the best copies of low rank, and what random subspaces catch.

Sources: Eckart and Young 1936; Su Jianlin, kexue.fm/archives/9590; the closed form of the share is core.lora.laws.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import pad

from core.lora.digits.adapters import Adapter, Columns, columns
from core.lora.digits.layers import Cut
from core.lora.digits.program import losses_of
from core.lora.digits.stacks import Dense, Products
from core.lora.laws import orthonormal

Array = np.ndarray

DRAWS = 16  # of random subspaces


def singular_values(updates: list[Tensor]) -> Array:
    """[L, K] of one update a layer, zeros where a layer has fewer."""
    found = [torch.linalg.svdvals(each.double().nan_to_num(0.0, 0.0, 0.0)) for each in updates]
    most = max(map(len, found))
    return torch.stack([pad(each, (0, most - len(each))) for each in found]).numpy()


def cut_to(cut: Cut, updates: list[Tensor], ranks: Array) -> Products:
    """The pretrained network with each layer's update [m, n] replaced by its best copy of rank r, for every r."""
    factors = [_leading(update.nan_to_num(0.0, 0.0, 0.0), ranks) for update in updates]
    shapes = [layer.weight.shape[1:] for layer in cut.layers]
    return Products(
        cut.layers, _columns(ranks), [(A.view(-1, *shape), B) for (A, B), shape in zip(factors, shapes, strict=True)]
    )


def _columns(ranks: Array) -> Columns:
    return columns([Adapter("rslora", int(r)) for r in ranks], 1.0)  # placed as products of these ranks


def _leading(update: Tensor, ranks: Array) -> tuple[Tensor, Tensor]:
    """A [C, n] and B [C, m] whose products, each with s = 1 / sqrt(r), are the best copies of every rank."""
    left, values, right = torch.linalg.svd(update, full_matrices=False)
    A, B = [], []
    for r in map(int, ranks):
        missing = max(0, r - len(values))
        A.append(pad(right[:r], (0, 0, 0, missing)))
        B.append(pad((left[:, :r] * values[:r]).mT * r**0.5, (0, 0, 0, missing)))
    return torch.cat(A), torch.cat(B)


def first_gradient(cut: Cut, seen: Tensor, labels: Tensor) -> list[Array]:
    """[m, n] of every layer: the gradient of the loss of all pictures to learn from, at the pretrained weights."""
    dense = Dense(cut.layers, 1)
    loss = losses_of(dense.logits(seen), labels).sum()
    return [each[0].flatten(1).double().numpy() for each in torch.autograd.grad(loss, dense.weights)]


@dataclass(frozen=True, eq=False)
class Shares:
    """Of the square of a gradient in the span that a step through random factors may move in."""

    mean: Array  # [L, R]
    error: Array  # [L, R] standard error over the draws


def captured(gradients: list[Array], ranks: Array, seed: int) -> Shares:
    """Both subspaces uniformly random, as in the closed form 1 - (1 - r/n)(1 - r/m)."""
    rng = np.random.default_rng((seed, 5))
    rows = np.array([[_shares(G, ranks, rng) for _ in range(DRAWS)] for G in gradients])  # [L, DRAWS, R]
    return Shares(rows.mean(1), rows.std(1, ddof=1) / np.sqrt(DRAWS))


def _shares(G: Array, ranks: Array, rng: np.random.Generator) -> Array:
    """[R] for one draw; the subspaces of different ranks are nested."""
    U, V = (orthonormal(rng.standard_normal((size, min(size, int(max(ranks)))))) for size in G.shape)
    square, shares = float(np.sum(G**2)) or 1.0, []
    for r in map(int, ranks):
        left, right = U[:, :r], V[:, :r]
        rest = G - left @ (left.T @ G)
        rest -= (rest @ right) @ right.T
        shares.append(1 - float(np.sum(rest**2)) / square)
    return np.array(shares)

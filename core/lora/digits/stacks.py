"""All adapters of a network side by side: the weights of each layer stacked, the frozen ones shared.

Products go the article's second way, X W0 + (X A) B: the frozen weight is convolved once where all adapters see the same, and
only the narrow A and B are each one's own. A is a convolution to r channels and B one of one point, as in peft.
"""

from typing import Protocol

import torch
from torch import Tensor

from core.lora.digits.adapters import Columns
from core.lora.digits.layers import Layer


class Stack(Protocol):
    """Several fine-tuned copies of the adapted layers."""

    def logits(self, seen: Tensor, base: Tensor | None = None) -> Tensor: ...

    def updates(self) -> list[Tensor]: ...


class Dense:
    """F copies whose weights move themselves."""

    def __init__(self, layers: tuple[Layer, ...], count: int) -> None:
        self.layers, self.count = layers, count
        self.weights = [layer.weight.repeat(count, 1, 1, 1, 1).requires_grad_() for layer in layers]  # [F, out, in, k, k]

    def logits(self, seen: Tensor, base: Tensor | None = None) -> Tensor:  # noqa: ARG002  nothing is frozen here
        """[b, F, 10] from [b, channels, h, w], which all copies see."""
        b, hidden, groups = len(seen), seen, 1
        for layer, weight in zip(self.layers, self.weights, strict=True):
            made = layer.convolve(hidden, weight.flatten(0, 1), groups)
            made = made.unflatten(1, (self.count, -1)) + layer.bias[:, None, None]
            hidden = layer.after(made.flatten(0, 1)).unflatten(0, (b, self.count)).flatten(1, 2)
            groups = self.count
        return hidden.view(b, self.count, -1)

    @torch.no_grad()
    def updates(self) -> list[Tensor]:
        """[F, m, n] W - W0 of every layer."""
        return [(weight - layer.weight).flatten(2) for layer, weight in zip(self.layers, self.weights, strict=True)]


class Products:
    """L copies that are W0 + s B A; their C columns lie side by side, A [C, in, k, k] and B [C, out] of every layer."""

    def __init__(self, layers: tuple[Layer, ...], columns: Columns, factors: list[tuple[Tensor, Tensor]]) -> None:
        self.layers = layers
        self.factors = [(A.requires_grad_(), B.requires_grad_()) for A, B in factors]
        self.place = torch.from_numpy(columns.place)
        self.scale = torch.from_numpy(columns.scale).to(layers[0].weight.dtype)[:, None]
        self.count, self.most = columns.place.shape

    def logits(self, seen: Tensor, base: Tensor | None = None) -> Tensor:
        """[b, L, 10] from [b, channels, h, w]; base: what the first layer's frozen weight makes of it, where it is known."""
        b, first = len(seen), self.layers[0]
        hidden = self._first(seen, first.base(seen) if base is None else base)
        for i, layer in enumerate(self.layers[1:], 1):
            stacked = hidden.unflatten(0, (b, self.count)).flatten(1, 2)  # [b, L in, h, w]
            A, _ = self.factors[i]
            inner = layer.convolve(stacked, self._padded(A).flatten(0, 1), self.count)
            own = self._outer(i, inner.unflatten(1, (self.count, self.most)))
            hidden = layer.after(layer.base(hidden) + own.flatten(0, 1))
        return hidden.view(b, self.count, -1)

    def _first(self, seen: Tensor, base: Tensor) -> Tensor:
        """[b L, out, h, w]: one convolution with the A of all."""
        inner = self.layers[0].convolve(seen, self.factors[0][0])
        inner = torch.cat([inner, torch.zeros_like(inner[:, :1])], 1)[:, self.place.flatten()]
        own = self._outer(0, inner.unflatten(1, (self.count, self.most)))
        return self.layers[0].after((base[:, None] + own).flatten(0, 1))

    def _outer(self, i: int, inner: Tensor) -> Tensor:
        """[b, L, R, h, w] -> [b, L, out, h, w] through B."""
        B = self._padded(self.factors[i][1] * self.scale)  # [L, R, out]
        if inner.shape[-1] == 1:  # so that B is not written out for every picture
            return (inner.flatten(2).transpose(0, 1) @ B).transpose(0, 1)[..., None, None]
        return torch.matmul(B.mT, inner.flatten(3)).unflatten(3, inner.shape[3:])

    def _padded(self, columns: Tensor) -> Tensor:
        """[C, ...] -> [L, R, ...], zeros where a product has fewer columns."""
        return torch.cat([columns, torch.zeros_like(columns[:1])])[self.place]

    @torch.no_grad()
    def updates(self) -> list[Tensor]:
        """[L, m, n] s B A of every layer, as peft merges it."""
        return [self._padded(B * self.scale).mT @ self._padded(A).flatten(2) for A, B in self.factors]

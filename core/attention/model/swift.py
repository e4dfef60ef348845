"""A layer of the network in fewer passes over memory: at these sizes they cost as much as the arithmetic.

The same function as core.attention.model.noise.layer_of, which says what is computed, up to rounding: weights of the
normalisations stand in the matrices that follow them, a pair of rotary numbers is one complex number, the mask and the noise
are there before the product is added to them.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, nn

from core.attention.model.network import Block, CharNet, future, scales
from core.attention.model.noise import Place, Silent
from core.attention.model.rotary import turns


@dataclass(frozen=True, eq=False)
class Weights:
    """Of one layer, [outputs, inputs]."""

    mixed: Tensor  # [3 heads d, width]; pairs of rotary numbers of queries and keys stand side by side
    joined: Tensor
    inner: Tensor
    outer: Tensor

    @classmethod
    def of(cls, block: Block) -> "Weights":
        """Each normalisation's weight goes into what follows."""
        mixed = (block.mixed.weight * block.before.weight).unflatten(0, (3, block.heads, 2, -1))
        query, key, value = mixed
        paired = torch.stack([query, key]).transpose(-3, -2)  # (i, i + d/2) become neighbours
        return cls(
            torch.cat([paired.reshape(-1, mixed.shape[-1]), value.reshape(-1, mixed.shape[-1])]),
            block.joined.weight,
            block.inner.weight * block.between.weight,
            block.outer.weight,
        )


@lru_cache(maxsize=8)
def weights(model: CharNet) -> list[Weights]:
    """Layer by layer."""
    with torch.inference_mode():
        return [Weights.of(block) for block in model.stack]


@lru_cache(maxsize=64)
def rotations(model: CharNet, length: int) -> Tensor:
    """[length, 2, 1, d/2] complex: what queries, with their scale, and keys are multiplied by."""
    half = model.dimension // 2
    cos, sin = (each[:, :half] for each in turns(0, length, model.dimension))
    turn = torch.complex(cos, sin)
    return torch.stack([turn * scales(model.scaling, 0, length, model.dimension), turn], 1)[:, :, None]


def normed(hidden: Tensor, eps: float) -> Tensor:
    """[..., width] over its root mean square."""
    width = hidden.shape[-1]
    square = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True).square_()
    return hidden * square.div_(width).add_(eps).rsqrt_()


def swift_layer(model: CharNet, number: int, hidden: Tensor, noise: Silent) -> Tensor:
    """One layer of a network with rotary positions: [S or 1, n, l, width] -> [S or 1, n, l, width]."""
    block, own = model.stack[number], weights(model)[number]
    parts = nn.functional.linear(normed(hidden, block.before.eps or 0.0), own.mixed).unflatten(-1, (3, block.heads, -1))
    turned = torch.view_as_complex(parts[..., :2, :, :].unflatten(-1, (-1, 2)))
    turned.mul_(rotations(model, hidden.shape[-2]))
    query, key, value = parts.movedim(-3, 0).transpose(-3, -2)
    seen = _logits(number, query, key, noise).softmax(-1)
    gathered = (seen @ noise.added(Place.VALUES, number, value)).transpose(-3, -2).flatten(-2)
    hidden = nn.functional.linear(gathered, own.joined).add_(hidden)
    inner = nn.functional.linear(normed(hidden, block.between.eps or 0.0), own.inner)
    thought = nn.functional.linear(nn.functional.gelu(inner), own.outer)
    return noise.added(Place.STREAM, number, noise.added(Place.MLP, number, thought).add_(hidden))


def _logits(number: int, query: Tensor, key: Tensor, noise: Silent) -> Tensor:
    """[S or 1, n, heads, l, l] with noise, -infinity where the key comes later."""
    *many, length, _ = query.shape
    later = future(length)
    masked = noise.added(Place.LOGITS, number, later.expand(1, *many[1:], length, length))
    query, key = query.flatten(0, -3), key.flatten(0, -3).transpose(-2, -1)
    if masked.shape[0] == many[0] > 1:
        return masked.flatten(0, -3).baddbmm_(query, key).view(masked.shape)
    clean = torch.baddbmm(later, query, key).view(*many, length, length)
    return clean if masked.shape[0] == 1 else clean + masked

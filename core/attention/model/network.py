"""A character model: causal attention with rotary or learned positions, logits scaled by 1 / sqrt d or by log n as well.

Sources: Vaswani et al., arXiv:1706.03762; Su et al., arXiv:2104.09864 (rotary positions); Su Jianlin, kexue.fm/archives/8823
(the log n scale); Xiong et al., arXiv:2002.04745 (normalisation first); Press and Wolf, arXiv:1608.05859 (tied embedding).
"""

import math
from functools import lru_cache
from typing import Literal, cast

import torch
from torch import Tensor, nn

from core.attention.model.rotary import turned, turns
from core.attention.model.shape import HEADS, LAYERS, LENGTH, WIDTH
from core.attention.model.text import SIZE
from core.diffusers import ConfigMixin, ModelMixin, register_to_config

ENDLESS = 2**31
Scaling = Literal["constant", "log_length"]
Positions = Literal["rotary", "learned"]


@lru_cache(maxsize=64)
def scales(scaling: Scaling, first: int, length: int, dimension: int, most: int = ENDLESS) -> Tensor:
    """[length, 1] what the products q·k of the queries at first, first + 1, ... are multiplied by.

    "constant": 1 / sqrt d; "log_length": log n / (log LENGTH sqrt d) for the query that sees n keys, the same at n = LENGTH.
    most: keys that a query sees at most.
    """
    if scaling == "constant":
        return torch.full((length, 1), dimension**-0.5)
    seen = torch.arange(first + 1, first + length + 1, dtype=torch.float64).clamp(max=most)[:, None]
    return (seen.log() / (math.log(LENGTH) * dimension**0.5)).float()


@lru_cache(maxsize=64)
def future(length: int) -> Tensor:
    """[length, length], -infinity where the key comes after the query: the fused kernel is slower at short lengths."""
    return torch.full((length, length), -torch.inf).triu(1)


class Block(nn.Module):
    """Attention over what came before, then two layers at every place, each added to what was there."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.RMSNorm(width, 1e-6), nn.RMSNorm(width, 1e-6)
        self.mixed, self.joined = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.inner, self.outer = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)
        for layer in (self.mixed, self.inner, self.joined, self.outer):
            deep = layer in (self.joined, self.outer)
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5 / (math.sqrt(2 * layers) if deep else 1))

    def projected(self, hidden: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[..., l, width] -> query, key and value [..., heads, l, d], without positions."""
        parts = self.mixed(self.before(hidden)).unflatten(-1, (3, self.heads, -1))
        query, key, value = parts.movedim(-3, 0).transpose(-3, -2)
        return query, key, value

    def gathered(self, outputs: Tensor) -> Tensor:
        """Outputs of the heads [..., heads, l, d] -> what is added, [..., l, width]."""
        return self.joined(outputs.transpose(-3, -2).flatten(-2))

    def thought(self, hidden: Tensor) -> Tensor:
        """What the two layers add, [..., l, width]."""
        return self.outer(nn.functional.gelu(self.inner(self.between(hidden))))


class CharNet(ModelMixin, ConfigMixin):
    """Codes [..., l] -> logits [..., l, SIZE] of the next character."""

    @register_to_config
    def __init__(
        self,
        scaling: Scaling = "constant",
        positions: Positions = "rotary",
        width: int = WIDTH,
        layers: int = LAYERS,
        heads: int = HEADS,
    ) -> None:
        super().__init__()
        self.characters = nn.Embedding(SIZE, width)
        nn.init.normal_(self.characters.weight, std=0.05)
        self.places = nn.Parameter(torch.randn(LENGTH, width) * 0.02) if positions == "learned" else None
        self.blocks = nn.ModuleList(Block(width, heads, layers) for _ in range(layers))
        self.last = nn.RMSNorm(width, 1e-6)
        self.scaling, self.dimension = scaling, width // heads

    @property
    def stack(self) -> list[Block]:
        """The layers in order."""
        return cast(list[Block], list(self.blocks))

    def embedded(self, codes: Tensor) -> Tensor:
        """[..., l] int64 -> [..., l, width]; learned positions reach LENGTH characters."""
        hidden = self.characters(codes)
        return hidden if self.places is None else hidden + self.places[: codes.shape[-1]]

    def asked(self, block: Block, hidden: Tensor, first: int = 0, most: int = ENDLESS) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value [..., heads, l, d] of the places first, first + 1, ...; the query times its scale.

        most: keys that a query sees at most.
        """
        query, key, value = block.projected(hidden)
        scale = scales(self.scaling, first, hidden.shape[-2], self.dimension, most)
        if self.places is not None:
            return query * scale, key, value
        cos, sin = turns(first, hidden.shape[-2], self.dimension)
        return turned(query, (cos * scale, sin * scale)), turned(key, (cos, sin)), value

    def scores(self, hidden: Tensor) -> Tensor:
        """[..., width] -> logits [..., SIZE]; the embedding that reads a character also scores it."""
        return self.last(hidden) @ self.characters.weight.T

    def forward(self, codes: Tensor) -> Tensor:
        """[..., l, SIZE] logits."""
        hidden = self.embedded(codes)
        for block in self.stack:
            query, key, value = self.asked(block, hidden)
            logits = query @ key.transpose(-2, -1) + future(codes.shape[-1])
            hidden = hidden + block.gathered(logits.softmax(-1).to(value.dtype) @ value)
            hidden = hidden + block.thought(hidden)
        return self.scores(hidden)

"""A causal network with rotary positions that may be any real numbers, so that a long text can be squeezed into a short span.

Sources: Su et al., RoFormer, arXiv:2104.09864; position interpolation: Chen et al., arXiv:2306.15595.
"""

from typing import cast

import torch
from torch import Tensor, nn

from core.attention.model.network import Block
from core.attention.model.rotary import BASE, turned
from core.bayes.recall.alphabet import SIZE
from core.diffusers import ConfigMixin, ModelMixin, register_to_config

WIDTH, LAYERS, HEADS = 128, 4, 4
SMEAR = 5  # signs: a letter of a question reads its whole key

Turn = tuple[Tensor, Tensor]


def turns(places: Tensor, dimension: int) -> Turn:
    """cos and sin [l, dimension] of real places [l]; dimension is even."""
    rates = BASE ** (-torch.arange(0, dimension, 2, dtype=torch.float64) / dimension)
    angles = torch.outer(places.double(), rates).repeat(1, 2)
    return angles.cos().float(), angles.sin().float()


def attended(query: Tensor, key: Tensor, value: Tensor, seen: Tensor | None) -> Tensor:
    """[..., l, d] what the queries gather; the fused kernel saves memory, but its way back is slow."""
    if seen is None:
        return nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
    logits = (query @ key.transpose(-2, -1) * query.shape[-1] ** -0.5).masked_fill(~seen, -torch.inf)
    return logits.softmax(-1).to(value.dtype) @ value


class RecallNet(ModelMixin, ConfigMixin):
    """Codes [..., l] -> logits [..., l, SIZE] of the next sign."""

    @register_to_config
    def __init__(self, width: int = WIDTH, layers: int = LAYERS, heads: int = HEADS) -> None:
        super().__init__()
        self.signs = nn.Embedding(SIZE, width)
        nn.init.normal_(self.signs.weight, std=0.05)
        self.smear = nn.Parameter(torch.randn(SMEAR, width) * SMEAR**-0.5)
        self.blocks = nn.ModuleList(Block(width, heads, layers) for _ in range(layers))
        self.last = nn.RMSNorm(width, 1e-6)
        self.dimension = width // heads

    def smeared(self, codes: Tensor) -> Tensor:
        """[..., l, width]: each sign mixed with those just before it, so that keys are met within minutes of training."""
        hidden = nn.functional.pad(self.signs(codes), (0, 0, SMEAR - 1, 0))
        return sum((hidden[..., i : i + codes.shape[-1], :] * row for i, row in enumerate(self.smear)), start=torch.zeros(()))

    def forward(self, codes: Tensor, places: Tensor | None = None, seen: Tensor | None = None) -> Tensor:
        """[..., l, SIZE] logits.

        places: [l] positions, 0, 1, ... if None. seen: [l, l] bool, which keys a query sees; those before it if None.
        """
        if places is None:
            places = torch.arange(codes.shape[-1])
        turn, hidden = turns(places, self.dimension), self.smeared(codes)
        for block in cast(list[Block], list(self.blocks)):
            query, key, value = block.projected(hidden)
            query, key = turned(query, turn).to(value.dtype), turned(key, turn).to(value.dtype)
            hidden = hidden + block.gathered(attended(query, key, value, seen))
            hidden = hidden + block.thought(hidden)
        return self.last(hidden) @ self.signs.weight.T

"""The predictor q(x_0 | x_t): a small transformer that sees all five places at once, for holes and for wrong characters alike.

Sources: Su Jianlin, kexue.fm/archives/9271 (one non-autoregressive predictor a place); Vaswani et al., arXiv:1706.03762;
Xiong et al., arXiv:2002.04745 (normalisation first); Press and Wolf, arXiv:1608.05859 (tied embedding).
"""

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config  # of the package itself, two threads at once
from diffusers.models.modeling_utils import ModelMixin  # that import it may find names missing
from torch import Tensor, nn

from core.udm.poem.lines import LENGTH, SIZE


class Block(nn.Module):
    """Attention over the places, then two layers at every place, each added to what was there."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mixed, self.joined = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, hidden: Tensor) -> Tensor:
        """[n, l, width] -> [n, l, width]."""
        n, length, width = hidden.shape
        ask, key, value = self.mixed(self.before(hidden)).view(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        weight = ((ask @ key.transpose(2, 3)) * (width // self.heads) ** -0.5).softmax(3)  # fused kernels are slow at five
        hidden = hidden + self.joined((weight @ value).transpose(1, 2).reshape(n, length, width))
        return hidden + self.outer(nn.functional.gelu(self.inner(self.between(hidden))))


class PoemNet(ModelMixin, ConfigMixin):
    """Characters (SIZE is a hole), how many places are wrong, and which model it is -> logits of the true characters."""

    @register_to_config
    def __init__(self, width: int = 192, layers: int = 5, heads: int = 6) -> None:
        super().__init__()
        self.characters = nn.Embedding(SIZE + 1, width)
        self.places = nn.Parameter(torch.randn(LENGTH, width) * 0.02)
        self.told = nn.Parameter(torch.randn(2, LENGTH + 1, width) * 0.02)  # mask or edit, number of wrong places
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.last, self.level = nn.LayerNorm(width), nn.Parameter(torch.zeros(SIZE))
        self.looked = nn.Linear(width, width)
        nn.init.normal_(self.characters.weight, std=0.05)

    def hidden(self, states: Tensor, wrong: Tensor, edits: Tensor) -> Tensor:
        """[n, l] int64, [n] int64, [n] int64 0 or 1 -> [n, l, width] before the characters are scored."""
        hidden = self.characters(states) + self.places + self.told[edits, wrong][:, None]
        for block in self.blocks:
            hidden = block(hidden)
        return self.last(hidden)

    def scores(self, hidden: Tensor) -> Tensor:
        """[..., width] -> logits [..., SIZE]; the embedding that reads a character also scores it."""
        return self.looked(hidden) @ self.characters.weight[:SIZE].T + self.level

    def forward(self, states: Tensor, wrong: Tensor, edits: Tensor) -> Tensor:
        """[n, l, SIZE] logits."""
        return self.scores(self.hidden(states, wrong, edits))

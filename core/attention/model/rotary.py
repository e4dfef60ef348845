"""Rotary positions: query and key are turned by angles in proportion to their places, so that q·k knows their distance alone.

Source: Su et al., RoFormer, arXiv:2104.09864; the pairs are (i, i + d/2), as in most released networks.
"""

from functools import lru_cache

import torch
from torch import Tensor

BASE = 10_000.0


@lru_cache(maxsize=64)
def turns(first: int, length: int, dimension: int) -> tuple[Tensor, Tensor]:
    """cos and sin [length, dimension] of the places first, first + 1, ...; dimension is even."""
    rates = BASE ** (-torch.arange(0, dimension, 2, dtype=torch.float64) / dimension)
    angles = torch.outer(torch.arange(first, first + length, dtype=torch.float64), rates).repeat(1, 2)
    return angles.cos().float(), angles.sin().float()


def turned(vectors: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """[..., length, dimension] -> the same shape; lengths do not change."""
    one, two = vectors.chunk(2, -1)
    return vectors * turn[0] + torch.cat([-two, one], -1) * turn[1]

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
    vectors = vectors.to(turn[0].dtype)
    (one, two), half = vectors.chunk(2, -1), vectors.shape[-1] // 2
    sin = turn[1][..., :half]
    moved = vectors * turn[0]
    moved[..., :half].addcmul_(two, sin, value=-1)  # in place: at these sizes memory is slower than arithmetic
    moved[..., half:].addcmul_(one, sin)
    return moved

"""What the plane shows behind the particles: densities and the push of guidance on square grids, at key frames."""

from functools import lru_cache

import numpy as np

from core.guidance.denoiser import Denoiser
from core.guidance.guide import Guide, Method
from core.guidance.methods import SQUARE
from core.guidance.networks import Networks

Array = np.ndarray


def axis(cells: int) -> Array:
    """Coordinates of the cells' centres across the picture, [cells], data units."""
    return (np.arange(cells) + 0.5) * (2 * SQUARE / cells) - SQUARE


def grid(cells: int) -> Array:
    """Points [2, cells * cells], float32, x running fastest."""
    y, x = np.meshgrid(axis(cells), axis(cells), indexing="ij")
    return np.stack([x.ravel(), y.ravel()]).astype(np.float32)


@lru_cache(maxsize=16)
def densities(denoiser: Denoiser, levels: tuple[int, ...], cells: int) -> tuple[Array, Array]:
    """Exact densities of the weak and the strong law at the levels of these indices, each [levels, cells (y), cells (x)]."""
    points = grid(cells)
    weak, strong = np.exp(np.stack([denoiser(points, level).log_density for level in levels], 1))
    shape = len(levels), cells, cells
    return weak.reshape(shape).copy(), strong.reshape(shape).copy()


def pushes(networks: Networks, method: Method, gamma: float, levels: tuple[int, ...], cells: int) -> Array:
    """The push of guidance in units of predicted noise, [levels, cells (y), cells (x), 2].

    Clean data have no noise to predict: there the last noisy level is shown.
    """
    points = grid(cells)
    shown = [Guide(method, gamma).field(networks.at(points, min(level, networks.steps - 1))) for level in levels]
    return np.ascontiguousarray(np.stack(shown).transpose(0, 2, 1)).reshape(len(levels), cells, cells, 2)

"""How an adapter is trained: the denoiser's own loss on pictures in the new style, a few hundred small steps."""

from functools import cache

import numpy as np
import torch
from diffusers import ModelMixin

from core.digits.data import split
from core.digits.recipes import Batch, denoising
from core.lora.diffusion import adapters
from core.lora.diffusion.style import STYLES
from core.training import Loss, Recipe

RANKS = (1, 2, 4, 8, 16)
BATCH = 16
STEPS = 300


@cache
def styled(style: str, name: str = "train") -> np.ndarray:
    """[n, 28, 28] the digits of one split of core.digits.data in this style."""
    pictures = STYLES[style](split(name).pictures)
    pictures.setflags(write=False)
    return pictures


def on_style(style: str) -> Loss:
    """The loss of the denoiser on so many digits of the training split in this style."""

    def drawn(model: ModelMixin, noise: torch.Generator) -> torch.Tensor:
        pictures, labels = styled(style), split("train").labels
        rows = torch.randint(len(labels), (BATCH,), generator=noise).numpy()
        return denoising(model, Batch(torch.from_numpy(pictures[rows]), torch.from_numpy(labels[rows]), noise))

    return drawn


def recipe(style: str, rank: int) -> Recipe:
    """Of one shipped adapter."""

    def new() -> ModelMixin:
        return adapters.new(rank)

    return Recipe(new, on_style(style), STEPS, rate=6e-3, decay=0.98, warm_up=20, seed=rank)

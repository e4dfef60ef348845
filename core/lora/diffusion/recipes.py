"""How an adapter is trained: the denoiser's own loss on pictures in the new style, a few hundred small steps."""

from functools import cache

import numpy as np
import torch

from core.diffusers import ModelMixin
from core.digits.data import split
from core.digits.networks import DigitNet
from core.digits.recipes import Batch, denoising
from core.lora.diffusion import adapters
from core.lora.diffusion.style import KINDS, STYLES, TAUGHT
from core.training import Loss, Recipe

RANKS = (1, 2, 4, 8, 16)
BATCH = 16
READ = 64  # pictures a step that the recogniser of styles sees
STEPS = {"bold": 300, "slanted": 200, "inverted": 200}
RATES = {"bold": 1e-2, "slanted": 1e-2, "inverted": 6e-3}  # the last begins near its goal


@cache
def taught(style: str) -> np.ndarray:
    """[n, 28, 28] the training digits as an adapter is taught to paint them."""
    pictures = TAUGHT[style](split("train").pictures)
    pictures.setflags(write=False)
    return pictures


def on_style(style: str) -> Loss:
    """The loss of the denoiser on so many digits of the training split in this style."""

    def drawn(model: ModelMixin, noise: torch.Generator) -> torch.Tensor:
        pictures, labels = taught(style), split("train").labels
        rows = torch.randint(len(labels), (BATCH,), generator=noise).numpy()
        return denoising(model, Batch(torch.from_numpy(pictures[rows]), torch.from_numpy(labels[rows]), noise))

    return drawn


def recipe(style: str, rank: int) -> Recipe:
    """Of one shipped adapter."""

    def new() -> ModelMixin:
        return adapters.turned(adapters.new(rank)) if style == "inverted" else adapters.new(rank)

    return Recipe(new, on_style(style), STEPS[style], rate=RATES[style], decay=0.98, warm_up=20, seed=rank)


def recognising_style(model: ModelMixin, noise: torch.Generator) -> torch.Tensor:
    """Cross entropy of plain and styled digits, as many of each.

    Half of them are warped before they are styled, and all are blurred by lot afterwards: to shear a picture blurs it, and it
    is not the blur that shall be read.
    """
    digits = split("train")
    rows = torch.randint(len(digits.labels), (READ,), generator=noise)
    plain = Batch(torch.from_numpy(digits.pictures[rows.numpy()]), torch.from_numpy(digits.labels[rows.numpy()]), noise)
    pictures = np.where((torch.rand(READ, 1, 1, generator=noise) < 0.5).numpy(), plain.warped().numpy(), plain.pictures.numpy())
    labels = torch.arange(READ) % len(KINDS)
    shown = np.empty_like(pictures)
    for i, kind in enumerate(KINDS):
        mine = (labels == i).numpy()
        shown[mine] = STYLES[kind](pictures[mine]) if kind in STYLES else pictures[mine]
    share = 0.5 * torch.rand(READ, 1, 1, generator=noise)
    blurred = torch.nn.functional.avg_pool2d(torch.from_numpy(shown), 3, 1, 1, count_include_pad=False)
    return torch.nn.functional.cross_entropy(model(torch.lerp(torch.from_numpy(shown), blurred, share)), labels)


def new_reader() -> ModelMixin:
    """Untrained; tells the styles apart, and has nothing in common with the denoiser or the judge."""
    return DigitNet(16, 32, outputs=len(KINDS))


READER = Recipe(new_reader, recognising_style, 800, rate=5e-3, decay=0.99, warm_up=50, seed=7)

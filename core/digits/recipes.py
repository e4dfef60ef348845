"""How each network of the digits is trained: its architecture, its loss on one random batch, and for how long.

Sources: Ho and Salimans, arXiv:2207.12598 (class dropout); van den Oord et al., arXiv:1807.03748 (InfoNCE);
Dhariwal and Nichol, arXiv:2105.05233 (a classifier trained on noised pictures).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core import schedule
from core.diffusers import ModelMixin
from core.digits.data import split
from core.digits.networks import UNCONDITIONAL, DigitNet, fold, new_denoiser
from core.training import Loss, Recipe

CLASS_DROPOUT = 0.15
UNIFORM_SHARE = 0.3  # of the levels; the others are where a digit takes shape
TEMPERATURE = 0.1


@dataclass(frozen=True)
class Batch:
    """Training pictures and the only source of randomness of one step."""

    pictures: Tensor  # [n, 28, 28]
    labels: Tensor  # [n]
    noise: torch.Generator

    def levels(self) -> Tensor:
        """[n] levels: some uniform, most with log sigma ~ N(-0.2, 1.4^2)."""
        n = len(self.labels)
        shaped = schedule.level(np.exp(-0.2 + 1.4 * torch.randn(n, generator=self.noise, dtype=torch.float64).numpy()))
        uniform = torch.rand(n, generator=self.noise) * (schedule.LEVELS - 1)
        chosen = torch.rand(n, generator=self.noise) < UNIFORM_SHARE
        return torch.where(chosen, uniform, torch.from_numpy(shaped).float())

    def noised(self, pictures: Tensor, level: Tensor) -> tuple[Tensor, Tensor]:
        """x_t and v of these pictures, each [n, 28, 28]."""
        signal, noise = (torch.from_numpy(x).float()[:, None, None] for x in _signal_and_noise(level))
        eps = torch.randn(pictures.shape, generator=self.noise)
        return signal * pictures + noise * eps, signal * eps - noise * pictures

    def warped(self) -> Tensor:
        """The pictures turned, scaled, sheared, moved and slightly crumpled."""
        n = len(self.pictures)
        turn, shear = (a * torch.randn(n, generator=self.noise) for a in (0.12, 0.12))
        scale = torch.exp(0.08 * torch.randn(n, 2, generator=self.noise))
        move = 0.07 * torch.randn(n, 2, generator=self.noise)
        rows = [turn.cos() * scale[:, 0], shear - turn.sin(), move[:, 0], turn.sin(), turn.cos() * scale[:, 1], move[:, 1]]
        grid = nn.functional.affine_grid(torch.stack(rows, 1).view(n, 2, 3), [n, 1, 28, 28], align_corners=False)
        crumple = nn.functional.interpolate(
            0.035 * torch.randn(n, 2, 6, 6, generator=self.noise), size=28, mode="bicubic", align_corners=False
        )
        grid = grid + crumple.permute(0, 2, 3, 1)
        ink = nn.functional.grid_sample(self.pictures[:, None] + 1, grid, align_corners=False)
        return ink[:, 0] - 1


def _signal_and_noise(level: Tensor) -> tuple[np.ndarray, np.ndarray]:
    alpha_bar = schedule.alpha_bar(level.double().numpy())
    return np.sqrt(alpha_bar), np.sqrt(1 - alpha_bar)


def denoising(model: ModelMixin, batch: Batch) -> Tensor:
    """Mean squared error of v; some labels are hidden, so that one network is conditional and not."""
    level = batch.levels()
    x, v = batch.noised(batch.pictures, level)
    hidden = torch.rand(len(level), generator=batch.noise) < CLASS_DROPOUT
    labels = torch.where(hidden, UNCONDITIONAL, batch.labels)
    return nn.functional.mse_loss(model(fold(x), level, None, class_labels=labels).sample, fold(v))


def recognising(model: ModelMixin, batch: Batch) -> Tensor:
    """Cross entropy on warped clean pictures."""
    return nn.functional.cross_entropy(model(batch.warped()), batch.labels, label_smoothing=0.02)


def recognising_noised(model: ModelMixin, batch: Batch) -> Tensor:
    """Cross entropy on noised pictures of every level: the p_t(y | x_t) of classifier guidance."""
    level = batch.levels()
    return nn.functional.cross_entropy(model(batch.noised(batch.warped(), level)[0], level), batch.labels)


def matching(model: ModelMixin, batch: Batch) -> Tensor:
    """A noised view of a picture must resemble its clean view more than any other picture's (InfoNCE)."""
    level = batch.levels()
    noised = model.embed(batch.noised(batch.warped(), level)[0], level)
    clean = model.embed(batch.warped(), torch.zeros_like(level))
    return nn.functional.cross_entropy(noised @ clean.T / TEMPERATURE, torch.arange(len(level)))


def on_digits(loss: Callable[[ModelMixin, Batch], Tensor], size: int = 64) -> Loss:
    """The loss of so many training digits, drawn from the generator that then makes the noise."""

    def drawn(model: ModelMixin, noise: torch.Generator) -> Tensor:
        digits = split("train")
        rows = torch.randint(len(digits.labels), (size,), generator=noise).numpy()
        return loss(model, Batch(torch.from_numpy(digits.pictures[rows]), torch.from_numpy(digits.labels[rows]), noise))

    return drawn


RECIPES = {
    "denoiser": Recipe(new_denoiser, on_digits(denoising), steps=9000, rate=2e-3, horizon=24000, cooldown=2500),
    "judge": Recipe(lambda: DigitNet(48, 64, normalisation="batch"), on_digits(recognising), 1500, 3e-3, 0.99, seed=1),
    "classifier": Recipe(lambda: DigitNet(32, 64, noisy=True), on_digits(recognising_noised, 128), 6000, 2e-3, seed=2),
    "clean_classifier": Recipe(lambda: DigitNet(32, 64), on_digits(recognising), 800, 2e-3, 0.99, seed=3),
    "encoder": Recipe(lambda: DigitNet(32, 64, noisy=True), on_digits(matching, 128), 2500, 2e-3, seed=4),
}

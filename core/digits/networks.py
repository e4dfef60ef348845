"""The networks: a diffusers UNet on folded pictures, and a small convolutional network for everything that recognises.

A picture [28, 28] is folded to [4, 14, 14] (2 x 2 neighbours become channels): the same numbers in another order, so the
diffusion is the same, and the most expensive level of the network is gone.
Sources: Ronneberger, Fischer and Brox, arXiv:1505.04597; Salimans and Ho, arXiv:2202.00512 (v-prediction).
"""

from enum import Enum

import torch
from torch import Tensor, nn

from core.diffusers import ConfigMixin, ModelMixin, UNet2DConditionModel, register_to_config
from core.digits.data import CLASSES, SIDE

FOLD = 2
UNCONDITIONAL = CLASSES  # the row of the class table that stands for "any digit"


def fold(pictures: Tensor) -> Tensor:
    """[n, 28, 28] -> [n, 4, 14, 14]."""
    return nn.functional.pixel_unshuffle(pictures[:, None], FOLD)


def unfold(folded: Tensor) -> Tensor:
    """[n, 4, 14, 14] -> [n, 28, 28]."""
    return nn.functional.pixel_shuffle(folded, FOLD)[:, 0]


def new_denoiser(channels: tuple[int, int] = (48, 96), classes: int = CLASSES + 1) -> UNet2DConditionModel:
    """Untrained; predicts v = a eps - b x_0 of folded pictures from (x_t, level t, class_labels)."""
    return UNet2DConditionModel(
        sample_size=SIDE // FOLD,
        in_channels=FOLD**2,
        out_channels=FOLD**2,
        block_out_channels=channels,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        mid_block_type="UNetMidBlock2D",
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
        attention_head_dim=32,
        cross_attention_dim=32,  # asked for by the class; no block attends to a text
        num_class_embeds=classes,
    )


class Normalisation(Enum):
    GROUP = "group"
    BATCH = "batch"


class DigitNet(ModelMixin, ConfigMixin):
    """Pictures (and, where it is told the noise, levels) -> unit-length embedding, class logits."""

    @register_to_config
    def __init__(
        self, width: int = 32, embedding: int = 64, noisy: bool = False, normalisation: str = "group", outputs: int = CLASSES
    ) -> None:
        super().__init__()
        plan = ((width, 1), (2 * width, 2), (2 * width, 1), (4 * width, 2), (4 * width, 1))  # (channels, stride)
        into = (1, *(channels for channels, _ in plan))
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, after, 3, stride, 1) for before, (after, stride) in zip(into, plan, strict=False)
        )
        self.norms = nn.ModuleList(_norm(channels, normalisation) for channels, _ in plan)
        self.shifts = nn.ModuleList(nn.Linear(width, channels) for channels, _ in plan) if noisy else None
        self.projection = nn.Linear(4 * width, embedding)
        self.classes = nn.Linear(embedding, outputs)

    def features(self, pictures: Tensor, level: Tensor | None = None) -> Tensor:
        """[n, 28, 28], levels [n] in [0, 999] -> [n, embedding], after the last nonlinearity."""
        hidden = pictures[:, None]
        shifts = self._shifts(level)
        for convolution, norm, shift in zip(self.convolutions, self.norms, shifts, strict=True):
            hidden = nn.functional.silu(norm(convolution(hidden)) + shift)
        return nn.functional.silu(self.projection(hidden.mean((2, 3))))

    def _shifts(self, level: Tensor | None) -> list[Tensor | float]:
        """What the noise level adds to the channels of each layer; nothing where the network is not told it."""
        if self.shifts is None:
            return [0.0] * len(self.norms)
        clock = _clock(level, self.config.width)
        return [shift(clock)[:, :, None, None] for shift in self.shifts]

    def forward(self, pictures: Tensor, level: Tensor | None = None) -> Tensor:
        """Class logits [n, outputs]."""
        return self.classes(self.features(pictures, level))

    def embed(self, pictures: Tensor, level: Tensor | None = None) -> Tensor:
        """[n, embedding] of length one; cosine similarity is a dot product."""
        return nn.functional.normalize(self.features(pictures, level), dim=1)


def _norm(channels: int, normalisation: str) -> nn.Module:
    return nn.BatchNorm2d(channels) if Normalisation(normalisation) is Normalisation.BATCH else nn.GroupNorm(8, channels)


def _clock(level: Tensor | None, width: int) -> Tensor:
    """[n, width] sines and cosines of the level, from one wave over all levels to one over a few."""
    if level is None:
        raise ValueError("level is missing: this network was trained on noised pictures")
    angles = level[:, None] * torch.exp(torch.linspace(-7.0, -0.5, width // 2, device=level.device))
    return torch.cat([angles.sin(), angles.cos()], dim=1)

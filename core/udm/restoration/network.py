"""One network restores every corruption: E[x_0 | x_t] of digits, told the corruption and t, not the breath of noise.

x_0 = (1 - t) x_t + sqrt(t) net(x_t, kind, t): little is asked of it where little was lost. Nothing is clipped.
"""

import torch
from torch import Tensor

from core.diffusers import ModelMixin, UNet2DConditionModel
from core.digits.networks import fold, new_denoiser, unfold
from core.udm.restoration.forward import Kind

CLOCK = 999.0  # the network's time at t = 1


def new_restorer() -> UNet2DConditionModel:
    """Untrained."""
    return new_denoiser(classes=len(Kind))


def restored(model: ModelMixin, x: Tensor, kinds: Tensor, t: Tensor) -> Tensor:
    """x_t [n, 28, 28] of corruptions numbered kinds [n] at t [n] -> x_0 [n, 28, 28]."""
    folded = fold(x).contiguous(memory_format=torch.channels_last)
    change = unfold(model(folded, CLOCK * t, None, class_labels=kinds, return_dict=False)[0])
    share = t[:, None, None]
    return (1 - share) * x + share.sqrt() * change

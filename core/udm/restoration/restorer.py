"""The shipped network that restores digits, loaded once after its bytes were compared with the manifest."""

import numpy as np
import torch

from core.diffusers import UNet2DConditionModel
from core.digits.door import AT_WORK
from core.shipping import FILE, shipped
from core.udm.restoration.forward import Level
from core.udm.restoration.network import restored

ASSET = f"udm/restorer/{FILE}"
BATCH = 64


def restore(x: np.ndarray, level: Level) -> np.ndarray:
    """E[x_0 | x_t] of digits [n, 28, 28] at one level, as the network sees it; float64, not clipped.

    Raises core.digits.manifest.DamagedAssetError where the shipped file is missing or altered.
    """
    with AT_WORK, torch.inference_mode():
        return predicted(network(), torch.from_numpy(x.astype(np.float32)), level).numpy().astype(float)


def predicted(model: UNet2DConditionModel, x: torch.Tensor, level: Level) -> torch.Tensor:
    """The same of any network of this kind, in float32 and a few dozen at a time."""
    parts = [
        restored(model, part, torch.full((len(part),), level.kind.number), torch.full((len(part),), level.t))
        for part in x.split(BATCH)
    ]
    return torch.cat(parts)


def network() -> UNet2DConditionModel:
    """In float32."""
    return shipped(UNet2DConditionModel, ASSET)

"""The shipped network that restores digits, loaded once after its bytes were compared with the manifest."""

from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import torch

from core.diffusers import UNet2DConditionModel
from core.digits import manifest
from core.digits.door import AT_WORK
from core.shipping import FILE, opened
from core.udm.restoration.forward import Level
from core.udm.restoration.network import restored

ASSET = f"udm/restorer/{FILE}"
BATCH = 64
_LOADING = Lock()


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
    with _LOADING:
        return _load(manifest.ASSETS)


@cache
def _load(assets: Path) -> UNet2DConditionModel:
    folder = manifest.verified(ASSET, assets).parent
    return opened(UNet2DConditionModel, folder).to(memory_format=torch.channels_last)

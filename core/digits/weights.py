"""The shipped networks, loaded once, after their bytes were compared with the manifest.

A network in use is only read, so that any number of visitors may share it.
"""

from functools import cache
from pathlib import Path
from threading import Lock

from core.diffusers import ModelMixin, UNet2DConditionModel
from core.digits import manifest
from core.digits.networks import DigitNet
from core.shipping import FILE, opened

DENOISERS = ("denoiser", "weak_denoiser")
RECOGNISERS = ("judge", "classifier", "clean_classifier", "encoder")
_LOADING = Lock()


def asset(name: str) -> str:
    """Where the weights of a network lie under assets/."""
    return f"digits/{name}/{FILE}"


def denoiser(name: str = "denoiser") -> UNet2DConditionModel:
    """The trained UNet of this name, in float32, ready to predict.

    Raises core.digits.manifest.DamagedAssetError, naming the file, where it is missing or altered.
    """
    with _LOADING:
        return _load(name, manifest.ASSETS)


def recogniser(name: str) -> DigitNet:
    """The trained DigitNet of this name; as denoiser()."""
    with _LOADING:
        return _load(name, manifest.ASSETS)


@cache
def _load(name: str, assets: Path) -> ModelMixin:
    path = manifest.verified(asset(name), assets)
    return read(name, path.parent)


def read(name: str, folder: Path) -> ModelMixin:
    """A network from any folder that save_pretrained wrote, in float32."""
    return opened(UNet2DConditionModel if name in DENOISERS else DigitNet, folder)

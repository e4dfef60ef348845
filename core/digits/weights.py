"""The shipped networks, loaded once, after their bytes were compared with the manifest.

A network in use is only read, so that any number of visitors may share it.
"""

from pathlib import Path

from core.diffusers import ModelMixin, UNet2DConditionModel
from core.digits.networks import DigitNet
from core.shipping import FILE, opened, shipped

DENOISERS = ("denoiser", "weak_denoiser")
RECOGNISERS = ("judge", "classifier", "clean_classifier", "encoder")


def asset(name: str) -> str:
    """Where the weights of a network lie under assets/."""
    return f"digits/{name}/{FILE}"


def denoiser(name: str = "denoiser") -> UNet2DConditionModel:
    """The trained UNet of this name, in float32, ready to predict.

    Raises core.digits.manifest.DamagedAssetError, naming the file, where it is missing or altered.
    """
    return shipped(UNet2DConditionModel, asset(name))


def recogniser(name: str) -> DigitNet:
    """The trained DigitNet of this name; as denoiser()."""
    return shipped(DigitNet, asset(name))


def read(name: str, folder: Path) -> ModelMixin:
    """A network from any folder that save_pretrained wrote, in float32."""
    return opened(UNet2DConditionModel if name in DENOISERS else DigitNet, folder)

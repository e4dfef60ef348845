"""Trained networks go into assets/ in half precision, with what that costs, and come back in float32."""

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import torch

from core.diffusers import ModelMixin, UNet2DConditionModel
from core.digits import manifest

FILE = "diffusion_pytorch_model.safetensors"
Kind = TypeVar("Kind", bound=ModelMixin)
_LOADING = Lock()
_LOADED: dict[tuple[type[ModelMixin], str, Path], ModelMixin] = {}


def opened(kind: type[Kind], folder: Path) -> Kind:
    """A network from any folder that save_pretrained wrote, in float32; any number of visitors may share it.

    A UNet comes with its channels last, which convolutions on a CPU like best. It is never turned later: a network that is
    turned while another thread reads or turns it keeps weights in the wrong places, or none.
    """
    model = kind.from_pretrained(folder, torch_dtype=torch.float32, low_cpu_mem_usage=False)  # that would need accelerate
    order = torch.channels_last if issubclass(kind, UNet2DConditionModel) else torch.preserve_format
    return model.eval().requires_grad_(False).to(memory_format=order)


def shipped(kind: type[Kind], name: str) -> Kind:
    """The network of this asset, loaded once, after its bytes were compared with the manifest.

    Raises core.digits.manifest.DamagedAssetError, naming the file, where it is missing or altered.
    """
    key = (kind, name, manifest.ASSETS)
    if key not in _LOADED:  # every step of a sampler asks: who has a network need not wait while another one is loaded
        with _LOADING:
            if key not in _LOADED:
                _LOADED[key] = opened(kind, manifest.verified(name, manifest.ASSETS).parent)
    return cast(Kind, _LOADED[key])


def ship(name: str, source: ModelMixin, quality: Callable[[ModelMixin], dict[str, float]], line: Mapping[str, Any]) -> None:
    """Write the network to the folder of this asset, and the asset's line in assets/MANIFEST.toml.

    line: at least the command, seed, steps and minutes of its training and the fingerprints of its data; the quality is
    measured here, before and after the precision is halved.
    """
    folder, kind = (manifest.ASSETS / name).parent, type(source)
    before = quality(source.eval().requires_grad_(False))
    source.half().save_pretrained(folder)
    after = quality(opened(kind, folder))
    manifest.record(name, {**line, "quality": after, "quality_float32": before})
    print(f"{name}: {line['steps']} steps, {line['minutes']} min, {before} -> half precision {after}", flush=True)

"""The shipped adapters, read once, after their bytes were compared with the manifest. No torch is needed for that."""

from functools import cache
from pathlib import Path
from typing import Any

from core.digits import manifest
from core.lora.diffusion.adapter import Adapter, read
from core.lora.rank.weights import Weights

FILE = "pytorch_lora_weights.safetensors"  # as diffusers calls it


def asset(style: str, rank: int) -> str:
    """Where an adapter lies under assets/."""
    return f"lora/adapters/{style}_r{rank}/{FILE}"


def adapter(style: str, rank: int) -> Adapter:
    """Raises core.digits.manifest.DamagedAssetError, naming the file, where it is missing or altered."""
    return _load(style, rank, manifest.ASSETS)


@cache
def _load(style: str, rank: int, assets: Path) -> Adapter:
    return read(Weights(manifest.verified(asset(style, rank), assets).read_bytes()))


def quality(style: str, rank: int) -> dict[str, Any]:
    """What was measured when it was published."""
    found: dict[str, Any] = manifest.lines()[asset(style, rank)]["quality"]
    return found

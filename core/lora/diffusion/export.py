"""The adapter that a result was drawn with, as a file."""

from core.lora.diffusion.adapter import written
from core.lora.diffusion.choice import choice
from core.lora.diffusion.params import Params
from core.lora.diffusion.result import PicturesResult


def file(p: Params, result: PicturesResult) -> bytes:
    """A safetensors file in half precision that diffusers' load_lora_adapter and PEFT read; its scale is 1.

    Of a mix the two together, as one adapter of twice the rank; of drawings what the finished result has learnt.
    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    return result.adapter.tobytes() if result.adapter.size else written(choice(p).chosen)

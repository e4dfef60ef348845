"""Adapters of the digit denoiser, through diffusers' adapter interface: PEFT's modules inside, PEFT's names in the file.

PEFT keeps (outputs, inputs): W + (alpha / r) B A with A [r, inputs] and B [outputs, r]; a convolution's A is a convolution of
its own size, its B one of 1 x 1. Here alpha = r, so that the scale is 1 as trained. Source: LoRA, arXiv:2106.09685.
"""

from copy import deepcopy

import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig

from core.digits import weights

TARGETS = ("to_q", "to_k", "to_v", "to_out.0", "conv_in", "conv_out", "conv2")
NAME = "default"  # of the adapter that is trained


def config(rank: int) -> LoraConfig:
    """Of an adapter of this rank on every layer in TARGETS; B begins at zero, so that the first picture is the old one."""
    return LoraConfig(r=rank, lora_alpha=rank, target_modules=list(TARGETS))


def base() -> UNet2DConditionModel:
    """A copy of the shipped denoiser that may be changed, in the memory order that convolutions on a CPU like best."""
    return deepcopy(weights.denoiser()).to(memory_format=torch.channels_last)


def new(rank: int) -> UNet2DConditionModel:
    """The denoiser with a fresh adapter, whose numbers alone are trained."""
    model = base()
    model.add_adapter(config(rank), NAME)
    return model

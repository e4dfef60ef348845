"""Adapters of the digit denoiser, through diffusers' adapter interface: PEFT's modules inside.

Here alpha = r, so that the scale is 1 as trained.
"""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from peft import LoraConfig, get_peft_model_state_dict, set_peft_model_state_dict

from core.diffusers import UNet2DConditionModel
from core.digits import weights
from core.lora.diffusion.adapter import Adapter, Factors, padded, peft_config

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
CONVOLUTIONS = ("conv_in", "conv_out", "conv1", "conv2", "conv_shortcut", "conv")  # the last doubles or halves the side
TARGETS = (*ATTENTION, *CONVOLUTIONS, "time_emb_proj")  # what the level and the digit do to the channels of a block
NAME = "default"  # of the adapter that is trained


def base() -> UNet2DConditionModel:
    """A copy of the shipped denoiser that may be changed."""
    return deepcopy(weights.denoiser())


def new(rank: int) -> UNet2DConditionModel:
    """The denoiser with a fresh adapter on the layers in TARGETS, whose numbers alone are trained.

    B begins at zero, so that the first picture is the old one.
    """
    model = base()
    model.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=list(TARGETS)), NAME)
    return model


@torch.no_grad()
def turned(model: UNet2DConditionModel) -> UNet2DConditionModel:
    """The same, begun where theory says that ink and paper change places.

    The denoiser of inverted pictures is -v(-x), which is this network with the signs of its first and last layer turned, but
    for a bias: updates -2 W of rank 36 and 4. The adapter begins with the best of its rank (Eckart and Young).
    """
    for end in (model.conv_in, model.conv_out):
        left, values, right = torch.linalg.svd(end.base_layer.weight.flatten(1), full_matrices=False)
        a, b = end.lora_A[NAME].weight, end.lora_B[NAME].weight
        count = min(len(a), len(values))
        root = (2 * values[:count]).sqrt()
        a[:count] = (root[:, None] * right[:count]).view_as(a[:count])
        b[:, :count] = -(left[:, :count] * root).view_as(b[:, :count])
    return model


def taken(model: UNet2DConditionModel) -> Adapter:
    """The adapter that a network was trained with; a copy, for training goes on."""
    state = {key: each.float().numpy() for key, each in get_peft_model_state_dict(model, adapter_name=NAME).items()}
    names = [key.removesuffix(".lora_A.weight") for key in state if key.endswith(".lora_A.weight")]
    return Adapter({name: _pair(state, name) for name in sorted(names)})


def _pair(state: Mapping[str, np.ndarray], name: str) -> Factors:
    down, up = (state[f"{name}.lora_{side}.weight"] for side in "AB")
    return down.reshape(len(down), -1).copy(), up.reshape(len(up), -1).copy()


def attached(adapter: Adapter, scale: float) -> UNet2DConditionModel:
    """The denoiser with this adapter as PEFT runs it, unmerged."""
    model = base()
    model.add_adapter(LoraConfig(**peft_config(adapter)), NAME)
    state = {name: torch.from_numpy(each) for name, each in padded(adapter).items()}
    set_peft_model_state_dict(model, state, NAME)
    model.set_adapters([NAME], [scale])
    return model.eval().requires_grad_(False)

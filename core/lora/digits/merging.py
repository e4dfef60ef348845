"""Merging an update into the weights of the network, and taking it out again."""

from copy import deepcopy

import torch
from torch import Tensor

from core.digits.networks import DigitNet
from core.lora.digits.layers import Cut, module_of


@torch.no_grad()
def merged(cut: Cut, updates: list[Tensor]) -> DigitNet:
    """The whole network with update [m, n] added to each adapted weight: no cost at use is left."""
    network = deepcopy(cut.network)
    for i, update in enumerate(updates, cut.first):
        weight = module_of(network, i).weight
        weight += update.view_as(weight)
    return network


@torch.no_grad()
def unmerged_error(cut: Cut, network: DigitNet, updates: list[Tensor]) -> float:
    """Largest difference from the pretrained weights once the updates are taken out again, over the largest weight."""
    worst = 0.0
    for i, update in enumerate(updates, cut.first):
        weight, before = module_of(network, i).weight, module_of(cut.network, i).weight
        apart = (weight - update.view_as(weight) - before).abs().max() / before.abs().max()
        worst = max(worst, float(apart))
    return worst

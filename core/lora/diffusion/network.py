"""The denoiser with adapters merged into its weights, and the few steps from noise to pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core import schedule
from core.diffusers import UNet2DConditionModel
from core.digits.networks import UNCONDITIONAL, fold, unfold
from core.guidance import fast, rules
from core.guidance.digits.guides import Guess, Noised
from core.guidance.digits.result import quantised
from core.guidance.digits.samplers import Fast
from core.lora.diffusion import adapters
from core.lora.diffusion.adapter import Adapter, layers


class Merged:
    """W0 + scale B A in one copy of the denoiser, which no other visitor touches."""

    def __init__(self) -> None:
        self.model = adapters.base()
        self.plain = {name: each.clone() for name, each in self.model.named_parameters()}
        self.changed: set[str] = set()

    def put(self, adapter: Adapter, scale: float) -> UNet2DConditionModel:
        """The network with this adapter alone."""
        weights = dict(self.model.named_parameters())
        for name in self.changed - {f"{layer}.weight" for layer in adapter.factors}:
            weights[name].data.copy_(self.plain[name])
        for layer, change in changes(adapter).items():
            weights[layer].data.copy_(self.plain[layer] + scale * change)
        self.changed = {f"{layer}.weight" for layer in adapter.factors}
        return self.model


def changes(adapter: Adapter) -> dict[str, Tensor]:
    """Name of a weight -> its change at scale 1, in the weight's shape, in float32."""
    found = {}
    for layer, (a, b) in adapter.factors.items():
        product = (b.astype(float) @ a.astype(float)).astype(np.float32)
        found[f"{layer}.weight"] = torch.from_numpy(product).reshape(layers()[layer])
    return found


@torch.no_grad()
def velocity(model: UNet2DConditionModel, x: Tensor, sigma: float, labels: Tensor) -> Tensor:
    """v [n, 28, 28] of noised pictures x [n, 28, 28] at one noise to signal ratio; labels [n]."""
    level = torch.full((len(x),), float(schedule.level(sigma)))
    folded = fold(x).contiguous(memory_format=torch.channels_last)
    return unfold(model(folded, level, None, class_labels=labels, return_dict=False)[0])


@dataclass
class Guided:
    """Classifier-free guidance of strength gamma; 1 is the conditional network alone, at half the price."""

    model: UNet2DConditionModel
    labels: Tensor
    gamma: float

    def __call__(self, at: Noised) -> Guess:
        a, b = at.scales
        if self.gamma == 1:
            return Guess(a * at.x - b * velocity(self.model, at.x, at.sigma, self.labels))
        x = torch.cat([at.x, at.x])
        labels = torch.cat([torch.full_like(self.labels, UNCONDITIONAL), self.labels])
        unconditional, conditional = (a * x - b * velocity(self.model, x, at.sigma, labels)).chunk(2)
        return Guess(rules.cfg(unconditional, conditional, self.gamma))


@dataclass(frozen=True, eq=False)
class Start:
    """What all networks begin with: the same noise, the same digits, the same few steps."""

    noise: np.ndarray  # [n, 28, 28] float32
    labels: np.ndarray  # [n]
    gamma: float
    steps: int

    def guesses(self, model: UNet2DConditionModel) -> Iterator[np.ndarray]:
        """[n, 28, 28] uint8, the guess of every step; the last is the picture."""
        guide, solver = Guided(model, torch.from_numpy(self.labels), self.gamma), Fast(fast.Multistep())
        x = torch.from_numpy(self.noise)
        for sigma, sigma_next in pairwise(fast.levels(self.steps)):
            x, denoised = solver.step(guide, Noised(x, sigma), sigma_next)
            yield quantised(denoised.numpy())

    def pictures(self, model: UNet2DConditionModel) -> np.ndarray:
        """[n, 28, 28] uint8, 0 = paper."""
        *_, last = self.guesses(model)
        return last

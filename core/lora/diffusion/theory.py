"""What the scale of an adapter does to the prediction, to first order: v(s) = v(0) + s v'(0) + O(s^2).

v'(0) is exact, by differentiating the network twice (backwards, then by what went backwards); nothing is fitted.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from core import schedule
from core.diffusers import UNet2DConditionModel
from core.digits.data import split
from core.digits.networks import fold
from core.lora.diffusion import params
from core.lora.diffusion.adapter import Adapter
from core.lora.diffusion.network import Merged, changes

LEVELS = (0.3, 1.0, 3.0)  # noise to signal ratios
FINE = np.array(params.FINE)
LINEAR = 0.1  # relative deviation up to which the prediction counts as linear


@dataclass(frozen=True, eq=False)
class Inputs:
    """Noised held-out digits, one of each at every level."""

    folded: Tensor  # [n, 4, 14, 14]
    level: Tensor  # [n]
    labels: Tensor  # [n]

    def velocity(self, model: UNet2DConditionModel, weights: dict[str, Tensor] | None = None) -> Tensor:
        """[n, 4, 14, 14]."""
        named = {"class_labels": self.labels, "return_dict": False}
        found: Tensor = functional_call(model, weights or {}, (self.folded, self.level, None), named)[0]
        return found


def inputs(seed: int) -> Inputs:
    """Of the first held-out digit of each kind."""
    digits = split("validation")
    rows = [int(np.flatnonzero(digits.labels == digit)[0]) for digit in range(10)]
    clean = torch.from_numpy(digits.pictures[rows].copy())
    noise = torch.Generator().manual_seed(seed)
    noised, levels = [], []
    for sigma in LEVELS:
        a, b = map(float, schedule.signal_and_noise(sigma))
        noised.append(a * clean + b * torch.randn(clean.shape, generator=noise))
        levels += [float(schedule.level(sigma))] * len(rows)
    labels = torch.arange(10).repeat(len(LEVELS))
    folded = fold(torch.cat(noised)).contiguous(memory_format=torch.channels_last)
    return Inputs(folded, torch.tensor(levels), labels)


@dataclass(frozen=True, eq=False)
class Response:
    """Root mean squares over all inputs, relative to that of v(0); one value a scale."""

    measured: np.ndarray  # of v(s) - v(0)
    predicted: np.ndarray  # of s v'(0)
    deviation: np.ndarray  # of v(s) - v(0) - s v'(0)

    @property
    def linear_until(self) -> float:
        """Scale at which the deviation passes LINEAR of the change, linearly between two; the last where it never does."""
        share = self.deviation[1:] / np.maximum(self.measured[1:], 1e-12)
        beyond = np.flatnonzero(share > LINEAR)
        if not len(beyond):
            return float(FINE[-1])
        i = int(beyond[0])
        before = 0.0 if i == 0 else float(share[i - 1])
        return float(FINE[i] + (FINE[i + 1] - FINE[i]) * (LINEAR - before) / (share[i] - before))


def response(adapter: Adapter, seed: int) -> Response:
    """At every scale of FINE."""
    merged, at = Merged(), inputs(seed)
    slope = derivative(merged.model, adapter, at)
    with torch.no_grad():
        before = at.velocity(merged.model)
        moved = [at.velocity(merged.put(adapter, float(scale))) - before for scale in FINE]
    size = float(before.square().mean().sqrt())
    measured, deviation = (np.array([_rms(each) for each in row]) / size for row in (moved, _off(moved, slope)))
    return Response(measured, FINE * _rms(slope) / size, deviation)


def derivative(model: UNet2DConditionModel, adapter: Adapter, at: Inputs) -> Tensor:
    """dv/ds at s = 0, [n, 4, 14, 14]."""
    change, scale = changes(adapter), torch.zeros((), requires_grad=True)
    plain = {name: each.detach() for name, each in model.named_parameters() if name in change}
    with sdpa_kernel(SDPBackend.MATH):  # the fused attentions cannot be differentiated twice
        v = at.velocity(model, {name: plain[name] + scale * change[name] for name in plain})
        u = torch.zeros_like(v, requires_grad=True)
        (projected,) = torch.autograd.grad(v, scale, u, create_graph=True)  # the scalar <u, dv/ds>, linear in u
    slope: Tensor = torch.autograd.grad(projected, u)[0]
    return slope


def _off(moved: list[Tensor], slope: Tensor) -> list[Tensor]:
    return [each - float(scale) * slope for each, scale in zip(moved, FINE, strict=True)]


def _rms(values: Tensor) -> float:
    return float(values.square().mean().sqrt())

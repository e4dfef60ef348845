"""The digit denoiser as guidance wants it: a noised picture in, its denoised guess out, and a count of what that cost."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core import schedule
from core.digits import weights
from core.digits.networks import UNCONDITIONAL, fold, unfold
from core.guidance.steps import signal_and_noise


@dataclass
class Denoiser:
    """E[x_0 | x_t, digit] of a trained network, for pictures [n, 28, 28] at one noise to signal ratio."""

    name: str = "denoiser"
    evaluations: int = 0  # pictures evaluated so far

    @torch.no_grad()
    def __call__(self, x: Tensor, sigma: float, labels: Tensor) -> Tensor:
        """x [n, 28, 28] and labels [n], UNCONDITIONAL for no digit -> [n, 28, 28], not clipped."""
        self.evaluations += len(x)
        a, b = signal_and_noise(sigma)
        folded = fold(x).contiguous(memory_format=torch.channels_last)
        level = torch.full((len(x),), float(schedule.level(sigma)))
        v = weights.denoiser(self.name)(folded, level, None, class_labels=labels, return_dict=False)[0]
        return a * x - b * unfold(v)

    def both(self, x: Tensor, sigma: float, labels: Tensor) -> tuple[Tensor, Tensor]:
        """(unconditional, conditional) guesses, in one doubled batch."""
        nothing = torch.full_like(labels, UNCONDITIONAL)
        unconditional, conditional = self(torch.cat([x, x]), sigma, torch.cat([nothing, labels])).chunk(2)
        return unconditional, conditional

"""Adam with decoupled decay of the weights (AdamW, arXiv:1711.05101), in place; torch.optim takes long to import."""

import torch
from torch import Tensor

from core.lora.flat import DECAY1, DECAY2, TINY

DECAY = 0.01  # of every weight, times the learning rate


class Adam:
    """Moves some tensors, all alike."""

    def __init__(self, values: list[Tensor]) -> None:
        self.values, self.age = values, 0
        self.moments = [(torch.zeros_like(each), torch.zeros_like(each)) for each in values]

    @torch.no_grad()
    def move(self, gradients: tuple[Tensor, ...], rate: float) -> None:
        """One step; gradients are used up."""
        self.age += 1
        unbiased = (1 - DECAY2**self.age) ** 0.5
        for value, gradient, (mean, square) in zip(self.values, gradients, self.moments, strict=True):
            mean.lerp_(gradient, 1 - DECAY1)
            square.mul_(DECAY2).addcmul_(gradient, gradient, value=1 - DECAY2)
            size = torch.sqrt(square, out=gradient).add_(TINY * unbiased)
            value.mul_(1 - rate * DECAY).addcdiv_(mean, size, value=-rate * unbiased / (1 - DECAY1**self.age))

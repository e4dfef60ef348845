"""The encoding model of digits: E, and q(x_0 | x_t), which are one network because they are trained as one.

x_t = a_t E(x_0) + b_t eps. q is a mixture of K Gaussians over pictures, all of one deviation: a picture seen through much noise
may be one of several, and a draw of q must be one of them, not their mean.
Source: Su Jianlin, kexue.fm/archives/9271, the encoding model.
"""

import math
from dataclasses import dataclass

import torch
from diffusers import ConfigMixin, ModelMixin
from diffusers.configuration_utils import register_to_config
from torch import Tensor, nn

from core.digits.data import SIDE

PIXELS = SIDE * SIDE
WAVES = 32  # sines, and as many cosines, of the strength of the noise
FIRST_DEVIATION = 0.5  # of a pixel, before training


@dataclass(frozen=True)
class Guess:
    """q(x_0 | x_t) of n codes: K pictures each, in [-1, 1], their log weights and the deviation of a pixel."""

    means: Tensor  # [n, K, 784]
    log_weights: Tensor  # [n, K]
    log_deviation: Tensor  # [n]

    def mean(self) -> Tensor:
        """[n, 784] E[x_0 | x_t]."""
        return (self.log_weights.exp()[..., None] * self.means).sum(1)

    def log_density(self, pictures: Tensor) -> Tensor:
        """[n] log q(x_0 | x_t) of pictures [n, 784], in nats."""
        squares = (self.means - pictures[:, None]).square().sum(2)
        scale = self.log_deviation[:, None]
        each = (
            self.log_weights - 0.5 * squares * torch.exp(-2 * scale) - pictures.shape[1] * (scale + 0.5 * math.log(2 * math.pi))
        )
        return torch.logsumexp(each, dim=1)


class EncodingNet(ModelMixin, ConfigMixin):
    """E from pictures to d numbers, and q from d numbers and a strength t to pictures."""

    @register_to_config
    def __init__(
        self, dimensions: int = 32, width: int = 24, hidden: int = 384, parts: int = 8, normalised: bool = True
    ) -> None:
        super().__init__()
        flat = 2 * width * (SIDE // 4) ** 2
        self.convolutions = nn.ModuleList([nn.Conv2d(1, width, 4, 2, 1), nn.Conv2d(width, 2 * width, 4, 2, 1)])
        self.squeeze, self.code = nn.Linear(flat, hidden // 3), nn.Linear(hidden // 3, dimensions)
        self.norm = nn.BatchNorm1d(dimensions, affine=False) if normalised else None
        self.first = nn.Linear(dimensions + 2 * WAVES, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.choice = nn.Linear(hidden, parts)
        self.third = nn.Linear(hidden, hidden)
        self.part = nn.Parameter(0.5 * torch.randn(2, parts, hidden))  # how each part turns and shifts what all share
        self.paint = nn.Linear(hidden, PIXELS)
        self.deviation = nn.Sequential(nn.Linear(2 * WAVES, 64), nn.SiLU(), nn.Linear(64, 1))

    def encode(self, pictures: Tensor) -> Tensor:
        """E(x_0), [n, d], of pictures [n, 784] in [-1, 1]."""
        code = self.code(self._features(pictures))
        return code if self.norm is None else self.norm(code)

    def _features(self, pictures: Tensor) -> Tensor:
        """[n, hidden / 3] what the code is a straight function of."""
        hidden = pictures.view(-1, 1, SIDE, SIDE)
        for convolution in self.convolutions:
            hidden = nn.functional.silu(convolution(hidden))
        return nn.functional.silu(self.squeeze(hidden.flatten(1)))

    @torch.no_grad()
    def whiten(self, pictures: Tensor) -> None:
        """Let the codes of these pictures [n, 784] have mean 0 and covariance 1, so that none is lost at the start."""
        features = self._features(pictures).double()
        values, vectors = torch.linalg.eigh(torch.cov(features.T))
        count = self.config.dimensions
        weight = (vectors[:, -count:] / values[-count:].sqrt()).T
        self.code.weight.copy_(weight)
        self.code.bias.copy_(-weight @ features.mean(0))

    @torch.no_grad()
    def settle(self) -> None:
        """Put the statistics of a trained normalisation into the weights: the same E, in numbers that float16 holds."""
        if self.norm is None:
            return
        mean, variance = self.norm.get_buffer("running_mean"), self.norm.get_buffer("running_var")
        scale = (variance + self.norm.eps).rsqrt()
        self.code.bias.copy_((self.code.bias - mean) * scale)
        self.code.weight.mul_(scale[:, None])
        mean.zero_()
        variance.fill_(1 - self.norm.eps)

    def forward(self, x: Tensor, t: Tensor) -> Guess:
        """q(x_0 | x_t) of x_t [n, d] at strengths t [n] in [0, 1]."""
        clock = _clock(t)
        hidden = nn.functional.silu(self.first(torch.cat([x, clock], dim=1)))
        hidden = hidden + nn.functional.silu(self.second(hidden))
        turned = self.third(hidden)[:, None] * (1 + self.part[0]) + self.part[1]
        means = torch.tanh(self.paint(nn.functional.silu(turned)))
        log_deviation = self.deviation(clock)[:, 0] + math.log(FIRST_DEVIATION)
        return Guess(means, self.choice(hidden).log_softmax(1), log_deviation)


def _clock(t: Tensor) -> Tensor:
    """[n, 2 WAVES] sines and cosines of t, from half a wave over [0, 1] to some fifty."""
    angles = t[:, None] * math.pi * torch.exp(torch.linspace(0.0, 4.6, WAVES))
    return torch.cat([angles.sin(), angles.cos()], dim=1)

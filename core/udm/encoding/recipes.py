"""How the encoding model is trained: -log q(x_0 | a_t E(x_0) + b_t eps), E and q together, t uniform in [0, 1].

Source: Su Jianlin, kexue.fm/archives/9271, the encoding model.
"""

import math
from functools import partial

import torch
from torch import Tensor

from core.diffusers import ModelMixin
from core.digits.data import split
from core.digits.recipes import Batch, on_digits
from core.training import Recipe
from core.udm.encoding.network import EncodingNet


def encoding(model: ModelMixin, batch: Batch) -> Tensor:
    """-log q a pixel, in nats; half of the pictures are warped, so that 3000 digits go further."""
    plain = torch.rand(len(batch.labels), generator=batch.noise) < 0.5
    pictures = torch.where(plain[:, None, None], batch.pictures, batch.warped()).flatten(1)
    return losses(model, pictures, torch.rand(len(pictures), generator=batch.noise), batch.noise).mean()


def losses(model: ModelMixin, pictures: Tensor, t: Tensor, noise: torch.Generator) -> Tensor:
    """[n] -log q(x_0 | x_t) a pixel, in nats, of pictures [n, 784] at strengths t [n]."""
    code, angle = model.encode(pictures), t[:, None] * math.pi / 2
    eps = torch.randn(code.shape, generator=noise)
    return -model(angle.cos() * code + angle.sin() * eps, t).log_density(pictures) / pictures.shape[1]


def new_network(normalised: bool) -> EncodingNet:
    """Untrained; its codes have mean 0 and covariance 1 over the training digits."""
    network = EncodingNet(normalised=normalised)
    network.whiten(torch.from_numpy(split("train").pictures.copy()).flatten(1))
    return network


def _recipe(normalised: bool) -> Recipe:
    """The two differ in nothing else."""
    return Recipe(
        partial(new_network, normalised=normalised),
        on_digits(encoding, 64),
        steps=9000,
        rate=2e-3,
        decay=0.998,
        cooldown=1000,
        seed=5,
    )


RECIPES = {"normalised": _recipe(True), "free": _recipe(False)}

"""How the character models are trained: -log q of the next character, on windows of LENGTH characters, bfloat16 inside."""

from dataclasses import replace
from functools import cache, partial

import torch
from torch import Tensor, nn

from core.attention.model.network import CharNet
from core.attention.model.shape import LENGTH
from core.attention.model.text import SIZE, split
from core.diffusers import ModelMixin
from core.training import Recipe

BATCH = 32  # windows
SEEDS = (0, 1, 2)


def predicting(model: ModelMixin, noise: torch.Generator) -> Tensor:
    """Mean -log q a character, in nats."""
    text = _learned()
    starts = torch.randint(len(text) - LENGTH, (BATCH, 1), generator=noise)
    windows = text[starts + torch.arange(LENGTH + 1)].long()
    with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor has units for it
        logits = model(windows[:, :-1])
    return nn.functional.cross_entropy(logits.float().reshape(-1, SIZE), windows[:, 1:].reshape(-1))


CONSTANT = Recipe(CharNet, predicting, steps=2200, rate=3e-3, decay=0.99)
KINDS = {
    "constant": CONSTANT,
    "log_length": replace(CONSTANT, new=partial(CharNet, scaling="log_length")),
    "learned": replace(CONSTANT, new=partial(CharNet, positions="learned")),
}
ROTARY = ("constant", "log_length")
RECIPES = {f"{kind}_{seed}": replace(KINDS[kind], seed=seed) for seed in SEEDS for kind in ROTARY} | {
    "learned_0": KINDS["learned"]
}


@cache
def _learned() -> Tensor:
    """[l] of the training text."""
    return torch.from_numpy(split("train").copy())

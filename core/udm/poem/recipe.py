"""How the network of the poems is trained: −log q(x_0 | x_t) of both models, every number of wrong places as often.

Sources: Su Jianlin, kexue.fm/archives/9271; Uria, Murray and Larochelle, arXiv:1310.1757 (the weight l / t makes the loss of
holes an expectation of −log p over the orders in which they may be filled).
"""

import numpy as np
import torch
from torch import Tensor, nn

from core.diffusers import ModelMixin
from core.training import Recipe
from core.udm.places import corrupted
from core.udm.poem.lines import HOLE, LENGTH, SIZE, split
from core.udm.poem.network import PoemNet

EACH = 24  # lines of a batch for either model and every number of wrong places


def batch(rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """x_0 and x_t [n, l], wrong places and edits [n], all int64."""
    lines = split("train").lines
    clean, noised, wrong, edits = [], [], [], []
    for edit in (False, True):
        for count in range(1, LENGTH + 1):
            chosen = lines[rng.integers(0, len(lines), EACH)]
            clean.append(chosen)
            noised.append(corrupted(chosen, count, SIZE, edit, rng))
            wrong.append(np.full(EACH, count))
            edits.append(np.full(EACH, edit))
    x_0, x_t, t, edited = (torch.from_numpy(np.concatenate(part).astype(np.int64)) for part in (clean, noised, wrong, edits))
    return x_0, x_t, t, edited


def restoring(model: ModelMixin, noise: torch.Generator) -> Tensor:
    """Mean −log q(x_0 | x_t) a line of the edit model, and the same of the mask model weighed by l / t.

    Of the mask model what stands there is certain, so that holes alone count.
    """
    seed = int(torch.randint(2**62, (), generator=noise))
    clean, states, wrong, edits = batch(np.random.default_rng(seed))
    asked = (states == HOLE) | (edits == 1)[:, None]
    with torch.autocast("cpu", torch.bfloat16):  # twice as fast where the processor has units for it
        logits = model.scores(model.hidden(states, wrong, edits)[asked])
    weight = torch.where(edits == 1, 1.0, LENGTH / wrong)[:, None].expand(-1, LENGTH)[asked]
    return (nn.functional.cross_entropy(logits.float(), clean[asked], reduction="none") * weight).sum() / len(clean)


RECIPE = Recipe(PoemNet, restoring, steps=6500, rate=1.5e-3, horizon=10_000, cooldown=2000, seed=9271)

"""How the network that restores digits is trained: on every corruption at once, at every t, with and without noise."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from core.diffusers import ModelMixin
from core.digits.recipes import Batch, on_digits
from core.training import Recipe
from core.udm.restoration.forward import Kind, Level, normals, patterns
from core.udm.restoration.network import new_restorer, restored

SHARES = {Kind.BLUR: 0.24, Kind.PIXELATE: 0.28, Kind.GAUSSIAN: 0.14, Kind.RANDOM_MASK: 0.14, Kind.BLOCK_MASK: 0.2}
AT_THE_END, NEAR_THE_END = 0.06, 0.14  # of the batch: t = 1, and t in the last tenth
NOISELESS = 0.5  # of the batch
SIGMAS = (0.003, 0.12)  # of the rest, uniform in the logarithm
WARPED_BELOW = 0.6  # what is left still says how a digit is warped, so that the mean of the digits is not learnt wrong
LEAST = 0.02  # added to t in the weight of the loss: the error itself falls about as t


@dataclass(frozen=True, eq=False)
class Task:
    """Corrupted digits and what each has suffered."""

    corrupted: Tensor  # [n, 28, 28]
    kinds: Tensor  # [n]
    t: Tensor  # [n]


def restoring(model: ModelMixin, batch: Batch) -> Tensor:
    """Mean squared error of x_0 over (t + LEAST): its minimum is the posterior mean."""
    rng = np.random.default_rng(int(torch.randint(2**62, (), generator=batch.noise)))
    t = times(len(batch.pictures), rng)
    warped = torch.from_numpy((rng.random(len(t)) < 0.5) & (t < WARPED_BELOW))
    clean = torch.where(warped[:, None, None], batch.warped(), batch.pictures)
    task = corrupted(clean.numpy(), t, rng)
    with torch.autocast("cpu", torch.bfloat16), sdpa_kernel(SDPBackend.MATH):  # together they take 0.6 of the time
        guesses = restored(model, task.corrupted, task.kinds, task.t)
    errors = (guesses - clean).square().mean((1, 2))
    return (errors / (task.t + LEAST)).mean()


def times(count: int, rng: np.random.Generator) -> np.ndarray:
    """[count] strengths: most uniform, some near 1 and some 1."""
    where, t = rng.random(count), rng.random(count)
    return np.where(where < AT_THE_END, 1.0, np.where(where < AT_THE_END + NEAR_THE_END, 1 - 0.1 * t, t))


def corrupted(clean: np.ndarray, t: np.ndarray, rng: np.random.Generator) -> Task:
    """Every digit [n, 28, 28] corrupted in its own way at its own t [n]."""
    kinds = rng.choice(len(Kind), len(t), p=[SHARES[kind] for kind in Kind])
    low, high = np.log(SIGMAS)
    sigmas = np.where(rng.random(len(t)) < NOISELESS, 0.0, np.exp(rng.uniform(low, high, len(t))))
    levels = [Level(list(Kind)[kind], float(at), float(sigma)) for kind, at, sigma in zip(kinds, t, sigmas, strict=True)]
    made = [
        level.corrupt(picture[None], patterns(level.kind, [rng]), normals([rng]))[0]
        for level, picture in zip(levels, clean, strict=True)
    ]
    return Task(torch.from_numpy(np.array(made, np.float32)), torch.from_numpy(kinds), torch.from_numpy(t).float())


RECIPE = Recipe(new_restorer, on_digits(restoring, 48), steps=2600, rate=2e-3, horizon=12000, cooldown=700, seed=5)

"""The partial rule beside diffusers' DDPMScheduler and DDIMScheduler, step by step, on the same points and noise.

Their tables are float32; here they are given ours in float64, so what is compared is the formulas.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.udm.linear import Gaussian
from core.udm.rules import ancestral_share, partial_step
from core.udm.walk import World

Array = np.ndarray

SETTINGS = ("ddpm", "ddim_0", "ddim_half", "ddim_1")
ETAS = {"ddim_0": 0.0, "ddim_half": 0.5, "ddim_1": 1.0}


@dataclass(frozen=True)
class Peer:
    """Our levels as a schedule of diffusers: its step i goes from our level steps - 1 - i to the next.

    world: of Gaussian noise. Level 0 (t = 1), where nothing of x_0 is left, is no step of a scheduler that predicts noise.
    """

    world: World

    @cached_property
    def alpha_bar(self) -> Array:
        """g_t^2 from the least noise to the most, without t = 0 and t = 1."""
        return np.array([float(each.gain[0, 0]) ** 2 for each in self.world.levels[-2:0:-1]])

    def scheduler(self, kind: type) -> Any:
        """One of diffusers' schedulers with these levels, all of them steps."""
        import torch  # noqa: PLC0415

        count = len(self.alpha_bar)
        made = kind(num_train_timesteps=count, clip_sample=False, prediction_type="epsilon")
        made.alphas_cumprod = torch.from_numpy(self.alpha_bar)
        made.alphas = torch.from_numpy(self.alpha_bar / np.concatenate([[1.0], self.alpha_bar[:-1]]))
        made.betas = 1 - made.alphas
        made.one = torch.ones((), dtype=torch.float64)
        made.final_alpha_cumprod = made.one
        made.set_timesteps(count)
        return made

    def differences(self, setting: str, seed: int, n: int = 64) -> Array:
        """[steps - 1] largest difference of x_{t-1} over n points, along the path that ours takes with exact means."""
        import torch  # noqa: PLC0415

        scheduler, eta, rng = self.scheduler(_kind(setting)), ETAS.get(setting), np.random.default_rng(seed)
        x = self.world.levels[1].apply(self.world.data.sample(rng, n).T, rng.standard_normal((2, n)))
        rows = []
        for i in range(1, self.world.steps):
            now, after = self.world.levels[i : i + 2]
            x0 = self.world.posteriors[i].mean(x)
            z = torch.randn((2, n), generator=torch.Generator().manual_seed(seed + i), dtype=torch.float64).numpy()
            share = (1.0 if eta is None else eta) * ancestral_share(now, after)
            theirs = _step(scheduler, now.solve(x0, x), self.world.steps - 1 - i, x, eta, seed + i)
            x = partial_step(x, x0, z, now, after, share)
            rows.append(float(np.abs(x - theirs).max()))
        return np.array(rows)


def peer_differences(world: World, seed: int) -> dict[str, Array]:
    """Setting -> differences by step, of the world's law and steps (at least three) under Gaussian noise."""
    peer = Peer(World(world.data, Gaussian(), max(world.steps, 3)))
    return {setting: peer.differences(setting, seed) for setting in SETTINGS}


def _kind(setting: str) -> type:
    from core.diffusers import DDIMScheduler, DDPMScheduler  # noqa: PLC0415

    return DDPMScheduler if setting == "ddpm" else DDIMScheduler


def _step(scheduler: Any, noise: Array, t: int, x: Array, eta: float | None, seed: int) -> Array:
    """x_{t-1} of a scheduler that is told the noise; eta: of DDIM, None for DDPM."""
    import torch  # noqa: PLC0415

    more = {} if eta is None else {"eta": eta}
    generator = torch.Generator().manual_seed(seed)
    return scheduler.step(torch.from_numpy(noise), t, torch.from_numpy(x), generator=generator, **more).prev_sample.numpy()

"""The partial rule is diffusers' DDPM and DDIM, to 1e-12 in double precision."""

import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler

from core.udm.linear import Gaussian
from core.udm.rules import ancestral_share, partial_step
from core.udm.scenes import Drawn, Edited, law
from core.udm.schedulers import SETTINGS, Peer
from core.udm.walk import World


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("steps", [3, 20, 100])
@pytest.mark.parametrize("which", [Drawn(), Edited()], ids=lambda each: each.kind)
def test_every_step_of_a_path_agrees(setting, steps, which):
    differences = Peer(World(law(which), Gaussian(), steps)).differences(setting, seed=4)
    assert len(differences) == steps - 1 and differences.max() < 1e-12


def test_the_large_variance_of_ddpm_is_another_rule():
    """'fixed_large' does not keep the marginal; if it agreed too, the comparison could not fail."""
    world = World(law(Drawn()), Gaussian(), 20)
    peer = Peer(world)
    scheduler = peer.scheduler(DDPMScheduler)
    scheduler.register_to_config(variance_type="fixed_large")
    scheduler.variance_type = "fixed_large"
    now, after = world.levels[15:17]
    x = np.ones((2, 8))
    x0 = world.posteriors[15].mean(x)
    theirs = scheduler.step(
        torch.from_numpy(now.solve(x0, x)), 4, torch.from_numpy(x), generator=torch.manual_seed(0)
    ).prev_sample
    z = torch.randn((2, 8), generator=torch.manual_seed(0), dtype=torch.float64).numpy()
    ours = partial_step(x, x0, z, now, after, ancestral_share(now, after))
    assert np.abs(ours - theirs.numpy()).max() > 1e-3


def test_the_absolute_deviation_is_not_the_share():
    """s is relative to b_{t-1}: the deviation itself in its place is off by much more than rounding."""
    now, after = World(law(Drawn()), Gaussian(), 20).levels[10:12]
    x, x0, z = np.random.default_rng(0).standard_normal((3, 2, 50))
    share = ancestral_share(now, after)
    right, wrong = (partial_step(x, x0, z, now, after, s) for s in (share, share * after.noise))
    assert np.abs(right - wrong).max() > 1e-3

"""Our steps against diffusers' schedulers and guiders, and the fast solver against an exact solution."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler
from diffusers.guiders import AdaptiveProjectedGuidance, ClassifierFreeGuidance

from core import schedule
from core.guidance import fast, steps
from core.guidance.digits import guides, samplers
from core.guidance.digits.guides import Guess, Noised

LINEAR = {"num_train_timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02, "beta_schedule": "linear"}


def network(x, sigma):
    """A made-up noise prediction whose denoised guess often leaves [-1, 1]."""
    return torch.tanh(1.3 * x) * (1 + 0.1 * sigma / (1 + sigma))


def guide(at: Noised) -> Guess:
    a, b = at.scales
    return Guess((at.x - b * network(at.x, at.sigma)) / a)


@pytest.mark.parametrize("trap", [False, True])
@pytest.mark.parametrize("count", [5, 8, 20, 50])
def test_ddim_is_that_of_diffusers_step_by_step(count, trap):
    scheduler = DDIMScheduler(**LINEAR, clip_sample=True, timestep_spacing="trailing", set_alpha_to_one=True)
    scheduler.set_timesteps(count)
    ours = theirs = torch.randn(4, 28, 28, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    levels, sampler = samplers.trailing(count), samplers.Ddim(trap)
    for t, (sigma, sigma_next) in zip(scheduler.timesteps, pairwise(levels), strict=True):
        noise = network(theirs, sigma)
        theirs = scheduler.step(noise, int(t), theirs, use_clipped_model_output=not trap).prev_sample
        ours, _ = sampler.step(guide, Noised(ours, sigma), sigma_next)
        torch.testing.assert_close(ours, theirs, atol=3e-5, rtol=1e-5)


def test_the_ancestral_step_has_the_mean_and_deviation_of_diffusers():
    scheduler = DDPMScheduler(**LINEAR, clip_sample=True, variance_type="fixed_small")
    x = torch.randn(1, 28, 28, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    sigma, sigma_next = map(float, schedule.sigma(np.array([500.0, 499.0])))
    theirs = scheduler.step(network(x, sigma), 500, x, generator=torch.Generator().manual_seed(2)).prev_sample
    z = torch.randn(x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(2))
    denoised = samplers.clipped(guide(Noised(x, sigma)), Noised(x, sigma)).denoised
    torch.testing.assert_close(steps.sde(x, denoised, z, sigma, sigma_next, 1.0), theirs, atol=1e-5, rtol=1e-5)


class Pair:
    """A model whose two guesses are given."""

    def __init__(self, unconditional, conditional):
        self.guesses = unconditional, conditional

    def both(self, _):
        return self.guesses

    def conditional(self, _):
        return self.guesses[1]


@pytest.fixture
def two():
    generator = torch.Generator().manual_seed(3)
    return tuple(torch.randn(3, 28, 28, generator=generator) for _ in range(2))


@pytest.mark.parametrize("gamma", [0.0, 1.0, 2.5, 8.0])
def test_classifier_free_guidance_is_that_of_diffusers(two, gamma):
    theirs = ClassifierFreeGuidance(guidance_scale=gamma)
    theirs.set_state(step=0, num_inference_steps=8, timestep=torch.tensor(500))
    expected = two[1] if gamma == 1 else theirs.forward(two[1], two[0]).pred
    got = guides.ClassifierFree(Pair(*two), gamma)(Noised(two[0], 1.0)).denoised
    torch.testing.assert_close(got, expected, atol=1e-5, rtol=1e-5)


def test_projected_guidance_is_that_of_diffusers_over_several_steps(two):
    settings = {"guidance_scale": 3.0, "adaptive_projected_guidance_momentum": -0.5}
    settings |= {"adaptive_projected_guidance_rescale": 9.0, "eta": 0.3}
    theirs = AdaptiveProjectedGuidance(**settings, use_original_formulation=True)
    ours = guides.Projected(Pair(*two), gamma=4.0, eta=0.3, radius=9.0, momentum=-0.5)
    for step in range(3):
        theirs.set_state(step=step, num_inference_steps=3, timestep=torch.tensor(500))
        expected = theirs.forward(two[1][:, None], two[0][:, None]).pred[:, 0]
        torch.testing.assert_close(ours(Noised(two[0], 1.0)).denoised, expected, atol=1e-4, rtol=1e-4)


def test_outside_the_interval_the_unconditional_guess_is_not_asked_for(two):
    limited = guides.ClassifierFree(Pair(*two), 4.0, sigma_low=0.5, sigma_high=2.0)
    assert limited(Noised(two[0], 0.5)).denoised is two[1] and limited(Noised(two[0], 2.1)).denoised is two[1]
    torch.testing.assert_close(limited(Noised(two[0], 2.0)).denoised, two[0] + 4 * (two[1] - two[0]))


MEAN, SPREAD = 0.3, 0.5


def exact(sigma):
    """z = x / a on the probability-flow ODE of N(MEAN, SPREAD^2), through one fixed trajectory."""
    return MEAN + 1.7 * np.sqrt(SPREAD**2 + sigma**2)


def denoise(z, sigma):
    return (SPREAD**2 * z + sigma**2 * MEAN) / (SPREAD**2 + sigma**2)


def error(order, count):
    """At sigma = 0.1 after `count` steps in log sigma from 5, with the past of the exact solution."""
    sigmas = np.geomspace(5, 0.1, count + 1)
    before = [5 * (sigmas[0] / sigmas[1]) ** k for k in range(1, order)]
    solver = fast.Multistep(order, before, [denoise(exact(s), s) for s in before])
    x = exact(5.0) * steps.signal_and_noise(5.0)[0]
    for sigma, sigma_next in pairwise(map(float, sigmas)):
        x = solver.step(x, denoise(x / steps.signal_and_noise(sigma)[0], sigma), sigma, sigma_next)
    return abs(x / steps.signal_and_noise(0.1)[0] - exact(0.1))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_fast_solver_has_its_order(order):
    counts = np.array([40, 80, 160, 320])
    slope = np.polyfit(np.log(counts), np.log([error(order, n) for n in counts]), 1)[0]
    assert slope == pytest.approx(-order, abs=0.15)


@pytest.mark.parametrize("known", [1, 2, 3])
def test_weights_integrate_polynomials_exactly(known):
    """Of degree below the number of predictions, against quadrature."""
    sigmas, sigma_next = [0.7, 1.6, 5.0][:known], 0.3
    times = [np.log(0.7 / s) for s in sigmas]
    h = np.log(0.7 / sigma_next)
    u = (np.arange(200_000) + 0.5) / 200_000 * h
    for power in range(known):
        integral = (np.exp(u - h) * u**power).mean() * h
        got = sum(w * time**power for w, time in zip(fast.weights(sigmas, sigma_next), times, strict=True))
        assert got == pytest.approx(integral, rel=1e-8)


def test_levels_fall_from_one_end_to_the_other():
    levels = fast.levels(6)
    assert len(levels) == 7 and levels[-1] == 0 and all(high > low for high, low in pairwise(levels))
    assert levels[0] == pytest.approx(fast.SIGMA_MAX) and levels[-2] == pytest.approx(0.3)
    assert schedule.sigma(999) >= fast.SIGMA_MAX

"""The steps against diffusers' schedulers, against each other, and their orders of convergence."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler

from core import schedule
from core.guidance import steps
from core.guidance.scenes import Five, scene

SETTINGS = {"num_train_timesteps": 1000, "beta_start": 1e-4, "beta_end": 0.02, "clip_sample": False}
FLOAT32 = 2e-6  # diffusers' tables of alpha_bar are float32


def sample(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    x, noise = torch.randn(2, 4, 3, 8, 8, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return x, noise


def denoised(x: torch.Tensor, noise: torch.Tensor, sigma: float) -> torch.Tensor:
    a, b = steps.signal_and_noise(sigma)
    return (x - b * noise) / a


@pytest.mark.parametrize("t", [10, 300, 499, 700])
def test_the_ancestral_step_is_that_of_ddpm(t: int):
    scheduler = DDPMScheduler(**SETTINGS, variance_type="fixed_small")
    scheduler.set_timesteps(1000)
    x, noise = sample(t)
    sigma, sigma_next = float(schedule.sigma(t)), float(schedule.sigma(t - 1))
    mean, std = steps.ancestral_mean_std(x, denoised(x, noise, sigma), sigma, sigma_next)
    theirs = scheduler.step(noise, t, x, generator=torch.Generator().manual_seed(1)).prev_sample
    z = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
    cancelled = 6e-8 / (1 - float(schedule.alpha_bar(t)))  # their 1 - alpha_bar loses digits where it is small
    torch.testing.assert_close(mean + std * z, theirs, rtol=0, atol=(FLOAT32 + cancelled) * float(theirs.abs().max()))


@pytest.mark.parametrize("eta", [0.0, 1.0])
@pytest.mark.parametrize("t", [40, 500, 960])
def test_the_ends_of_the_sde_slider_are_ddim_with_eta_0_and_1(t: int, eta: float):
    scheduler = DDIMScheduler(**SETTINGS, set_alpha_to_one=True)
    scheduler.set_timesteps(50)
    x, noise = sample(t)
    sigma, sigma_next = float(schedule.sigma(t)), float(schedule.sigma(t - 20))
    z = torch.randn(x.shape, generator=torch.Generator().manual_seed(1), dtype=x.dtype)
    ours = steps.sde(x, denoised(x, noise, sigma), z, sigma, sigma_next, eta)
    theirs = scheduler.step(noise, t, x, eta=eta, variance_noise=z).prev_sample
    torch.testing.assert_close(ours, theirs, rtol=0, atol=FLOAT32 * float(theirs.abs().max()))


def test_posterior_mean_coefficients_at_level_499():
    """The oracle of the math page, with its digits: of x_0 and of x_t."""
    sigma, sigma_next = (float(schedule.sigma(t)) for t in (499, 498))
    of_x0, of_x = steps.ancestral_mean_std(np.array([0.0, 1.0]), np.array([1.0, 0.0]), sigma, sigma_next)[0]
    assert of_x0 == pytest.approx(0.00307007, abs=5e-9)
    assert of_x == pytest.approx(0.99410667, abs=5e-9)


def test_without_noise_the_sde_step_is_the_ddim_step():
    x, noise = sample(3)
    x0 = denoised(x, noise, 2.0)
    torch.testing.assert_close(steps.sde(x, x0, noise, 2.0, 1.5, 0.0), steps.ddim(x0, noise, 1.5), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("s", [0.3, 1.0, 1.5])
def test_two_sde_steps_with_one_denoised_sample_are_one_step(s: float):
    """The step solves the equation exactly for a fixed x0, so it composes: means, and variances, to rounding."""
    x, x0 = np.array([1.3, -0.4]), np.array([0.2, 0.9])
    once, std = steps.sde_mean_std(x, x0, 3.0, 0.7, s)
    middle, first = steps.sde_mean_std(x, x0, 3.0, 1.4, s)
    twice, second = steps.sde_mean_std(middle, x0, 1.4, 0.7, s)
    np.testing.assert_allclose(twice, once, rtol=1e-12)
    carried = steps.sde_mean_std(np.array([first]), np.zeros(1), 1.4, 0.7, s)[0][0]
    assert carried**2 + second**2 == pytest.approx(std**2, rel=1e-12)


def test_float32_stays_float32():
    x = np.ones((3, 2), np.float32)
    assert steps.sde(x, x, x, 2.0, 1.0, 0.5).dtype == steps.heun(x, x, x, 2.0, 1.0).dtype == np.float32


@cache
def ode_end(count: int, heun: bool) -> np.ndarray:
    """Guided ODE (gamma 3) of the five-component scene from sigma 3 to 0.3, closed forms in float64."""
    world, sigmas = scene(Five()), np.geomspace(3.0, 0.3, count + 1).tolist()
    x = np.random.default_rng(0).standard_normal((16, 2))

    def guided(x: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        a, b = steps.signal_and_noise(sigma)
        weak, strong = (law.noised(a, b).score(x) for law in (world.everything, world.wanted))
        noise = -b * (weak + 3 * (strong - weak))
        return (x - b * noise) / a, noise

    for sigma, sigma_next in pairwise(sigmas):
        x0, noise = guided(x, sigma)
        ahead = steps.ddim(x0, noise, sigma_next)
        x = steps.heun(x, noise, guided(ahead, sigma_next)[1], sigma, sigma_next) if heun else ahead
    return x


@pytest.mark.parametrize(("heun", "order"), [(False, 1), (True, 2)])
def test_order_of_convergence(heun: bool, order: int):
    """Slope of log error against log step. The next term of the error shifts it by O(step), here below a tenth."""
    counts = np.array([20, 40, 80])
    exact = ode_end(640, True)
    errors = [np.sqrt(np.square(ode_end(int(count), heun) - exact).mean()) for count in counts]
    slope = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert slope == pytest.approx(order, abs=0.15)

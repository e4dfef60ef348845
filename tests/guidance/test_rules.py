"""The rules against values worked out by hand, against diffusers' guiders, and on both kinds of array."""

import numpy as np
import pytest
import torch
from diffusers.guiders import (
    AdaptiveProjectedGuidance,
    AutoGuidance,
    ClassifierFreeGuidance,
    ClassifierFreeZeroStarGuidance,
)
from diffusers.guiders.adaptive_projected_guidance import MomentumBuffer
from hypothesis import given, settings
from hypothesis import strategies as st

from core.guidance import rules

CONDITIONAL, UNCONDITIONAL = np.array([[1.0, 2.0, -1.0]]), np.array([[0.5, -1.0, 0.25]])
EXACT = {"rtol": 1e-12, "atol": 1e-12}


def pictures(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    c, u = torch.randn(2, 5, 3, 4, 4, dtype=torch.float64, generator=generator)
    return c, u


def test_apg_by_hand():
    """The form of the paper, which starts from c; the default of diffusers starts from u."""
    paper, running = rules.apg(CONDITIONAL, UNCONDITIONAL, 5.0, 0.0, 15.0, 0.0, 0.0)
    np.testing.assert_allclose(paper, [[-13 / 6, 11 / 3, -5 / 6]], **EXACT)
    np.testing.assert_allclose(running, CONDITIONAL - UNCONDITIONAL, **EXACT)


def test_apg_caps_the_norm_but_remembers_the_whole_difference():
    c, u = np.array([[0.0, 0.0]]), np.array([[-3.0, -4.0]])
    guided, running = rules.apg(c, u, 3.0, 1.0, 1.0, -0.5, 0.0)
    np.testing.assert_allclose(guided, [[1.2, 1.6]], **EXACT)  # (3 - 1) * (3, 4) / 5
    np.testing.assert_allclose(running, [[3.0, 4.0]], **EXACT)
    again, running = rules.apg(c, u, 3.0, 1.0, 100.0, -0.5, running)
    np.testing.assert_allclose(again, [[3.0, 4.0]], **EXACT)
    np.testing.assert_allclose(running, [[1.5, 2.0]], **EXACT)


def test_zero_star_by_hand():
    scale = rules.zero_star_scale(CONDITIONAL, UNCONDITIONAL)
    np.testing.assert_allclose(scale, [[-1.75 / 1.3125]], rtol=1e-8)  # the guard in the denominator is 1e-8
    np.testing.assert_allclose(rules.zero_star(CONDITIONAL, UNCONDITIONAL, 1.0), CONDITIONAL, **EXACT)


@pytest.mark.parametrize("gamma", [0.0, 2.5, 8.0])
def test_cfg_is_that_of_diffusers(gamma: float):
    c, u = pictures(0)
    for form in (False, True):
        guider = ClassifierFreeGuidance(guidance_scale=gamma - form, use_original_formulation=form)
        torch.testing.assert_close(rules.cfg(u, c, gamma), guider.forward(c, u).pred, rtol=1e-12, atol=1e-12)


def test_autoguidance_is_that_of_diffusers():
    c, u = pictures(1)
    guider = AutoGuidance(guidance_scale=3.0, auto_guidance_layers=[0], dropout=1.0)
    torch.testing.assert_close(rules.autoguidance(u, c, 3.0), guider.forward(c, u).pred, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("eta", "radius", "momentum"), [(0.0, 2.0, -0.5), (0.3, 1e3, 0.0), (1.0, 5.0, 0.7)])
def test_apg_is_that_of_diffusers(eta: float, radius: float, momentum: float):
    """Three calls in a row, so that the momentum counts; the paper's form has scale gamma - 1."""
    guider = AdaptiveProjectedGuidance(
        guidance_scale=3.0, eta=eta, adaptive_projected_guidance_rescale=radius, use_original_formulation=True
    )
    guider.momentum_buffer = MomentumBuffer(momentum)
    running: rules.Array = 0.0
    for seed in range(3):
        c, u = pictures(seed)
        ours, running = rules.apg(c, u, 4.0, eta, radius, momentum, running)
        torch.testing.assert_close(ours, guider.forward(c, u).pred, rtol=1e-12, atol=1e-12)


def test_zero_star_is_that_of_diffusers():
    c, u = pictures(2)
    guider = ClassifierFreeZeroStarGuidance(guidance_scale=3.0, zero_init_steps=0)
    guider._step = 5
    theirs = guider.forward(c, u).pred  # their scale is float32: 6e-8 of s, times 2 s u
    torch.testing.assert_close(rules.zero_star(c, u, 3.0), theirs, rtol=0, atol=6e-7)


@settings(deadline=None)
@given(gamma=st.floats(0, 10), seed=st.integers(0, 99))
def test_numpy_and_torch_agree(gamma: float, seed: int):
    c, u = pictures(seed)
    x, y = c.numpy(), u.numpy()
    pairs = [
        (rules.cfg(u, c, gamma), rules.cfg(y, x, gamma)),
        (rules.apg(c, u, gamma, 0.2, 2.0, -0.5, 0.0)[0], rules.apg(x, y, gamma, 0.2, 2.0, -0.5, 0.0)[0]),
        (rules.zero_star(c, u, gamma), rules.zero_star(x, y, gamma)),
        (rules.classifier(c, u, gamma, 0.3), rules.classifier(x, y, gamma, 0.3)),
        (rules.denoised_of_velocity(c, u, 0.8, 0.6), rules.denoised_of_velocity(x, y, 0.8, 0.6)),
    ]
    for ours, other in pairs:
        np.testing.assert_allclose(ours.numpy(), other, rtol=1e-10, atol=1e-10)


def test_the_interval_is_open_below_and_closed_above():
    assert [rules.interval_gamma(5.0, sigma, 0.5, 2.0) for sigma in (0.4, 0.5, 0.51, 2.0, 2.1)] == [1, 1, 5, 5, 1]


@settings(deadline=None)
@given(angle=st.floats(0.05, 1.5))
def test_conversions_are_inverses_and_agree(angle: float):
    a, b = float(np.cos(angle)), float(np.sin(angle))
    x0, noise = np.random.default_rng(0).standard_normal((2, 6, 2))
    x = a * x0 + b * noise
    tolerance = 1e-14 / min(a, b) ** 2
    np.testing.assert_allclose(rules.noise_of_denoised(x, x0, a, b), noise, atol=tolerance)
    np.testing.assert_allclose(rules.denoised_of_noise(x, noise, a, b), x0, atol=tolerance)
    np.testing.assert_allclose(rules.velocity_of_denoised(x, x0, a, b), noise - x0, atol=tolerance)
    np.testing.assert_allclose(rules.denoised_of_velocity(x, noise - x0, a, b), x0, atol=tolerance)

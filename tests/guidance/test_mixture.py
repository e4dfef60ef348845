"""Closed forms of mixtures against autograd and sampling; the fast denoiser against the closed forms."""

import numpy as np
import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from core.guidance.denoiser import Denoiser
from core.guidance.scenes import Edited, Five, Overlap, Pair, Ring, SceneChoice, Tree, scene
from core.guidance.steps import signal_and_noise
from core.mixture import Mixture

SCENES = [Overlap(), Five(), Tree(), Ring(), Pair(), Edited()]
POINTS = np.random.default_rng(0).uniform(-4, 4, (200, 2))


def in_torch(law: Mixture) -> MixtureSameFamily:
    parts = MultivariateNormal(torch.tensor(law.means), torch.tensor(law.covariances))
    return MixtureSameFamily(Categorical(torch.tensor(law.weights)), parts)


@pytest.mark.parametrize("which", SCENES, ids=lambda which: which.kind)
@pytest.mark.parametrize("sigma", [0.0, 0.3, 5.0])
def test_score_is_the_gradient_of_the_log_density(which: SceneChoice, sigma: float):
    for law in (scene(which).everything, scene(which).wanted):
        noised = law.noised(*signal_and_noise(sigma))
        x = torch.tensor(POINTS, requires_grad=True)
        log_density = in_torch(noised).log_prob(x)
        (gradient,) = torch.autograd.grad(log_density.sum(), x)
        np.testing.assert_allclose(noised.log_density(POINTS), log_density.detach().numpy(), rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(noised.score(POINTS), gradient.numpy(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("which", SCENES, ids=lambda which: which.kind)
def test_posterior_is_a_probability_and_averages_to_the_prior(which: SceneChoice):
    """The mean of n probabilities has standard error at most 0.5 / sqrt(n)."""
    world, n = scene(which), 20000
    posterior = np.exp(world.log_posterior(world.everything.sample(np.random.default_rng(1), n)))
    assert posterior.max() <= 1 + 1e-12
    assert posterior.mean() == pytest.approx(world.prior, abs=3 * 0.5 / n**0.5)


@pytest.mark.parametrize("which", [Overlap(), Five(), Tree(), Ring(), Edited()], ids=lambda which: which.kind)
def test_posterior_is_the_sum_of_responsibilities(which: SceneChoice):
    world = scene(which)
    of_class = (world.everything.means[:, None] == world.wanted.means).all(-1).any(1)
    summed = world.everything.responsibilities(POINTS)[:, of_class].sum(1)
    np.testing.assert_allclose(np.exp(world.log_posterior(POINTS)), summed, rtol=1e-10, atol=1e-14)


def test_samples_have_the_moments_of_the_mixture():
    """n = 40000: standard errors of means are below 2 / 200, of second moments below 4 * 2 / 200; five of each."""
    law = scene(Tree()).everything
    x = law.sample(np.random.default_rng(2), 40000)
    second = np.einsum("k,kij->ij", law.weights, law.covariances + law.means[:, :, None] * law.means[:, None])
    np.testing.assert_allclose(x.mean(0), law.weights @ law.means, atol=5 * 0.01)
    np.testing.assert_allclose(x.T @ x / len(x), second, atol=5 * 0.04)


@pytest.mark.parametrize("which", SCENES, ids=lambda which: which.kind)
def test_the_fast_denoiser_is_the_closed_form(which: SceneChoice):
    """Tweedie: D = (x + b^2 score) / a. The logits reach size 1e4 in float32, so their exponentials err by 1e-3 at worst."""
    world, sigmas = scene(which), np.array([20.0, 1.0, 0.2, 0.0])
    fast = Denoiser(world.everything, world.wanted, sigmas)
    for level, sigma in enumerate(sigmas):
        a, b = signal_and_noise(sigma)
        answer = fast(POINTS.T.astype(np.float32), level)
        for side, law in enumerate((world.everything, world.wanted)):
            noised = law.noised(a, b)
            exact = (POINTS + b * b * noised.score(POINTS)) / a
            np.testing.assert_allclose(answer.samples[side].T, exact, atol=3e-3)
            np.testing.assert_allclose(answer.log_density[side], noised.log_density(POINTS), rtol=1e-4, atol=1e-3)


def test_far_away_everything_is_finite():
    world = scene(Ring())
    fast = Denoiser(world.everything, world.wanted, np.array([0.01]))
    answer = fast(np.full((2, 1), 50, np.float32), 0)
    assert np.isfinite(answer.samples).all() and np.isfinite(answer.log_density).all()
    assert np.isfinite(world.everything.score(np.full((1, 2), 50.0))).all()

"""Identities between the methods, on exact networks."""

import numpy as np
import pytest

from core.guidance import rules, steps
from core.guidance.grids import pushes
from core.guidance.guide import Guide, Method
from core.guidance.methods import (
    APG,
    Autoguidance,
    CFGPlusPlus,
    Classifier,
    ClassifierFree,
    FeynmanKac,
    Interval,
    Ode,
    PowerNormalised,
    Similarity,
    ZeroStar,
)
from core.guidance.networks import Moment, Networks
from core.guidance.scenes import Five, scene
from core.guidance.walk import Walk, noise_levels

X = np.random.default_rng(0).standard_normal((2, 200)).astype(np.float32)
LEVELS = (3, 10, 20, 30, 38)  # sigma from 8 to 0.05
FLOAT32 = 2e-4  # rounding of noise divided by a, or of denoised samples divided by b, at these levels


def networks(blur: float | None = None) -> Networks:
    return Networks(scene(Five()), noise_levels(40), 0.0, 0.0, blur)


def moment(level: int) -> Moment:
    return networks().at(X, level)


@pytest.mark.parametrize("level", LEVELS)
def test_with_exact_scores_classifier_guidance_is_classifier_free_guidance(level: int):
    at = moment(level)
    np.testing.assert_allclose(Guide(Classifier(), 3.0).denoised(at), Guide(ClassifierFree(), 3.0).denoised(at), atol=FLOAT32)


PLAIN = [ClassifierFree(), Classifier(), PowerNormalised(), Interval(), APG(), ZeroStar(zero_share=0.0), FeynmanKac()]


@pytest.mark.parametrize("method", PLAIN, ids=lambda method: method.kind)
@pytest.mark.parametrize("level", LEVELS)
def test_gamma_1_is_the_conditional_model(method: Method, level: int):
    at = moment(level)
    np.testing.assert_allclose(Guide(method, 1.0).denoised(at), at.strong, atol=FLOAT32)


def test_cfg_plus_plus_is_cfg_whose_gamma_depends_on_the_step():
    """gamma_t = lambda sigma / (sigma - sigma'): both steps land on the same point."""
    sigma, sigma_next, guide = 1.2, 0.9, Guide(CFGPlusPlus(lambda_per_gamma=0.1), 6.0)
    nets = Networks(scene(Five()), (sigma, sigma_next), 0.0, 0.0, None)
    at = nets.at(X, 0)
    denoised = guide.denoised(at)
    same = rules.cfg(at.weak, at.strong, 0.6 * sigma / (sigma - sigma_next))
    ours = steps.ddim(denoised, guide.noise(at, denoised), sigma_next)
    np.testing.assert_allclose(ours, steps.ddim(same, at.noise(same), sigma_next), atol=1e-5)


@pytest.mark.parametrize("level", [10, 20, 25])
def test_the_normalised_power_has_the_gradient_of_its_logarithm(level: int):
    """Central differences of log(p^gamma / (p^gamma + (1 - p)^gamma)) in float64; their error is h^2."""
    at, gamma, h = moment(level), 3.0, 1e-4
    world = scene(Five())
    weak, strong = (law.noised(at.a, at.b) for law in (world.everything, world.wanted))

    def log_power(x: np.ndarray) -> np.ndarray:
        p = world.prior * np.exp(strong.log_density(x) - weak.log_density(x))
        return gamma * np.log(p) - np.log(p**gamma + (1 - p) ** gamma)

    x = X.T.astype(np.float64)
    slopes = np.stack([(log_power(x + h * e) - log_power(x - h * e)) / (2 * h) for e in np.eye(2)], 1)
    push = at.b * slopes
    np.testing.assert_allclose(Guide(PowerNormalised(), gamma).field(at).T, push, atol=2e-3 * np.abs(push).max())


def test_similarity_pulls_towards_its_point():
    at = moment(25)
    towards = np.array([[1.0], [2.0]], np.float32)
    push = Guide(Similarity(towards=((1.0, 2.0),)), 2.0).field(at)
    assert ((push * (at.a * towards - at.x)).sum(0) >= -1e-5).all()


def test_the_interval_costs_one_network_outside():
    guide = Guide(Interval(sigma_low=0.5, sigma_high=1.0), 4.0)
    called = {moment(level).sigma: guide.networks(moment(level)) for level in LEVELS}
    assert called == {sigma: 2 if 0.5 < sigma <= 1.0 else 1 for sigma in called} and set(called.values()) == {1, 2}


def test_the_field_of_a_frame_does_not_depend_on_the_other_frames():
    """APG remembers earlier steps; a field is asked for level by level and must not."""
    both, alone = (pushes(networks(), APG(momentum=0.9), 4.0, levels, 8) for levels in ((10, 20), (20,)))
    np.testing.assert_array_equal(both[1], alone[0])


def test_cfg_zero_star_stands_still_under_heun_too():
    """Every particle only changes its scale in the still steps, the last of them included, and no network is called."""
    walk = Walk(networks(), ZeroStar(zero_share=0.1), Ode(), 3.0, 0, 50)
    start = walk.x / sum(steps.signal_and_noise(walk.networks.sigmas[0]))
    for _ in range(4):
        walk.step()
    np.testing.assert_allclose(walk.x / sum(steps.signal_and_noise(walk.networks.sigmas[4])), start, rtol=1e-5)
    assert walk.evaluations == 0


def test_cfg_zero_star_stands_still_at_first():
    """Velocity zero: x0 and noise agree, so the sample only changes its scale."""
    at = networks().at(X, 0)
    denoised = Guide(ZeroStar(zero_share=0.1), 3.0).denoised(at)
    np.testing.assert_allclose(denoised, at.noise(denoised), atol=1e-5)


def test_autoguidance_at_1_is_the_good_model_and_at_0_the_bad_one():
    at = networks(blur=0.5).at(X, 20)
    np.testing.assert_allclose(Guide(Autoguidance(), 1.0).denoised(at), moment(20).strong, atol=1e-5)
    np.testing.assert_allclose(Guide(Autoguidance(), 0.0).denoised(at), at.weak, atol=1e-5)


def test_the_errors_have_the_size_of_their_dial():
    """Root mean square over points spread wide, in units of velocity: 8 waves estimate it to about a third."""
    wrong = Networks(scene(Five()), noise_levels(40), 0.5, 0.25, None)
    points = np.random.default_rng(1).uniform(-4, 4, (2, 4000)).astype(np.float32)
    at = wrong.at(points, 20)
    score = np.sqrt(np.square((at.learned - at.exact.samples) / at.b).mean())
    exact = networks().at(points, 20).gradient
    classifier = np.sqrt(np.square((at.gradient - exact) * at.b / at.a).mean())
    assert score == pytest.approx(0.5, rel=0.35)
    assert classifier == pytest.approx(0.25, rel=0.35)

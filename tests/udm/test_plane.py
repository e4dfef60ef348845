"""Exact posteriors, rules and marginals of the plane."""

from itertools import product

import numpy as np
import pytest

from core.distances import sliced_w2_to_mixture
from core.mixture import Mixture
from core.udm.comparison import comparison
from core.udm.linear import Cold, Gaussian, level
from core.udm.plane import Params, compute, walked, world_of
from core.udm.posterior import Posterior
from core.udm.rules import Partial, Plain, ancestral_share, cold_step, fresh_share, partial_step
from core.udm.scenes import Drawn, Edited, law
from core.udm.walk import Predictor, Walk, World

CORRUPTIONS = [Gaussian(), *(Cold(kind=kind) for kind in ("shrink", "mask", "fade"))]
LAWS = [*(Drawn(kind=kind) for kind in ("lattice", "ring", "islands", "cross")), Edited()]
KEEPING = ("naive", "invertible", "ancestral", "partial", "sde")  # the marginal, under every corruption
corruptions = pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda each: each.kind)
laws = pytest.mark.parametrize("which", LAWS, ids=lambda each: each.kind)


@corruptions
@laws
@pytest.mark.parametrize("t", [0.2, 0.7, 1.0])
def test_the_posterior_is_bayes_on_a_grid(corruption, which, t):
    """Mean and responsibilities by brute force: a grid of 0.02, and Gaussians no narrower than 0.1, leave no error to see."""
    data = law(which)
    now = level(corruption, data, t)
    axis = np.arange(-5, 5, 0.02)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    joint = np.exp(data.log_joint(grid))  # [m, K]
    for x in ((0.3, -0.8), (1.7, 1.1), (-2.5, 0.1)):
        away = now.solve(grid.T, np.array(x)[:, None])
        weights = joint * np.exp(-np.square(away).sum(0) / 2 + np.square(away).sum(0).min() / 2)[:, None]
        share = weights.sum(0) / weights.sum()
        mean = weights.sum(1) @ grid / weights.sum()
        posterior = Posterior(data, now)
        np.testing.assert_allclose(posterior.responsibilities(np.array(x)[:, None])[:, 0], share, atol=1e-8)
        np.testing.assert_allclose(posterior.mean(np.array(x)[:, None])[:, 0], mean, atol=1e-8)


@corruptions
def test_draws_from_the_posterior_average_to_its_mean_and_keep_the_law(corruption):
    """x_0 -> x_t -> x_0 again is exact: moments of 200000 draws within three standard errors."""
    data, n = law(Drawn()), 200_000
    now, rng = level(corruption, data, 0.6), np.random.default_rng(0)
    x = now.apply(data.sample(rng, n).T, rng.standard_normal((2, n)))
    again = Posterior(data, now).sample(x, rng)
    fresh = data.sample(rng, n).T
    for power in (1, 2):
        room = 3 * (2**0.5) * (fresh**power).std(1) / n**0.5
        np.testing.assert_array_less(np.abs((again**power).mean(1) - (fresh**power).mean(1)), room)
    one = np.tile(x[:, :1], n)
    drawn = Posterior(data, now).sample(one, rng)
    np.testing.assert_allclose(drawn.mean(1), Posterior(data, now).mean(one[:, :1])[:, 0], atol=3 * drawn.std() / n**0.5)


@corruptions
def test_rates_are_derivatives(corruption):
    data, h = law(Edited()), 1e-6
    for t in (0.1, 0.5, 0.9):
        below, now, above = (level(corruption, data, at) for at in (t - h, t, t + h))
        for name in ("gain", "offset", "noise"):
            slope = (getattr(above, name) - getattr(below, name)) / (2 * h)
            np.testing.assert_allclose(getattr(now, f"{name}_rate") * np.ones((2, 1)), slope * np.ones((2, 1)), atol=1e-8)


@corruptions
def test_solving_undoes_applying(corruption):
    now, rng = level(corruption, law(Drawn()), 0.4), np.random.default_rng(0)
    x0, eps = rng.standard_normal((2, 2, 50))
    np.testing.assert_allclose(now.solve(x0, now.apply(x0, eps)), eps, atol=1e-12)


def test_the_ends_of_the_partial_rule_are_the_naive_and_the_invertible_one():
    world, rng = World(law(Drawn()), Gaussian(), 10), np.random.default_rng(0)
    now, after = world.levels[3:5]
    x, x0, z = rng.standard_normal((3, 2, 40))
    np.testing.assert_allclose(partial_step(x, x0, z, now, after, 1.0), after.apply(x0, z), atol=1e-14)
    np.testing.assert_allclose(partial_step(x, x0, z, now, after, 0.0), after.apply(x0, now.solve(x0, x)), atol=1e-14)
    assert fresh_share(Partial(fresh=0.3), now, after, 0.1) == pytest.approx(np.full((2, 1), 0.3))


def test_with_constant_noise_cold_diffusion_is_the_invertible_rule():
    rng = np.random.default_rng(0)
    x, x0 = rng.standard_normal((2, 2, 40))
    for kind in ("shrink", "fade"):
        now, after = World(law(Drawn()), Cold(kind=kind), 10).levels[3:5]
        np.testing.assert_allclose(cold_step(x, x0, now, after), partial_step(x, x0, 0.0, now, after, 0.0), atol=1e-13)


def test_the_ancestral_share_is_beta_over_b():
    """diffusers' betas[t] is beta_t^2 = 1 - abar_t / abar_{t-1}; s = beta_t / b_t."""
    world = World(law(Drawn()), Gaussian(), 25)
    for now, after in zip(world.levels[:-1], world.levels[1:], strict=True):
        beta_square = 1 - (now.gain / after.gain) ** 2
        np.testing.assert_allclose(ancestral_share(now, after), np.sqrt(beta_square) / now.noise, atol=1e-14)


@corruptions
@pytest.mark.parametrize("rule", KEEPING)
def test_rules_keep_the_marginal(corruption, rule):
    """x_t = F_t(x_0, eps), one step back with the true x_0: mean and variance of F_{t-1}, within three standard errors."""
    p = Params(corruption=corruption.kind, rule=rule, steps=8)
    now, after = world_of(p).levels[2:4]
    rng, n = np.random.default_rng(0), 100_000
    x0 = np.full((2, n), 0.7)
    x = now.apply(x0, rng.standard_normal((2, n)))
    back = after.solve(x0, partial_step(x, x0, rng.standard_normal((2, n)), now, after, fresh_share(p.rule, now, after, 1 / 8)))
    np.testing.assert_allclose(back.mean(1), 0, atol=5 / n**0.5)
    np.testing.assert_allclose(back.var(1), 1, atol=3 * (2 / n) ** 0.5)


@corruptions
def test_drawn_predictions_are_exact_under_every_rule_and_any_number_of_steps(corruption):
    """No farther from the exact law than the farthest of 40 exact sets of this size, and a fifth more for 20 rules tried."""
    here = law(Drawn())
    rng = np.random.default_rng(1)
    floor = max(sliced_w2_to_mixture(here.sample(rng, 2000), here) for _ in range(40))
    for rule, steps in product(KEEPING, (1, 3, 10, 40)):
        p = Params(corruption=corruption.kind, rule=rule, steps=steps, particles=2000)
        points = walked(p, Predictor.SAMPLED, (steps,))[0][0]
        assert sliced_w2_to_mixture(points, here) < 1.2 * floor, (rule, steps)


def test_mean_predictions_need_the_invertible_rule():
    """The lesson of the tab, at its defaults: naive means fall short, invertible ones arrive."""
    values = {rule: compute(Params(rule=rule, steps=40, particles=2000)).metrics() for rule in ("naive", "invertible")}
    floor = values["naive"]["sliced_w2_mean_floor"]
    assert values["naive"]["sliced_w2_mean"] > 1.5 * floor > values["invertible"]["sliced_w2_mean"]
    assert values["naive"]["trace_mean"] < 0.9 * values["naive"]["trace_mean_target"]


def test_one_step_with_means_is_the_mean():
    """From a start that says nothing the prediction is the mean of all data: nothing is spread."""
    metrics = compute(Params(steps=1)).metrics()
    assert metrics["trace_mean"] < 1e-20 and metrics["evaluations"] == 1


def ends(rule: str, steps: int) -> np.ndarray:
    """Mean predictions from t = 1 to t = 0.2, from one start."""
    world = World(law(Edited(spread=0.6)), Gaussian(), steps)
    start = world.start(np.random.default_rng(0), 64)
    run = Walk(world, Plain(kind=rule), Predictor.MEAN, start, 0)
    for _ in range(steps * 4 // 5):
        run.step()
    return run.x


@pytest.mark.parametrize(("rule", "order"), [("invertible", 1), ("ode", 2)])
def test_orders_of_convergence(rule, order):
    """Slope of log error against log step; the next term of the error shifts it by O(step), here below a fifth."""
    counts = np.array([20, 40, 80])
    exact = ends("ode", 1280)
    errors = [np.sqrt(np.square(ends(rule, int(count)) - exact).mean()) for count in counts]
    assert -np.polyfit(np.log(counts), np.log(errors), 1)[0] == pytest.approx(order, abs=0.2)


def test_a_fixed_share_has_no_sde_limit_but_kappa_has():
    """New noise added over the whole way, sum of s^2: kappa for the SDE whatever the steps, growing with them for a fixed s."""
    totals = {}
    for rule, steps in product(("sde", "partial"), (50, 200)):
        p = Params(rule=rule, steps=steps) if steps <= 100 else None
        world = World(law(Drawn()), Gaussian(), steps)
        chosen = Params(rule=rule).rule if p is None else p.rule
        pairs = zip(world.levels[:-1], world.levels[1:], strict=True)
        totals[rule, steps] = sum(float(fresh_share(chosen, *pair, 1 / steps)[0, 0]) ** 2 for pair in pairs)
    assert totals["sde", 50] == pytest.approx(totals["sde", 200]) == pytest.approx(Params(rule="sde").rule.kappa)
    assert totals["partial", 200] == pytest.approx(4 * totals["partial", 50])


def test_the_marginal_of_a_level_is_the_law_of_what_it_makes():
    data, rng, n = law(Drawn(kind="cross")), np.random.default_rng(0), 100_000
    for corruption in CORRUPTIONS:
        now = level(corruption, data, 0.5)
        x = now.apply(data.sample(rng, n).T, rng.standard_normal((2, n)))
        law_t = now.marginal(data)
        mean = law_t.weights @ law_t.means
        second = np.einsum("k,kij->ij", law_t.weights, law_t.covariances + law_t.means[:, :, None] * law_t.means[:, None])
        np.testing.assert_allclose(x.mean(1), mean, atol=3 * x.std() / n**0.5)
        np.testing.assert_allclose(x @ x.T / n, second, atol=3 * np.square(x).std() / n**0.5)


def test_the_comparison_ends_with_diffusers():
    parts = list(comparison(Params(steps=5, seed=3)))
    assert [done for done, _ in parts] == sorted(done for done, _ in parts) and parts[-1][0] == 1.0
    last = parts[-1][1]
    assert len(last.rules) == len(parts) - 1 and last.metrics()["diffusers_difference"] < 1e-12


def test_a_law_of_one_component_has_a_linear_posterior():
    """Wiener's filter: mean g S / (g^2 S + b^2) x, for one Gaussian around zero."""
    data = Mixture(np.ones(1), np.zeros((1, 2)), 0.5 * np.eye(2)[None])
    now = level(Gaussian(), data, 0.5)
    x = np.array([[1.0], [2.0]])
    np.testing.assert_allclose(
        Posterior(data, now).mean(x), now.gain * 0.5 / (now.gain**2 * 0.5 + now.noise**2) * x, atol=1e-14
    )

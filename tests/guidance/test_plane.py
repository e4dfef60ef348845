"""The experiment guidance_plane as a whole."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.faults import ParameterError
from core.guidance import CurvesResult, Params, PlaneResult, compute, curves
from core.guidance.curves import GAMMAS
from core.guidance.methods import SQUARE
from tests.draws import any_of

SMALL = {"particles": 100, "steps": 8}
METHODS = next(control for control in Params.controls() if control.name == "method").options
SCENES = next(control for control in Params.controls() if control.name == "scene").options


@settings(max_examples=80, deadline=None)
@given(p=any_of(Params), steps=st.sampled_from((5, 12, 20)))
def test_everything_is_finite_and_shaped_and_survives_a_link(p: Params, steps: int):
    p = p.replace(steps=steps, particles=100)
    result = compute(p)
    frames = min(p.steps, 12) + 1
    assert result.particles.shape == (frames, p.particles, 2)
    assert result.field.shape == (frames, 14, 14, 2)
    assert result.density.shape == result.density_class.shape == (frames, 32, 32)
    assert result.target.shape == result.target_again.shape == (p.particles, 2)
    assert all(np.isfinite(array).all() for array in result.arrays().values())
    assert all(math.isfinite(value) for value in result.metrics().values())
    assert Params.from_query(p.to_query()) == p


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scene", SCENES)
def test_corners_are_finite(method: str, scene: str):
    for gamma in (0.0, 10.0):
        p = Params(method=method, scene=scene, gamma=gamma, steps=5, particles=100, score_error=1.0, classifier_error=1.0)
        assert np.isfinite(compute(p).particles).all()
        assert all(math.isfinite(value) for value in compute(p.replace(steps=100)).metrics().values())


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides_everything(method: str):
    p = Params(method=method, **SMALL)
    once, again, other = compute(p), compute(p), compute(p.replace(seed=1))
    for name, array in once.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])
    for name in ("particles", "target", "target_again"):
        assert not np.array_equal(getattr(once, name), getattr(other, name))


def test_all_methods_start_from_the_same_noise():
    first = compute(Params(**SMALL)).particles[0]
    for method in METHODS:
        np.testing.assert_array_equal(compute(Params(method=method, **SMALL)).particles[0], first)


def test_the_story_at_the_defaults():
    """Guidance by the ODE implodes; the promised samples do not; with weights the particles are spread again."""
    imploded = compute(Params()).metrics()
    corrected = compute(Params(method="feynman_kac")).metrics()
    assert imploded["trace"] < 0.4 * imploded["trace_target"]
    assert corrected["trace"] > 0.65 * corrected["trace_target"]
    assert imploded["sliced_w2"] > 2 * corrected["sliced_w2"]
    assert imploded["sliced_w2"] > 4 * imploded["sliced_w2_floor"]


def test_without_guidance_the_ode_samples_the_class():
    """Particles are as close to p(x|y) as another exact sample is; both distances are random, the larger at most doubles."""
    metrics = compute(Params(gamma=1.0, particles=2000)).metrics()
    assert metrics["sliced_w2"] < 2 * metrics["sliced_w2_floor"] + 0.02
    assert metrics["purity"] == pytest.approx(metrics["purity_target"], abs=0.03)


def test_density_is_the_density_of_the_particles():
    """Both integrate to about 1 where the picture holds all the mass; cells are a quarter wide."""
    result = compute(Params(**SMALL))
    for density in (result.density, result.density_class):
        np.testing.assert_allclose(density.sum((1, 2)) * (2 * SQUARE / 32) ** 2, 1, atol=0.02)


@pytest.mark.parametrize(
    ("method", "sampler", "evaluations"),
    [("cfg", "ode", 2 * (2 * 8 - 1)), ("cfg", "ddim", 16), ("cfg_plus_plus", "ddim", 16), ("classifier_mean", "ddpm", 16)],
)
def test_evaluations_are_counted(method: str, sampler: str, evaluations: int):
    """Heun calls twice a step, but for the last; a guided prediction is two networks."""
    assert compute(Params(method=method, sampler=sampler, **SMALL)).metrics()["evaluations"] == evaluations


def test_only_what_means_something_is_offered():
    assert Params(method="feynman_kac").sampler.kind == "sde"
    assert Params(method="cfg_plus_plus").sampler.kind == "ddim"
    with pytest.raises(ParameterError, match="sampler"):
        Params(method="feynman_kac", sampler="ode")
    with pytest.raises(ParameterError, match="eta"):
        Params(method="cfg", eta=0.5)


@pytest.mark.parametrize(("dial", "hurt", "spared"), [("score_error", "cfg", None), ("classifier_error", "classifier", "cfg")])
def test_each_dial_breaks_its_own_method(dial: str, hurt: str, spared: str | None):
    exact, wrong = Params(gamma=2.0, method=hurt), Params(gamma=2.0, method=hurt, **{dial: 0.5})
    assert compute(wrong).metrics()["sliced_w2"] > 1.3 * compute(exact).metrics()["sliced_w2"]
    if spared:
        np.testing.assert_array_equal(
            compute(exact.replace(method=spared)).particles, compute(wrong.replace(method=spared)).particles
        )


def test_a_result_is_read_only_and_its_metrics_need_only_its_arrays(tmp_path):
    result = compute(Params(scene="pair", **SMALL))
    with pytest.raises(ValueError, match="read-only"):
        result.particles[0] = 0
    result.save(tmp_path / "result.safetensors")
    assert PlaneResult.load(tmp_path / "result.safetensors").metrics() == result.metrics()


def test_curves_come_one_method_at_a_time():
    parts: list[tuple[float, CurvesResult]] = list(curves(Params(steps=5)))
    assert [done for done, _ in parts] == pytest.approx([(k + 1) / len(METHODS) for k in range(len(METHODS))])
    last = parts[-1][1]
    assert tuple(last.methods) == METHODS
    assert last.sliced_w2.shape == last.purity.shape == last.trace.shape == (len(METHODS), len(GAMMAS))
    assert all(np.isfinite(array).all() for array in last.arrays().values())
    np.testing.assert_array_equal(last.sliced_w2[:3], parts[2][1].sliced_w2)


def test_curves_keep_the_fields_and_the_sampler_of_the_method_on_show():
    mild, hard = (list(curves(Params(method="apg", eta=eta, steps=5)))[-1][1] for eta in (0.0, 1.0))
    apg = METHODS.index("apg")
    assert not np.array_equal(mild.sliced_w2[apg], hard.sliced_w2[apg])
    np.testing.assert_array_equal(np.delete(mild.sliced_w2, apg, 0), np.delete(hard.sliced_w2, apg, 0))
    assert dict(zip(hard.methods, hard.samplers, strict=True))["cfg"] == "ode"

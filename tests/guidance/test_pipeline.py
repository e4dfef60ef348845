"""A pipeline of one's own is guided as diffusers guides it, and its cost and closed forms are what the network saw."""

import json
from functools import partial

import numpy as np
import pytest
import torch
from diffusers import DiTPipeline, EulerAncestralDiscreteScheduler, PNDMScheduler, StableDiffusionPipeline
from diffusers.guiders import (
    AdaptiveProjectedGuidance,
    ClassifierFreeGuidance,
    ClassifierFreeZeroStarGuidance,
    TangentialClassifierFreeGuidance,
)
from diffusers.guiders.magnitude_aware_guidance import mambo_guidance
from hypothesis import given, settings

from core.guidance.pipeline import folder as folders
from core.guidance.pipeline.experiment import drawn
from core.guidance.pipeline.guiders import guider
from core.guidance.pipeline.methods import FAMILIES, Method
from core.guidance.pipeline.models import PromptedModel, loaded, model_for, sigma
from core.guidance.pipeline.params import Params, params_for
from core.guidance.pipeline.result import PipelineResult, shrunk
from core.guidance.pipeline.scales import GAMMAS, measured
from core.guidance.pipeline.theory import Products, weights
from core.guidance.pipeline.walk import walk
from demos.guidance.pipeline import PIPELINE
from tests.draws import any_of
from tests.guidance.tiny import class_conditional, text_to_image

STEPS, SEED, GAMMA = 5, 3, 4.0
CLOSE = {"rtol": 0, "atol": 2e-5}  # batches of other sizes round otherwise, and five steps add that up
OWN = {"model": "own", "steps": STEPS, "seed": SEED, "count": 2, "gamma": GAMMA}
every_method = pytest.mark.parametrize("method", Method)


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return folders.read(class_conditional(tmp_path_factory.mktemp("classes") / "dit"))


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return folders.read(text_to_image(tmp_path_factory.mktemp("text") / "sd"))


def drawn_by(method, pipeline, **changes):
    p = params_for(pipeline)(**OWN | changes)
    *_, walked = walk(method, p, model_for(p, pipeline))
    return walked


def on_screen(pictures):
    return np.clip(pictures / 2 + 0.5, 0, 1)


def sources(count=2):
    return [torch.Generator().manual_seed(SEED + i) for i in range(count)]


@pytest.mark.parametrize(("method", "scale"), [(Method.PLAIN, 1.0), (Method.CFG, GAMMA)])
def test_a_class_is_drawn_as_the_librarys_own_pipeline_draws_it(classes, method, scale):
    pipe = DiTPipeline.from_pretrained(classes.folder)
    said = pipe([7, 7], scale, sources(), STEPS, output_type="np").images
    np.testing.assert_allclose(on_screen(drawn_by(method, classes, label=7).pictures), said, **CLOSE)
    other = drawn_by(method, classes, label=8).pictures
    assert np.abs(on_screen(other) - said).max() > 1e-2, "the class counts"


@pytest.mark.parametrize(
    ("method", "scale", "rescale"), [(Method.PLAIN, 1.0, 0.0), (Method.CFG, GAMMA, 0.0), (Method.RESCALE, GAMMA, 0.6)]
)
def test_a_prompt_is_drawn_as_the_librarys_own_pipeline_draws_it(text, method, scale, rescale):
    pipe = StableDiffusionPipeline.from_pretrained(text.folder)
    how = {"num_inference_steps": STEPS, "guidance_scale": scale, "guidance_rescale": rescale, "num_images_per_prompt": 2}
    said = pipe("a red apple", generator=sources(), output_type="np", **how).images
    found = drawn_by(method, text, prompt="a red apple", rescale=0.6)
    np.testing.assert_allclose(on_screen(found.pictures), said, **CLOSE)
    assert np.abs(on_screen(drawn_by(method, text, prompt="blue").pictures) - said).max() > 1e-3, "the prompt counts"


LIBRARY = {
    Method.PLAIN: partial(ClassifierFreeGuidance, enabled=False),
    Method.CFG: partial(ClassifierFreeGuidance, GAMMA),
    Method.RESCALE: partial(ClassifierFreeGuidance, GAMMA, guidance_rescale=0.7),
    Method.APG: partial(
        AdaptiveProjectedGuidance, GAMMA - 1, adaptive_projected_guidance_rescale=5.0, eta=0.25, use_original_formulation=True
    ),
    Method.ZERO_STAR: partial(ClassifierFreeZeroStarGuidance, GAMMA, zero_init_steps=2),
    Method.TANGENTIAL: partial(TangentialClassifierFreeGuidance, GAMMA),
}


@pytest.mark.parametrize("method", LIBRARY)
def test_each_guider_is_the_librarys_called_by_its_own_protocol(classes, method):
    """prepare_inputs, a call of the network for each condition alone, the guider over what they said."""
    pipe, guide = DiTPipeline.from_pretrained(classes.folder), LIBRARY[method]()
    pipe.scheduler.set_timesteps(STEPS)
    x = torch.stack([torch.randn(4, 8, 8, generator=source) for source in sources()])
    labels = {"label": (torch.tensor([7, 7]), torch.tensor([1000, 1000]))}
    for i, t in enumerate(pipe.scheduler.timesteps):
        guide.set_state(i, STEPS, t)
        batches = guide.prepare_inputs(labels)
        for batch in batches:
            with torch.no_grad():
                said = pipe.transformer(x, t.expand(2), class_labels=batch.label).sample[:, :4]
            batch.noise_pred = said
        x = pipe.scheduler.step(guide(batches).pred, t, x).prev_sample
    with torch.no_grad():
        pictures = pipe.vae.decode(x / pipe.vae.config.scaling_factor).sample.permute(0, 2, 3, 1).numpy()
    found = drawn_by(method, classes, label=7, rescale=0.7, radius=5.0, eta=0.25, zero_steps=2)
    np.testing.assert_allclose(found.pictures, pictures, rtol=0, atol=1e-4 * max(1.0, np.abs(pictures).max()))


def test_the_magnitude_aware_guider_is_the_librarys_function():
    """Its own object takes norms over two dimensions, and pictures have three; flat ones are the same numbers."""
    c, u = torch.randn(2, 3, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    guide = guider(Method.MAGNITUDE, Params(gamma=GAMMA, alpha=3.0))
    assert guide.at(0, STEPS, torch.tensor(999), 100.0)
    said = torch.stack(
        [mambo_guidance(*(each.reshape(1, 16, 16) for each in pair), GAMMA, 3.0)[0] for pair in zip(c, u, strict=True)]
    )
    torch.testing.assert_close(guide(c, u), said.view_as(c))


@settings(max_examples=60, deadline=None)
@given(any_of(Params))
def test_two_weights_are_all_there_is_to_each_method(p):
    """The library's guided prediction of any two predictions is the sum that the closed form says."""
    c = torch.randn(3, 4, 6, 6, generator=torch.Generator().manual_seed(p.seed)) + 0.3
    u = 0.7 * c + 0.5 * torch.randn(3, 4, 6, 6, generator=torch.Generator().manual_seed(p.seed + 1))
    products = Products.of(c.numpy(), u.numpy())
    for method in Method:
        for step in (0, 3):
            guide, level = guider(method, p), 2.0 * step + 0.3
            both = guide.at(step, 10, torch.tensor(500), level)
            w_c, w_u = weights(method, p, step, level, products)[:, :, None, None, None]
            guided = guide(c, u if both else None).numpy()
            size = max(1.0, p.gamma)  # of single precision's rounding
            np.testing.assert_allclose(
                guided, w_c * c.numpy() + w_u * u.numpy(), rtol=0, atol=2e-5 * size, err_msg=method.value
            )


@every_method
@pytest.mark.parametrize("kind", ["classes", "text"])
def test_the_closed_form_is_met_inside_a_network(request, kind, method):
    pipeline = request.getfixturevalue(kind)
    found = drawn_by(method, pipeline, sigma_low=0.5, sigma_high=4.0)
    np.testing.assert_allclose(found.length, found.length_theory, rtol=2e-5)
    np.testing.assert_allclose(found.along, found.along_theory, atol=2e-5 * GAMMA)
    assert np.isfinite(found.levels).all() and (np.diff(found.levels) < 0).all()


@every_method
def test_the_cost_is_what_the_network_was_asked(text, method):
    """Counted by a hook of the network itself."""
    rows = []
    handle = loaded(text).unet.register_forward_hook(lambda _module, given, _said: rows.append(len(given[0])))
    found = drawn_by(method, text, sigma_low=0.5, sigma_high=4.0)
    handle.remove()
    assert found.evaluations == sum(rows) / 2
    inside = sum(0.5 < level <= 4.0 for level in found.levels)
    assert 0 < inside < STEPS
    assert found.evaluations == STEPS + {Method.PLAIN: 0, Method.INTERVAL: inside}.get(method, STEPS)
    assert found.seconds > 0


def test_an_interval_is_conditional_outside_and_cfg_inside(classes):
    plain, cfg = (drawn_by(method, classes).pictures for method in (Method.PLAIN, Method.CFG))
    outside = drawn_by(Method.INTERVAL, classes, sigma_low=10.0, sigma_high=0.0).pictures
    inside = drawn_by(Method.INTERVAL, classes, sigma_low=0.0, sigma_high=160.0).pictures
    middle = drawn_by(Method.INTERVAL, classes, sigma_low=0.5, sigma_high=4.0).pictures
    assert np.array_equal(outside, plain) and np.array_equal(inside, cfg)
    assert min(np.abs(middle - plain).max(), np.abs(middle - cfg).max()) > 1e-3


@pytest.mark.parametrize("kind", ["classes", "text", None])
def test_at_scale_one_all_methods_are_the_conditional_model(request, kind):
    pipeline = request.getfixturevalue(kind) if kind else None
    p = params_for(pipeline)(**(OWN if kind else {"steps": STEPS, "count": 2}) | {"gamma": 1.0})
    *_, (_, r) = drawn(p, pipeline)
    rescaled = r.methods.index("rescaled")  # share + (1 - share) of the same prediction is it again but for rounding
    assert not np.delete(r.moved, rescaled).any() and r.moved[rescaled] < 1e-5 and (r.evaluations == STEPS).all()
    still = drawn_by(Method.ZERO_STAR, pipeline, gamma=1.0, zero_steps=1) if kind == "classes" else None
    assert still is None or still.length[0].max() == 0, "but for still steps"


def test_noise_to_signal_is_that_of_the_schedule():
    scheduler = PNDMScheduler()
    bar = float(scheduler.alphas_cumprod[400])
    assert sigma(scheduler, torch.tensor(400)) == pytest.approx(np.sqrt((1 - bar) / bar), rel=1e-6)
    assert sigma(scheduler, torch.tensor(400)) < sigma(scheduler, torch.tensor(400.5)) < sigma(scheduler, torch.tensor(401))


@pytest.mark.parametrize(
    "scheduler", [EulerAncestralDiscreteScheduler(steps_offset=1), PNDMScheduler(skip_prk_steps=True, steps_offset=1)]
)
def test_other_schedulers_step_as_in_the_librarys_pipeline(tmp_path, scheduler):
    """One that draws noise at every step, and one that asks the network more often than it steps."""
    pipeline = folders.read(text_to_image(tmp_path / "sd", scheduler))
    pipe = StableDiffusionPipeline.from_pretrained(pipeline.folder)
    how = {"num_inference_steps": STEPS, "guidance_scale": GAMMA, "num_images_per_prompt": 2}
    said = pipe("red", generator=sources(), output_type="np", **how).images
    once, again = (drawn_by(Method.CFG, pipeline, prompt="red") for _ in range(2))
    np.testing.assert_allclose(on_screen(once.pictures), said, **CLOSE)
    assert np.array_equal(once.pictures, again.pictures)


def test_a_picture_is_the_same_among_any_number(classes):
    two, one = (drawn_by(Method.CFG, classes, count=count).pictures for count in (2, 1))
    np.testing.assert_allclose(two[:1], one, **CLOSE)
    assert np.abs(two[0] - two[1]).max() > 1e-2


def test_the_page_draws_what_is_there_at_every_part(text, tmp_path):
    p = params_for(text)(**OWN, family="cfg")
    parts = list(drawn(p, text))
    assert [done for done, _ in parts] == sorted(done for done, _ in parts) and parts[-1][0] == 1.0
    assert sum(done < 1 for done, _ in parts) > STEPS, "a slow model can be stopped between two steps"
    for _, r in parts:
        json.dumps([drawing(p, r).payload() for drawing in PIPELINE.main.drawings], allow_nan=False)
        assert r.pictures.shape == parts[0][1].pictures.shape and r.pictures.dtype == np.uint8
    last = parts[-1][1]
    assert last.methods == [method.value for method in FAMILIES[p.family]] and len(last.seconds) == 4
    last.save(tmp_path / "r.safetensors")
    assert PipelineResult.load(tmp_path / "r.safetensors").metrics() == last.metrics()


def test_the_strip_of_scales_begins_where_all_are_one(classes):
    *_, (done, r) = measured(params_for(classes)(**OWN), classes)
    assert done == 1.0 and np.array_equal(r.gamma, GAMMAS) and r.metrics()["apart_at_one"] < 1e-5
    plain = r.methods.index("plain")
    assert not np.ptp(r.contrast[:, plain]) and np.ptp(r.contrast[-1]) > 0


def test_a_checker_of_the_pipeline_has_the_last_word():
    class Pipe:
        def run_safety_checker(self, images, *_):
            return images, [False, True]

    pictures = torch.zeros(2, 3, 4, 4)
    allowed = PromptedModel(2, 0, [], Pipe(), torch.zeros(2, 1, 1))._allowed(pictures)
    assert not allowed[0].any() and (allowed[1] == -1).all()


def test_large_pictures_are_shown_small():
    wide = np.random.default_rng(0).integers(0, 256, (2, 300, 300, 3)).astype(np.uint8)
    small = shrunk(wide)
    assert small.shape == (2, 100, 100, 3) and small[1, 4, 5, 2] == round(wide[1, 12:15, 15:18, 2].mean())
    assert shrunk(wide[:, :128, :128]) is not small and np.array_equal(shrunk(wide[:, :128, :128]), wide[:, :128, :128])

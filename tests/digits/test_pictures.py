"""The experiment: every combination runs, repeats, and picture i is picture i."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings

from core.digits import sketch
from core.digits.judge import judged
from core.guidance import digits, steps
from core.guidance.digits import Params, PicturesResult, comparison, compute, samplers, standard, trap
from core.guidance.digits.comparison import ACROSS
from core.guidance.digits.guides import Guess, Noised
from core.guidance.digits.likeness import likeness_of_real
from core.guidance.digits.result import FRAMES, diversity
from tests.draws import any_of

METHODS = (
    "cfg",
    "classifier",
    "similarity",
    "interval",
    "apg",
    "autoguidance",
    "cfg_plus_plus",
    "cfg_zero_star",
    "classifier_mean",
)
SMALL = {"steps": 5, "count": 2}


def last(p: Params) -> PicturesResult:
    *_, (_, result) = compute(p)
    return result


@pytest.mark.parametrize("method", METHODS)
def test_every_method_draws_and_repeats(method):
    p = Params(method=method, **SMALL)
    fractions, results = zip(*compute(p), strict=True)
    assert fractions[0] == 0 and fractions[-1] == 1 and list(fractions) == sorted(fractions) and len(fractions) == 6
    assert len(results[0].judge) == 0 and results[-1].judge.shape == (2, 10)
    assert all(np.isfinite(value) for result in results for value in result.metrics().values())
    assert np.array_equal(results[-1].pictures, last(p).pictures)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_of(Params, **SMALL))
def test_any_parameters_draw(p):
    result = last(p)
    assert result.pictures.shape == (2, 28, 28) and result.pictures.dtype == np.uint8
    assert result.history.shape[0] <= FRAMES and np.array_equal(result.history[-1], result.pictures)
    assert all(np.isfinite(value) for value in result.metrics().values())
    assert result.judge.sum(axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("sampler", ["fast", "ddim", "ddpm", "ode", "sde"])
def test_a_picture_is_the_same_among_any_number(sampler):
    three, one = (last(Params(sampler=sampler, count=n, steps=5)) for n in (3, 1))
    assert np.abs(three.pictures[:1].astype(int) - one.pictures.astype(int)).max() <= 2


def test_the_largest_setting_is_bounded():
    result = last(Params(count=16, steps=50, sampler="ddim", gamma=1.0, digit="3"))
    assert result.evaluations == 50 and result.history.shape == (FRAMES, 16, 28, 28)
    assert sum(array.nbytes for array in result.arrays().values()) < 150_000


@pytest.mark.parametrize(
    ("choices", "evaluations"),
    [
        ({"gamma": 1.0}, 5),
        ({"gamma": 3.0}, 10),
        ({"gamma": 3.0, "sampler": "ode"}, 18),
        ({"digit": "mix"}, 15),
        ({"method": "classifier"}, 10),
        ({"method": "interval", "sigma_low": 0.0, "sigma_high": 0.01}, 5),
        ({"method": "autoguidance", "gamma": 1.0}, 5),
        ({"method": "classifier_mean"}, 9),
    ],
)
def test_evaluations_are_counted(choices, evaluations):
    assert last(Params(**choices, **SMALL)).evaluations == evaluations


def test_guidance_works_and_the_trap_turns_it_round():
    scene = {"sampler": "ddim", "steps": 30, "gamma": 3.0, "count": 10}
    good, trapped = (last(Params(**scene, trap=trap)).metrics()["judge_agreement"] for trap in (False, True))
    assert good >= 0.9 and trapped <= 0.5


def test_pictures_turn_into_the_drawing():
    pulled, free = (last(Params(method="similarity", gamma=gamma, count=8)).metrics() for gamma in (4.0, 0.0))
    assert pulled["similarity"] > free["similarity"] + 0.2 and pulled["judge_agreement"] > 0.7 > free["judge_agreement"]


def test_likeness_is_compared_with_real_digits_as_varied():
    result = last(Params(method="similarity", gamma=4.0, count=8, steps=5))
    goal = judged(sketch.picture(sketch.DRAWN_SEVEN)[None]).features[0]
    strict, loose = (likeness_of_real(goal, variety, 7) for variety in (0.3, 2.0))
    assert result.metrics()["similarity_usual"] == pytest.approx(
        likeness_of_real(goal, diversity(result.features), 7), abs=1e-6
    )
    assert 1 >= strict > loose > -1 and strict > 0.7
    assert "similarity_usual" not in last(Params(**SMALL)).metrics()


def test_a_pixel_answers_as_the_sampler_moves_it():
    """The drawn curves are the shipped sampler's own steps."""
    a, b = steps.signal_and_noise(trap.SIGMA)
    x, nudges = torch.full((len(trap.NUDGES), 1, 1), a * trap.GUESS), torch.from_numpy(trap.NUDGES)[:, None, None]
    free, derived, kept = trap.responses()

    def guide(at):
        return Guess((at.x - b * nudges) / a)

    for row, wrong in ((derived, False), (kept, True)):
        moved = samplers.Ddim(wrong).step(guide, Noised(x, trap.SIGMA), trap.SIGMA_NEXT)[0].flatten()
        assert moved.numpy() - moved[len(moved) // 2].item() == pytest.approx(row, abs=1e-6)
    slope = np.diff(free) / np.diff(trap.NUDGES)
    a_next, b_next = steps.signal_and_noise(trap.SIGMA_NEXT)
    assert slope == pytest.approx(b_next - a_next * b / a)
    assert np.all(derived[trap.NUDGES < 0.3] == pytest.approx(0, abs=1e-12)) and np.diff(kept)[0] > 0 > slope[0]


def test_a_mix_at_its_ends_is_one_digit():
    for share, digit in ((0.0, "4"), (1.0, "9")):
        mixed, plain = last(Params(digit="mix", share=share, **SMALL)), last(Params(digit=digit, **SMALL))
        assert np.abs(mixed.pictures.astype(int) - plain.pictures.astype(int)).max() <= 2
        assert mixed.labels.tolist() == [int(digit)] * 2


def test_the_strip_shows_the_same_seeds():
    p = Params(steps=5)
    (first, start), *_, (end, end_result) = comparison(p)
    assert (first, end) == (0.0, 1.0) and end_result.pictures.shape == (5, ACROSS, 28, 28)
    assert len(start.agreement) == 0 and len(end_result.metrics()) == len(digits.GAMMAS)
    for row, gamma in enumerate(digits.GAMMAS):
        assert np.array_equal(end_result.pictures[row], last(p.replace(gamma=gamma, count=ACROSS)).pictures)


def test_diversity_of_real_digits_is_one_and_of_copies_zero():
    rng = np.random.default_rng(0)
    assert diversity(rng.normal(size=(4000, 64)) / 8) == pytest.approx(1, abs=0.02)
    assert diversity(np.ones((16, 64))) == 0 == diversity(np.ones((1, 64)))


def test_the_table_gives_the_nearest_strength_and_says_so(monkeypatch):
    names = ("scene", "sampler", "gamma", "frechet", "steps", "milliseconds")
    cells = (("cfg", "fast", 1.0, 2.0), ("cfg", "fast", 4.0, 3.0), ("cfg", "ddim", 1.0, 5.0), ("cfg trap", "ddim", 1.0, 9.0))
    rows = [dict(zip(names, (*row, 6, 9.0), strict=True)) for row in cells]
    monkeypatch.setattr(standard, "table", lambda: {"floor": {"mean": 0.5}, "rows": rows})
    beside = {"frechet_floor": 0.5, "frechet_at_gamma": 4.0, "frechet_at_steps": 6}
    assert standard.row(Params(gamma=3.0)) == rows[1] | beside
    assert "milliseconds" not in standard.row(Params(gamma=3.0, steps=7))
    assert standard.row(Params(gamma=3.0, sampler="ddim"))["frechet"] == 5.0
    assert standard.row(Params(gamma=1.2, sampler="ode"))["frechet"] == 2.0
    assert standard.row(Params(sampler="ddim", trap=True))["frechet"] == 9.0
    assert standard.row(Params(method="similarity")) == {}


@pytest.mark.parametrize(
    "code",
    [
        "import core.guidance.digits as d; p = d.Params(); next(d.compute(p))[1].metrics(); next(d.comparison(p))",
        "import core.guidance.digits as d, sys; d.PicturesResult.load(sys.argv[1]).metrics()",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code, tmp_path):
    last(Params(**SMALL)).save(tmp_path / "result")
    check = f"{code}; import sys; assert not {{'torch', 'diffusers', 'scipy.stats'}} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", check, str(tmp_path / "result")], check=True)


def test_the_default_drawing_is_the_computed_seven():
    assert Params(method="similarity").method.drawing == sketch.pack(sketch.stroke(sketch.SEVEN))

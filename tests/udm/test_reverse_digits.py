"""The experiment: one start, every rule, again and again; and the network on digits that nothing was trained with."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import app
from core.digits import manifest
from core.digits.data import split
from core.digits.frechet import SPLITS
from core.digits.sketch import LETTERS
from core.faults import ParameterError
from core.udm.restoration import Params, compare, compute, restorer
from core.udm.restoration.comparison import SIGMAS, TIMES
from core.udm.restoration.exact import Posterior, picture_set
from core.udm.restoration.forward import Kind, Level, patterns
from core.udm.restoration.measures import errors
from core.udm.restoration.quality import below_mean, corrupted, gain
from core.udm.restoration.result import FRAMES, RULES
from core.udm.restoration.table import TABLE, rows_near, table
from core.udm.restoration.tabulate import RULES as TABULATED
from core.udm.restoration.tabulate import plan

kinds = pytest.mark.parametrize("kind", list(Kind), ids=lambda kind: kind.value)
deterministic = pytest.mark.parametrize("kind", [Kind.BLUR, Kind.PIXELATE], ids=lambda kind: kind.value)


def last(p):
    *_, (_, result) = compute(p)
    return result


@kinds
@pytest.mark.parametrize("t", [0.3, 0.5])
def test_the_network_gains_three_decibels_on_held_out_digits(kind, t):
    assert gain(restorer.network(), Level(kind, t)) >= 3


@kinds
def test_from_nothing_it_is_within_a_third_of_a_decibel_of_the_mean_digit(kind):
    assert below_mean(restorer.network(), kind) <= 0.3


def test_the_manifest_says_what_the_weights_do():
    line = manifest.lines()[restorer.ASSET]
    level = Level(Kind.PIXELATE, 0.5)
    assert line["quality"]["gain_pixelate_0.5"] == pytest.approx(gain(restorer.network(), level), abs=0.01)
    assert line["bytes"] < 3_000_000 and line["minutes"] < 60
    assert all(abs(line["quality"][name] - value) < 0.01 for name, value in line["quality_float32"].items())


@kinds
def test_no_predictor_beats_the_exact_mean_on_its_own_pictures(kind):
    """E[x_0 | x_t] has the least mean square error over digits drawn from the set; the network is another predictor."""
    known, level = picture_set(200).pictures, Level(kind, 0.7, sigma=0.05)
    sources = [np.random.default_rng((11, i)) for i in range(200)]
    x, pattern = corrupted(known, level), patterns(kind, sources)
    exact = errors(Posterior(known, level).mean(x, pattern), known)
    learnt = errors(restorer.restore(x, level), known)
    apart = learnt - exact
    assert apart.mean() > -3 * apart.std() / np.sqrt(200)


@deterministic
@pytest.mark.parametrize("predictor", ["network", "exact_mean"])
def test_without_noise_every_restart_from_a_full_blur_is_the_same(kind, predictor):
    result = last(Params(corruption=kind.value, predictor=predictor, steps=6))
    assert np.abs(result.outcomes - result.outcomes[:, :1]).max() < 1e-4
    assert {result.metrics()[f"distinct_outcomes_{rule}"] for rule in RULES} == {1.0}


@deterministic
def test_with_a_breath_of_noise_they_part(kind):
    noisy = last(Params(corruption=kind.value, sigma=0.1)).metrics()
    assert min(noisy[f"distinct_outcomes_{rule}"] for rule in RULES) >= 7


def test_a_known_digit_comes_back_by_the_exact_posterior():
    result = last(Params(corruption="blur", t=0.5, predictor="exact_mean", known=True, steps=4))
    assert result.metrics()["psnr_exact"] > 50 and result.metrics()["psnr_improved"] > 50
    held_out = last(Params(corruption="blur", t=0.5, predictor="exact_mean", steps=4)).metrics()
    assert held_out["psnr_exact"] < held_out["psnr_network"], "a picture set does not know what is not in it"


def test_every_rule_begins_at_the_same_start_and_ends_at_the_outcome():
    parts = list(compute(Params(corruption="random_mask", t=0.6, steps=12, restarts=3)))
    assert [done for done, _ in parts] == pytest.approx([i / 12 for i in range(13)])
    first, result = parts[0][1], parts[-1][1]
    assert first.films.shape[:2] == (3, 1) and result.films.shape[:2] == (3, FRAMES) and result.outcomes.shape[:2] == (3, 3)
    assert np.all(result.films[:, 0] == result.films[:1, 0]) and result.times[[0, -1]].tolist() == [0.6, 0.0]
    ends = np.round(np.clip(result.outcomes[:, 0] + 1, 0, 2) * 127.5).astype(int)
    assert np.abs(ends - result.films[:, -1]).max() <= 1
    assert first.read.size == 0 and len(first.network) == 0 and result.read.shape == (3, 3) and result.evaluations == 12


def test_a_restart_is_the_same_among_any_number():
    few, many = (last(Params(sigma=0.02, steps=4, restarts=n)).outcomes for n in (2, 7))
    assert np.abs(few - many[:, :2]).max() < 1e-3


def test_a_drawing_is_restored_and_has_no_label():
    result = last(Params(digit="drawn", corruption="block_mask", t=0.4, steps=3, restarts=2))
    assert result.label == -1 and not any(name.startswith("judge") for name in result.metrics())
    assert result.metrics()["psnr_network"] > result.metrics()["psnr_corrupted"] + 3


def test_a_blank_drawing_is_restored_too():
    result = last(Params(digit="drawn", drawing="A" * LETTERS, t=0.5, steps=2, restarts=2))
    assert np.all(result.clean == -1) and all(np.isfinite(value) for value in result.metrics().values())


def test_a_small_set_counts_its_examples_round():
    one, other = (last(Params(known=True, set_size=20, example=k, predictor="exact_mean", steps=2)) for k in (1, 3))
    assert np.array_equal(one.clean, other.clean)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"t": 0.0}, "t should be greater than or equal to 0.05, not 0.0"),
        ({"sigma": 0.2}, "sigma should be less than or equal to 0.1, not 0.2"),
        (
            {"corruption": "fade"},
            "corruption should be 'blur', 'pixelate', 'gaussian', 'random_mask' or 'block_mask', not 'fade'",
        ),
        ({"example": 100}, "example should be less than or equal to 99, not 100"),
        (
            {"digit": "drawn", "example": 3},
            "example is a parameter only with digit = 0 / 1 / 2 / 3 / 4 / 5 / 6 / 7 / 8 / 9, not 3",
        ),
        ({"drawing": "A" * LETTERS}, "drawing is a parameter only with digit = drawn"),
        ({"digit": "drawn", "drawing": "cut short"}, "drawing should match pattern"),
        ({"restarts": 1}, "restarts should be greater than or equal to 2, not 1"),
    ],
)
def test_what_is_wrong_is_said(wrong, sentence):
    with pytest.raises(ParameterError) as refused:
        Params(**wrong)
    assert str(refused.value).startswith(sentence)


def test_the_first_picture_needs_no_torch():
    seen = "from core.udm.restoration import Params, compute; import sys; next(compute(Params(t=0.5))); "
    checked = "assert not {'torch', 'diffusers', 'scipy.stats'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", seen + checked], check=True, cwd=Path(app.__file__).parent)


def test_the_companion_says_one_corruption_more_each_time():
    p = Params(corruption="pixelate", predictor="exact_mean", steps=3, restarts=2)
    parts = list(compare(p))
    first, result = parts[0][1], parts[-1][1]
    assert np.isfinite(first.psnr[first.kinds.index("pixelate")]).all() and np.isnan(first.psnr).any()
    assert np.isfinite(result.psnr).all() and np.isfinite(result.outcomes).all() and result.psnr.shape == (5, len(TIMES), 3)
    assert result.outcomes.shape == (3, len(SIGMAS)) and np.all(result.outcomes[:, 0] == 1)
    assert all(gained >= 2 for gained in result.metrics().values()), "thirty digits, so a decibel less is asked for"


def test_the_table_has_every_row_and_its_floor():
    rows, floor = table()["rows"], table()["floor"]
    asked = {(p.corruption.value, p.predictor.value, p.sigma, rule.value) for p in plan() for rule in TABULATED}
    assert {(r["corruption"], r["predictor"], r["sigma"], r["rule"]) for r in rows} == asked and len(rows) == len(asked)
    assert floor["splits"] == SPLITS and floor["interval"][0] < floor["mean"] < floor["interval"][1]
    assert manifest.lines()[TABLE]["minutes"] <= 12
    near = rows_near("blur", "network", 0.04)
    assert {row["sigma"] for row in near} == {0.03} and {row["rule"] for row in near} == {"naive", "improved"}


def test_noise_makes_digits_from_a_full_blur_and_exact_draws_need_none():
    """The article's critique in numbers: of the network, noise brings the distance down; an exact draw is random by itself."""
    rows = {(r["predictor"], r["sigma"], r["rule"]): r["frechet"] for r in table()["rows"] if r["corruption"] == "blur"}
    for rule in TABULATED:
        assert rows["network", 0.1, rule.value] < rows["network", 0.03, rule.value] < rows["network", 0.0, rule.value] / 1.5


def test_exact_draws_reach_the_floor_under_every_rule_and_means_do_not():
    floor = table()["floor"]["mean"]
    for row in table()["rows"]:
        assert row["frechet"] < 2 * floor if row["predictor"] == "exact_drawn" else row["frechet"] > 10 * floor, row


def test_held_out_means_held_out():
    assert not set(split("test").rows) & set(split("train").rows)

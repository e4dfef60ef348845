"""Which points a sweep has."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sweep.space import Grid, Sample, SweepError, axis, points
from core.sweep.target import target, targets

PLANE, DIGITS = target("guidance_plane").params, target("guidance_digits").params
WITH_FIELDS = [name for name, each in targets().items() if any(c.only for c in each.params.controls())]


def values(text, params=PLANE):
    return axis(text, params).values


def test_ranges_hold_both_ends():
    assert values("gamma=0:1:0.25") == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert values("gamma=0:1:0.3") == (0.0, 0.3, 0.6, 0.9)  # and not 0.8999999999999999
    assert values("seed=3:6") == (3, 4, 5, 6)
    assert values("gamma=2") == (2.0,)
    assert values("gamma=2,0.5,7") == (2.0, 0.5, 7.0)


def test_the_step_is_the_sliders_where_none_is_given():
    gamma = next(c for c in PLANE.controls() if c.name == "gamma")
    assert np.allclose(np.diff(values("gamma=0:10")), gamma.step) and values("gamma=0:10")[-1] == 10


def test_all_is_every_option():
    method = next(c for c in PLANE.controls() if c.name == "method")
    assert values("method=all") == method.options
    assert values("trap=all", DIGITS) == (False, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gamma", "'gamma' should be NAME=VALUES, such as seed=0:20"),
        ("gamma=", "'gamma=' should be NAME=VALUES"),
        ("gama=1", "gama is not a parameter here; there are "),
        ("gamma=all", "gamma=all is for a choice or a switch; of a number say LOW:HIGH:STEP"),
        ("gamma=0:11:1", "gamma should be less than or equal to 10, not 11"),
        ("gamma=-1", "gamma should be greater than or equal to 0, not -1"),
        ("gamma=1:0:1", "gamma=1:0:1 should go up"),
        ("gamma=0:1:0", "gamma=0:1:0 should go up"),
        ("gamma=0:1:nan", "gamma=0:1:nan should be LOW:HIGH or LOW:HIGH:STEP, in numbers"),
        ("gamma=0:x", "gamma=0:x should be LOW:HIGH"),
        ("gamma=nan", "gamma should be a finite number"),
        ("gamma=0:1:0.0000001", "gamma=0:1:0.0000001 is 10000001 values; a sweep has at most 1000000"),
        ("seed=0:1:0.5", "seed=0:1:0.5 should go up, from LOW to HIGH by whole numbers above 0"),
        ("method=cfg,cgf", "method should be "),
    ],
)
def test_what_cannot_be_swept_is_a_sentence(text, said):
    with pytest.raises(SweepError) as caught:
        axis(text, PLANE)
    assert str(caught.value).startswith(said)


def test_a_field_of_a_choice_is_allowed_without_the_choice():
    """It is left out where the choice of a point has no place for it."""
    for name in WITH_FIELDS:
        params = target(name).params
        for c in params.controls():
            if c.only and c.step:
                assert axis(f"{c.name}={c.low:.12g},{c.high:.12g}", params).values == (c.low, c.high)


@given(st.sampled_from(WITH_FIELDS), st.data())
def test_every_combination_comes_once(name, data):
    params = target(name).params
    choices = [c for c in params.controls() if c.options]
    numbers = [c for c in params.controls() if c.low is not None and c.step]
    taken = data.draw(st.lists(st.sampled_from(choices + numbers), min_size=1, max_size=4, unique_by=lambda c: c.name))
    axes = tuple(axis(f"{c.name}=all" if c.options else f"{c.name}={c.low:.12g},{c.high:.12g}", params) for c in taken)
    found = [tuple(sorted(point.items())) for _, point in points(Grid(params, axes), set())]
    assert len(set(found)) == len(found)
    assert set(found) == set(by_hand(params, axes))


def by_hand(params, axes):
    """Of the whole product, what is left when names without a place are struck out."""
    names, defaults = [each.name for each in axes], {c.name: c.default for c in params.controls()}
    places = {c.name: c for c in params.controls()}
    for row in product(*(each.values for each in axes)):
        point = dict(zip(names, row, strict=True))
        yield tuple(sorted((name, value) for name, value in point.items() if places[name].exists(defaults | point)))


def test_what_is_done_is_left_out():
    grid = Grid(PLANE, (axis("gamma=0:3:1", PLANE), axis("seed=0:1", PLANE)))
    assert [i for i, _ in points(grid, {0, 3, 7})] == [1, 2, 4, 5, 6]
    assert dict(points(grid, set()))[3] == {"gamma": 1.0, "seed": 1}


@given(st.integers(0, 10**6), st.integers(0, 2**31))
def test_a_sample_is_inside_and_repeats(number, lot):
    axes = (axis("gamma=0.5:2", PLANE), axis("seed=5:9", PLANE), axis("method=all", PLANE))
    sample = Sample(PLANE, axes, 10**6 + 1, lot)
    point = sample.point(number)
    assert point == sample.point(number)
    assert 0.5 <= point["gamma"] <= 2 and point["seed"] in range(5, 10) and point["method"] in axes[2].values


def test_a_sample_is_uniform():
    axes = (axis("gamma=0:10", PLANE), axis("seed=0:3", PLANE))
    drawn = [point for _, point in points(Sample(PLANE, axes, 4000, 1), set())]
    gamma, seed = (np.array([point[name] for point in drawn]) for name in ("gamma", "seed"))
    assert abs(gamma.mean() - 5) < 4 * 10 / np.sqrt(12 * 4000)  # four standard errors
    assert np.all(np.abs(np.bincount(seed) - 1000) < 4 * np.sqrt(4000 * 0.25 * 0.75))

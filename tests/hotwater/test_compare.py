"""The experiment hotwater_compare: the same days for all, a year with its error, settings that hold on other days."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.faults import ParameterError
from core.hotwater.compare import CompareParams, best, compute
from core.hotwater.compare.best import TUNED, bounds
from core.hotwater.compare.experiment import stderr, undominated
from core.hotwater.compare.sampled import YEAR, Outcome, combinations, outcome, sampled, under, worth
from core.hotwater.house import HouseParams
from core.hotwater.house import compute as live_through

FAST = {"cells": 2.0, "days": 2, "people": 2}


def test_every_scheme_meets_every_control_it_may_have_in_every_layout():
    for layout in ("small_loop", "big_loop", "parallel"):
        scheme = "return_line" if layout == "parallel" else "crossover_check"
        day = sampled(CompareParams(scheme=scheme, layout=layout), 2)[0]
        homes = [under(day, *pair) for pair in combinations()]
        assert len({(home.scheme.kind, home.switching.kind) for home in homes}) == len(homes) == 42
        assert {home.layout.value for home in homes if home.scheme.kind == "return_line"} == {layout}


def test_the_first_day_is_that_of_the_home():
    """The other experiment, asked for the same day, says the same: to two hundredths, for key frames cut some steps short."""
    p = CompareParams(seed=5, scheme="crossover_solenoid", switching="on_demand", ahead=60.0, closes_at=40.0)
    day = sampled(p, 3)[0]
    assert day.seed == 5 and day.switching.ahead == 60 and day.scheme.closes_at == 40
    ours, theirs = outcome(day)._asdict(), live_through(day).metrics()
    pairs = {"cost": "cost", "wait_median": "wait_median_s", "wait_p95": "wait_p95_s", "wasted": "water_wasted_L"}
    pairs |= {"warmup": "warmup_kWh", "lost": "heat_loss_kWh", "gas": "gas_kWh", "starts": "burner_starts", "co2": "co2_kg"}
    pairs |= {"draws_cold": "draws_cold", "pump_hours": "pump_hours", "cold_warm": "cold_tap_warm_s"}
    for own, other in pairs.items():
        assert ours[own] == pytest.approx(theirs[other], rel=0.02), own


@given(st.integers(0, 2**32 - 1), st.integers(2, 24), st.integers(0, 3))
def test_days_are_spread_over_the_year(seed: int, count: int, stream: int):
    """One in each even part."""
    days = [day.climate.day for day in sampled(CompareParams(seed=seed), count, stream)]
    assert [int((day - 1) * count / YEAR) for day in days] == pytest.approx(range(count), abs=1)
    assert days == sorted(days) and days[0] >= 1 and days[-1] <= YEAR


def test_the_error_of_a_sample_is_right_without_a_trend_and_small_with_one():
    """E se^2 = sigma^2 / n of independent days; a straight line leaves the step between neighbours alone."""
    found = stderr(np.random.default_rng(0).normal(size=(4000, 6))) ** 2
    assert found.mean() == pytest.approx(1 / 6, abs=3 * found.std() / 4000**0.5)
    line = np.arange(6.0)
    assert stderr(line) == pytest.approx((5 / (2 * 6 * 5)) ** 0.5) and stderr(line) < line.std() / 6**0.5 / 2
    assert stderr(np.array([3.0])) == -1


def test_a_year_lies_within_the_errors_of_its_samples():
    """Of twelve samples of six days against a hundred days: a ratio of about 5 degrees of freedom, whose mean square is 5/3."""
    plain = ("drain", "never")
    every = sampled(CompareParams(seed=99, **FAST), 100)
    truth = np.mean([outcome(under(day, *plain)).cost for day in every])
    ratios = []
    for seed in range(12):
        cost = np.array([outcome(under(day, *plain)).cost for day in sampled(CompareParams(seed=seed, **FAST), 6)])
        ratios.append(float((cost.mean() - truth) / stderr(cost)))
    assert 0.2 < np.mean(np.square(ratios)) < 5 / 3 + 3 * (5 / 3) * (2 / 12) ** 0.5


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_nothing_beats_what_is_on_the_front(points):
    cost, wait = np.array(points, float).T
    front = undominated(cost, wait)

    def beaten(i: int) -> bool:
        better = (cost <= cost[i]) & (wait <= wait[i]) & ((cost < cost[i]) | (wait < wait[i]))
        return bool(better.any())

    assert not any(map(beaten, front))
    assert {(cost[i], wait[i]) for i in front} == {(cost[i], wait[i]) for i in range(len(cost)) if not beaten(i)}
    assert (np.diff(cost[front]) > 0).all() and (np.diff(wait[front]) < 0).all()


@pytest.fixture(scope="module")
def compared():
    return list(compute(CompareParams(**FAST, seed=2)))


def test_one_s_own_comes_first_and_all_come_in_the_order_of_the_table(compared):
    (share, first), *_, (done, last) = compared
    assert share < 0.05 and first.names == ["drain.never", "return_line.on_demand"] and done == 1
    assert last.names == [".".join(pair) for pair in combinations()]
    assert last.outcomes.shape == (42, 2, len(Outcome._fields))


def test_comfort_costs_money_and_energy_closes(compared):
    _, r = compared[-1]
    m = r.metrics()
    assert m["energy_residual"] < 1e-10
    by = {name: i for i, name in enumerate(r.names)}
    wait, cost = r.mean("wait_mean"), r.mean("cost")
    assert (
        wait[by["return_line.always"]] < 0.5 * wait[by["drain.never"]]
        and cost[by["return_line.always"]] > cost[by["drain.never"]]
    )
    assert cost[by["crossover_solenoid.on_demand"]] < cost[by["crossover_solenoid.always"]]
    assert r.mean("wasted")[by["drain.on_demand"]] > r.mean("wasted")[by["return_line.on_demand"]]
    assert r.front[0] == cost.argmin() and r.front[-1] == wait.argmin()


def test_what_is_saved_is_surer_than_the_sum():
    """The same days for both: their difference varies less than they do."""
    days = sampled(CompareParams(cells=2.0, seed=2), 8)
    pairs = (("drain", "never"), ("return_line", "on_demand"))
    plain, own = (np.array([outcome(under(day, *pair)).cost for day in days]) for pair in pairs)
    assert 0 < stderr(plain - own) < 0.5 * stderr(own)


def test_sums_are_of_a_year(compared):
    _, r = compared[-1]
    m = r.metrics()
    paid = r.mean("cost") * YEAR
    own, plain = r.names.index(r.own), r.names.index("drain.never")
    assert m["cost_year"] == pytest.approx(paid[own]) and m["saved_year"] == pytest.approx(paid[plain] - paid[own])


def test_the_price_of_waiting_is_added(compared):
    _, r = compared[-1]
    hours = r.of("waited") / 3600
    np.testing.assert_allclose(r.worth, r.of("cost") + 20 * hours)
    np.testing.assert_allclose(worth(CompareParams(hour_price=0.0), r.outcomes), r.of("cost"))


@pytest.fixture(scope="module")
def tuned():
    return list(best(CompareParams(**FAST, scheme="crossover_solenoid", seed=2)))


def test_the_button_found_is_as_good_as_the_best_of_a_grid(tuned):
    """A grid of 31 on the days of learning finds nothing better by a hundredth; what was found is within the slider."""
    _, r = tuned[-1]
    p = CompareParams(**FAST, scheme="crossover_solenoid", seed=2)
    learns = sampled(p, 2, stream=1)
    grid = [
        np.mean([worth(p, np.array(outcome(under(day, p.scheme.kind, "on_demand", ahead=at)))) for day in learns])
        for at in np.linspace(0, 300, 31)
    ]
    k = r.names.index("on_demand")
    assert r.learned[k] <= min(grid) * 1.01 and r.learned[k] < grid[0]
    assert (np.diff(r.ahead) >= 0).all() and r.ahead[0] >= 0 and r.ahead[-1] <= 300


def test_settings_are_within_their_sliders_and_what_has_none_stays(tuned):
    _, r = tuned[-1]
    for name, values, as_set, found in zip(r.names, r.settings, r.as_set, r.tuned, strict=True):
        knobs = TUNED.get(name, ())
        assert all(low <= value <= high for (low, high), value in zip(bounds(knobs), values, strict=False))
        assert (values[len(knobs) :] == -1).all()
        if not knobs:
            np.testing.assert_array_equal(as_set, found)
    assert r.metrics()["best_worth_year"] == pytest.approx(r.tuned.mean(axis=1).min() * YEAR)


def test_a_button_pressed_when_theory_says_is_nearly_as_good_as_the_best(tuned):
    """Hot water is there: what a later press would save is less than a twentieth of what no press at all loses."""
    _, r = tuned[-1]
    p = CompareParams(**FAST, scheme="crossover_solenoid", seed=2)
    learns = sampled(p, 2, stream=1)

    def lost(ahead: float) -> float:
        days = [under(day, p.scheme.kind, "on_demand", ahead=ahead) for day in learns]
        return float(np.mean([worth(p, np.array(outcome(day))) for day in days]))

    k = r.names.index("on_demand")
    assert 10 < r.ready < 300
    assert lost(1.3 * r.ready) - r.learned[k] < 0.2 * (lost(0.0) - r.learned[k])


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"days": 1}, "days should be greater than or equal to 2, not 1"),
        ({"days": 2.5}, "days"),
        ({"hour_price": -1.0}, "hour_price should be greater than or equal to 0, not -1"),
        ({"water_price": -1.0}, "water_price should be greater than or equal to 0"),
        ({"set_point": 36.0, "air": 30.0, "swing": 50.0}, "air should be below the set point 36"),
        ({"opened": []}, "opened"),
        ({"climate": "seasons"}, "climate should be"),
    ],
)
def test_what_cannot_be_is_refused_in_words(given_, says):
    with pytest.raises(ParameterError, match=says):
        CompareParams(**given_)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_is_the_same_year(seed: int):
    p = CompareParams(**FAST, seed=seed)
    one, other = (next(compute(p))[1] for _ in range(2))
    np.testing.assert_array_equal(one.outcomes, other.outcomes)
    assert isinstance(sampled(p, 2)[1], HouseParams)

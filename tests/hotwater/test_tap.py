"""The experiment hotwater_tap as a whole."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.faults import ParameterError
from core.hotwater import Params, compute
from core.hotwater.day import DayResult, day, schedule
from core.hotwater.event import PATIENT
from core.hotwater.inverse import CLOSE
from core.hotwater.kernels.draws import HOLD
from core.hotwater.pipes import Size, pipe
from core.hotwater.tap import FRAMES, SEGMENTS
from core.hotwater.theory import front_variance
from core.hotwater.water import LITRE
from demos.hotwater.tap import network


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"length": 0.0}, "length should be greater than or equal to 0.5, not 0"),
        ({"length": -3.0}, "length should be greater than or equal to 0.5, not -3"),
        ({"mains": 40.0, "set_point": 38.0}, "mains should be below the set point 38, not 40"),
        ({"known": "wait", "scheme": "return_line"}, "scheme should be drain"),
        ({"scheme": "drain", "switching": "timer"}, "switching should be .*never.*on_demand"),
        ({"ahead": 30.0}, "ahead is a parameter only with switching = on_demand"),
    ],
)
def test_what_cannot_be_is_refused_in_words(given_, says):
    with pytest.raises(ParameterError, match=says):
        Params(**given_)


def test_a_trickle_is_shown_and_explained():
    r = compute(Params(flow=1.5))
    assert r.metrics()["becomes_warm"] == 0 and r.metrics()["burner_starts"] == 0 and r.states[:, 0].max() == 0
    assert network(Params(flow=1.5), r).panels[0].title == "@never_fires"
    assert r.wait_theory == -1 and r.metrics()["wait_s"] > r.metrics()["dead_time_theory_s"]


@settings(max_examples=15, deadline=None)
@given(waited=st.floats(12, 200), pipe=st.sampled_from(["ppr_20", "ppr_25", "copper_22", "pex_half"]))
def test_the_pipe_that_is_found_makes_the_wait_that_was_typed(waited: float, pipe: str):
    """To the bisection's last interval, as time; a wait that 60 m cannot explain is answered with the longest pipe."""
    r = compute(Params(known="wait", waited=waited, pipe=pipe))
    per_metre = r.dead_time / r.length
    assert abs(r.wait - waited) < CLOSE * per_metre * 2 + 0.2 or r.length > 59.9


def test_a_film_is_whole_and_the_front_moves_forward():
    r = compute(Params(standing=240.0))
    assert r.water.shape == r.wall.shape == (FRAMES, 3, SEGMENTS) and r.film_time[0] < 0 < r.film_time[-1]
    front = (r.water[:, 0] > 35).sum(axis=1)
    assert (np.diff(front) >= 0).all() and front[0] == 0 and front[-1] == SEGMENTS
    after = r.film_time > 10
    assert (r.wall[after, 0] <= r.water[after, 0] + 0.5)[front[after] > SEGMENTS // 2].mean() > 0.9


def test_an_event_is_small():
    """At its defaults and where every line is there."""
    for p in (Params(), Params(scheme="crossover_check", switching="always"), Params(scheme="return_thermostatic", cells=200)):
        assert len(str(network(p, compute(p)).payload())) < 75_000


def test_finer_cells_change_nothing_that_is_seen():
    waits = [compute(Params(cells=cells)).metrics()["wait_s"] for cells in (60, 100, 200)]
    assert np.ptp(waits) < 0.5


def test_a_day_is_comfort_against_money():
    *_, (done, r) = day(Params(cells=40))
    assert done == 1 and isinstance(r, DayResult) and r.residual.max() < 1e-12
    by = {name: i for i, name in enumerate(r.schemes)}
    drain, always, button = (by[k] for k in ("drain.never", "return_line.always", "return_thermostatic.on_demand"))
    assert r.wait[always] < 1 and r.wait[drain] > 20 and r.wait[button] < 0.3 * r.wait[drain]
    assert r.money[drain] < r.money[button] < 0.6 * r.money[always]
    assert r.lost[always] > 4 * r.lost[button]
    assert r.cold_warm[by["crossover_check.always"]] > r.cold_warm[by["crossover_solenoid.on_demand"]]
    assert r.lengths[r.pipes.index("ppr_25")] == pytest.approx(20, abs=0.3)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), people=st.integers(1, 8))
def test_nobody_opens_a_tap_while_another_is_open(seed: int, people: int):
    draws = schedule(Params(seed=seed, people=people))
    assert len(draws) == 16 * people
    assert all(one.end < other.start for one, other in pairwise(draws))


@settings(max_examples=15, deadline=None)
@given(ahead=st.floats(0, 300), length=st.floats(2, 40), standing=st.floats(30, 300))
def test_a_drain_valve_waits_in_place_of_a_hand(ahead: float, length: float, standing: float):
    """The same litres run, before the tap is opened and after; a valve that closes needs the seconds that prove warmth too.

    Two of the longest steps bound what differs: each front is seen between the middles of its steps. Water that was just warm
    enough when the valve closed has to run for a moment again: walls within the width of the
    front are still cold.
    """
    by_hand = compute(Params(length=length, standing=standing))
    valve = compute(Params(length=length, standing=standing, switching="on_demand", ahead=ahead))
    litres_a_second, close = 8 / 60, 2 * PATIENT
    if ahead >= by_hand.wait + HOLD + close:
        through_valve = valve.wasted - valve.wait * litres_a_second
        assert valve.wait < close + front_variance(pipe(Size.PPR_25, 0.0), length, 8 * LITRE) ** 0.5
        assert through_valve == pytest.approx(by_hand.wasted + HOLD * litres_a_second, abs=close * litres_a_second)
    elif ahead <= by_hand.wait:
        assert valve.wait == pytest.approx(by_hand.wait - ahead, abs=close)
        assert valve.wasted == pytest.approx(by_hand.wasted, abs=close * litres_a_second)
    assert valve.metrics()["energy_residual"] < 1e-12
    is_seen = ahead > 2 * np.ptp(valve.film_time[:2])
    assert valve.states[valve.film_time < 0, 2].any() or not is_seen
    assert not valve.states[valve.film_time >= 0, 2].any()


def test_a_drain_valve_buys_seconds_with_water():
    *_, (_, r) = day(Params(cells=40))
    hand, valve, button = (r.schemes.index(name) for name in ("drain.never", "drain.on_demand", "return_line.on_demand"))
    assert r.wait[valve] < 0.1 * r.wait[hand] and r.wasted[valve] > 10 * r.wasted[button]
    assert r.kit[hand] == 0 and r.kit[valve] == r.kit[button] > 0


def test_the_line_cools_as_theory_says_and_a_pump_keeps_it_warm():
    plain, pumped = (list(day(Params(cells=20, **kw)))[-1][1] for kw in ({}, {"scheme": "return_line", "switching": "always"}))
    exact = np.interp(plain.stood, plain.stood_theory, plain.left_theory)
    np.testing.assert_allclose(plain.left, exact, atol=0.05)  # 60 points, straight lines between
    assert pumped.left[-1] > 45 and plain.left[-1] < 25

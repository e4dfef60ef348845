"""Pistons of warm water: what is said of a day's waits without a simulation, against closed forms and against one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.hotwater.compare.sampled import combinations
from core.hotwater.house import HouseParams
from core.hotwater.house.day import Lived, compute, lived
from core.hotwater.house.expected import NEVER, waits
from core.hotwater.house.home import home
from core.hotwater.house.pistons import Front, Line, passed, push, reached, volume_before, warm_after
from core.hotwater.pipes import COPPER, PPR, Pipe
from core.hotwater.system import WAIT
from core.hotwater.theory import dead_time, front_variance, schumann
from core.hotwater.water import LITRE

COPPER_22, PPR_25 = Pipe(COPPER, 0.022, 0.020), Pipe(PPR, 0.025, 0.018)
FLOW = 8 * LITRE
pieces = st.lists(st.tuples(st.floats(1e-6, 2e-3), st.floats(-15, 60)), max_size=8)


@given(x=st.floats(0.01, 40), y=st.floats(0, 60))
def test_the_sum_over_delays_is_the_front_of_anzelius_and_schumann(x: float, y: float):
    """Two ways to the same function: a Poisson number of exponential delays, and an integral of a Bessel function."""
    assert passed(x, y) == pytest.approx(float(schumann(np.array(x), np.array(y))), abs=2e-6)


@given(x=st.floats(0.01, 40), share=st.floats(0.01, 0.99))
def test_a_share_is_reached_when_the_front_has_come_to_it(x: float, share: float):
    """Halved 22 times: 150 / 4e6 of y, in which J rises by less than 1 a unit. exp(-x) jumps at once."""
    y = reached(x, share)
    if share <= np.exp(-x):
        assert y == 0
    else:
        assert passed(x, y) == pytest.approx(share, abs=1e-4)


@given(st.floats(1, 20), st.floats(0.1, 0.9), st.floats(0.1, 0.95))
def test_a_pipe_in_two_pieces_waits_as_one(length: float, part: float, share: float):
    """Also of unlike halves of water, as long as their mean is the same; and the answer is Schumann's for the whole."""
    whole, halves = Front(FLOW), Front(FLOW)
    line = Line(COPPER_22, length)
    whole.add(line, line.holds, 5.0)
    for size, warmth in ((part, 5.0 + (1 - part)), (1 - part, 5.0 - part)):
        halves.add(line, line.holds * size, warmth)
    level = 5.0 + share * 25
    assert halves.passes(level, 30.0) == pytest.approx(whole.passes(level, 30.0), rel=1e-6)
    film, later = COPPER_22.film(FLOW), whole.passes(level, 30.0) - COPPER_22.area * length / FLOW
    x = np.array(film * length / (COPPER_22.volume_heat * FLOW))
    if later > 1e-9:
        assert float(schumann(x, np.array(film * later / COPPER_22.wall_heat))) == pytest.approx(share, abs=1e-4)


def test_means_and_variances_add_up_along_a_row():
    front, lines = Front(FLOW), (Line(COPPER_22, 7.0), Line(PPR_25, 3.0))
    for line in lines:
        front.add(line, line.holds, 0.0)
    assert front.seconds + front.swallowed == pytest.approx(sum(dead_time(line.tube, line.length, FLOW) for line in lines))
    assert front.variance == pytest.approx(sum(front_variance(line.tube, line.length, FLOW) for line in lines))


@given(pieces, pieces)
def test_pistons_keep_water_and_heat(before: list, enters: list):
    """Also where what enters is more than the pipe holds; pieces that are alike are mixed, not lost."""
    row = [Line(PPR_25, 4.0), Line(COPPER_22, 2.0)]
    push(row, before)
    heat = sum(volume * warmth for line in row for volume, warmth in line.pieces)
    leaves = row[1].push(row[0].push(enters))
    after = sum(volume * warmth for line in row for volume, warmth in line.pieces)
    scale = 1e-9 * (1 + len(before) + len(enters))  # m3: slivers below a millilitre's millionth are dropped
    assert sum(volume for volume, _ in leaves) == pytest.approx(sum(volume for volume, _ in enters), abs=scale)
    gone = sum(volume * warmth for volume, warmth in leaves)
    assert after + gone == pytest.approx(heat + sum(volume * warmth for volume, warmth in enters), abs=60 * scale)
    assert all(sum(volume for volume, _ in line.pieces) == pytest.approx(line.holds, abs=scale) for line in row)


def test_warm_water_that_stands_near_the_tap_comes_first_where_it_lasts():
    """Three seconds of it are enough, two are not: then the next warm piece counts, or the heater's."""
    line = Line(PPR_25, 10.0)
    for seconds, first in ((4.0, True), (2.0, False)):
        line.pieces = [(FLOW * seconds, 25.0), (line.holds - FLOW * seconds, 0.0)]
        found = warm_after([line], FLOW, 20.0, 30.0, 5.0)
        assert found is not None and (found == 0) == first
        assert first or 5.0 + PPR_25.area * 10 / FLOW <= found <= 5.0 + dead_time(PPR_25, 10.0, FLOW) * 1.2
    line.pieces = [(line.holds / 2, 0.0), (line.holds / 2, 25.0)]
    assert volume_before([line], 20.0) == line.holds / 2 and volume_before([line], 26.0) is None
    assert warm_after([line], FLOW, 26.0, 25.0, 5.0) is None


def told(**given_: object) -> tuple[Lived, np.ndarray, np.ndarray]:
    """(a day, waits of its hot draws as simulated, and as expected)."""
    seen = lived(HouseParams(**given_))
    both = np.where(seen.of(WAIT) >= 0, seen.of(WAIT), seen.lasted), np.where((w := waits(seen.home)) >= 0, w, seen.lasted)
    return seen, both[0][seen.hot], both[1][seen.hot]


@pytest.mark.parametrize("pair", combinations(), ids=".".join)
def test_means_agree_within_what_walls_swallow(pair: tuple[str, str]):
    """Theory lets walls be as warm as their water: at worst it is wrong by all that they swallow, kappa V / Q, each time."""
    found = [told(scheme=pair[0], switching=pair[1], seed=seed) for seed in (0, 1)]
    swallowed = []
    for seen, *_ in found:
        runs, paths = seen.home.laid.piping.runs, seen.home.laid.paths
        for wish in np.array(seen.home.wishes, object)[seen.hot]:
            row = [runs[pipe] for pipe in paths[wish.place]]
            swallowed.append(sum(run.tube.kappa * run.tube.area * run.length for run in row) / (wish.flow * LITRE))
    measured, expected = (np.concatenate([each[k] for each in found]) for k in (1, 2))
    assert measured.mean() == pytest.approx(expected.mean(), abs=np.mean(swallowed))


@pytest.mark.parametrize("scheme", ["return_line", "crossover_check"])
def test_dead_branches_behind_an_always_hot_loop(scheme: str):
    """Nothing is left to chance: the front of one branch. A cell of it, a quarter of a metre, passes in 0.5 s; half of two."""
    _, measured, expected = told(scheme=scheme, switching="always", seed=0)
    np.testing.assert_allclose(measured, expected, atol=1.0)
    assert measured.max() > 2.5


def test_a_valve_at_every_tap_warms_one_branch():
    """The button of room 4 leaves the branch of room 2 cold: nobody presses for 2 L/min, which finds warm water behind it."""
    rows = (("08:00", 4, "hot", 8.0, 3.0), ("08:01", 2, "hot", 2.0, 1.0))
    ahead = {"switching": "on_demand", "ahead": 200.0, "draws": "timetable", "timetable": rows}
    seen, measured, expected = told(scheme="crossover_solenoid", everywhere=True, **ahead)
    branch = seen.home.laid.piping.runs[seen.home.laid.paths[1][-1]]
    least, most = branch.tube.area * branch.length / (2 * LITRE), dead_time(branch.tube, branch.length, 2 * LITRE)
    assert least <= expected[1] <= most + 3 and least <= measured[1] <= most + 3


def test_what_is_lost_on_the_way_does_not_arrive():
    """A litre a minute through 60 m of bare copper: 30 K are exp(-U L / m c) of themselves at the end."""
    line = Line(COPPER_22, 60.0)
    left = 30 * np.exp(-COPPER_22.loss(LITRE) * 60 / (COPPER_22.volume_heat * LITRE))
    assert 15 < left < 25
    assert warm_after([line], LITRE, left + 0.1, 30.0, 0.0) is None and warm_after([line], LITRE, left - 0.1, 30.0, 0.0)


def test_false_alarms_warm_the_home():
    """A draw that finds water from somebody else's alarm waits less, in theory as in the simulation."""
    found = [told(scheme="return_line", switching="motion", notice=0.0, false_alarms=count) for count in (0, 60)]
    (_, rare, rarely), (_, often, frequently) = found
    assert rare.mean() - often.mean() > 5 and rarely.mean() - frequently.mean() > 5


def test_a_thermostatic_valve_that_reopens_late_is_waited_for():
    """With a timer the pump pushes against it until its end has cooled: more seconds than with an open joint."""
    late, at_once = (told(scheme=scheme, switching="timer", seed=1) for scheme in ("return_thermostatic", "return_line"))
    assert late[1].mean() - at_once[1].mean() > 2 and late[2].mean() - at_once[2].mean() > 2


def test_what_never_comes_is_never_expected():
    """A set point below what counts as warm; all the draws end cold, and count as long as they last on both sides."""
    p = HouseParams(set_point=38.0, use=42.0)
    assert (waits(home(p)) == NEVER).all()
    m = compute(p).metrics()
    assert m["draws_cold"] == m["draws_hot"] > 0 and m["wait_median_s"] == m["wait_median_s_theory"] > 200


@settings(max_examples=30, deadline=None)
@given(st.floats(2, 15), st.floats(1, 10), st.floats(4, 12), st.booleans())
def test_a_cold_line_waits_as_its_front_says(along: float, branch: float, flow: float, copper: bool):
    """Two pipes in a row and a strong heater. Of its rise only the mean is known: seconds of an exchanger of half a litre."""
    tubes = {"trunk": "copper_22", "twig": "copper_15"} if copper else {}
    rows = (("08:00", 1, "hot", flow, 5.0),)
    p = HouseParams(draws="timetable", timetable=rows, rooms=(("bathroom", along, branch, flow),), most_power=60.0, **tubes)
    _, measured, expected = told(**p.replace(patience=600.0).values())
    rises = 60 * 0.5 / flow  # s in which the exchanger's water is renewed
    assert measured[0] == pytest.approx(expected[0], abs=1.0 + rises / 2 + 0.03 * expected[0])

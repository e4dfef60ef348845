"""A home through a day: what is kept, what is waited for, what the article says of its schemes."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.faults import ParameterError
from core.hotwater import Params
from core.hotwater import compute as one_tap
from core.hotwater import plant as place
from core.hotwater.climate import mains_on
from core.hotwater.house import HouseParams, compute
from core.hotwater.house.bill import KWH, NEVER, payback
from core.hotwater.house.day import Lived, lived, prepared
from core.hotwater.house.expected import waits
from core.hotwater.household import PROFILE_M
from core.hotwater.inverse import length_of
from core.hotwater.system import HEAT, RUN_OFF_HEAT, run
from core.hotwater.theory import dead_time
from core.hotwater.water import LITRE
from tests.draws import any_of, choices

FAR_APART = (
    ("06:00", 1, "hot", 8.0, 5.0),
    ("11:00", 1, "hot", 8.0, 5.0),
    ("16:00", 1, "hot", 8.0, 5.0),
    ("21:00", 1, "hot", 8.0, 5.0),
)
PUMPED = {"switching": "on_demand", "ahead": 150.0}
SMALL = {"cells": 2.0}


def residual(seen: Lived) -> float:
    """Of the energy balance, relative."""
    fired, pump, drawn, *lost = seen.state.now[place.FIRED : place.LOST_HEATER + 1]
    size = fired + pump + abs(drawn) + np.abs(lost).sum() + abs(seen.stored)
    return float(abs(fired + pump - drawn - sum(lost) - seen.stored) / size)


def own(rows: tuple, **more: object) -> HouseParams:
    return HouseParams(draws="timetable", timetable=rows, **more)


def test_energy_closes_in_every_scheme_layout_and_control():
    for values in choices(HouseParams):
        assert residual(lived(HouseParams(**values, **SMALL))) < 1e-10, values


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(any_of(HouseParams, cells=2.0))
def test_energy_closes_in_any_home(p: HouseParams):
    assert residual(lived(p)) < 1e-10


@pytest.mark.parametrize(
    ("scheme", "switching"),
    [("drain", "never"), ("return_line", "thermostat"), ("crossover_check", "always"), ("crossover_thermostatic", "timer")],
)
def test_a_pipe_that_nobody_reads_may_be_worked_on_later(scheme: str, switching: str):
    """With a log every pipe is up to date after every step, without one it need not be; in the end both are the same."""
    seen = []
    for rows in (0, 40_000):
        made, state, asked = prepared(HouseParams(scheme=scheme, switching=switching, draws="profile_m", mains=8.0))
        log = np.empty((rows, len(place.LOG) + len(made.system.net.outlets)))
        run(made.system, state, 10 * 3600.0, 2.0, asked, log)
        seen.append((state, asked.found))
    (late, found), (at_once, same) = seen
    for one, other in ((late.water, at_once.water), (late.wall, at_once.wall), (late.now, at_once.now), (found, same)):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
    assert late.now[place.STARTS] > 5


def test_the_balance_is_not_kept_by_construction():
    seen = lived(HouseParams(scheme="return_line", switching="timer"))
    for tally in (place.FIRED, place.DRAWN, place.LOST_HOT, place.LOST_RETURN):
        kept = seen.state.now[tally]
        seen.state.now[tally] = 0.99 * kept
        assert residual(seen) > 1e-4
        seen.state.now[tally] = kept


@pytest.mark.parametrize("scheme", ["drain", "return_line", "crossover_check", "crossover_solenoid"])
@pytest.mark.parametrize("room", [0.0, 30.0])
def test_temperatures_stay_between_what_is_around(scheme: str, room: float):
    """Mains, room and set point, with the burner's band and its exchanger's swing; a pipe may be colder than mains."""
    r = compute(HouseParams(scheme=scheme, switching="never" if scheme == "drain" else "always", room=room, seed=3))
    low, high = min(15.0, room), 50.0
    assert r.water.min() >= low - 1e-3 and r.wall.min() >= low - 1e-3
    assert r.water.max() <= high + 12 and np.quantile(r.water, 0.99) <= high + 3


def test_water_is_what_was_drawn():
    rows = (("07:00", 1, "hot", 6.0, 0.1), ("07:00", 2, "hot", 3.0, 0.1), ("08:00", 3, "cold", 12.0, 0.1))
    p = own(rows, patience=30.0)
    seen = lived(p)
    flows = np.array([wish.flow for wish in seen.home.wishes])
    assert seen.water == pytest.approx((seen.lasted / 60 * flows).sum(), rel=1e-12)
    assert seen.lasted[2] == pytest.approx(6.0, abs=1e-9)  # a tenth of a minute, cold: nobody waits


def test_useful_heat_of_the_tapping_cycle_is_what_it_asks():
    assert len(PROFILE_M) == 23 and sum(tap.heat for tap in PROFILE_M) == pytest.approx(5.845)
    seen = lived(HouseParams(draws="profile_m"))
    warm, asked = seen.of(0) >= 0, np.array([wish.heat for wish in seen.home.wishes])
    assert warm.all()
    got = seen.of(HEAT) - seen.of(RUN_OFF_HEAT)
    long = asked > 0.2 * KWH  # a shorter one ends at the end of a step after its 3 s of holding
    np.testing.assert_allclose(got[long], asked[long], rtol=1e-3)


def test_one_room_waits_as_one_tap_does():
    """The same pipe in two pieces; cells of a quarter metre move the crossing by less than their passage."""
    rooms = (("bathroom", 12.0, 8.0, 8.0),)
    house = own((("08:00", 1, "hot", 8.0, 5.0),), rooms=rooms, twig="ppr_25", cells=10.0)
    tap = one_tap(Params(length=20.0, flow=8.0, standing=480.0, set_point=50.0))
    seen = lived(house)
    assert seen.of(0)[0] == pytest.approx(tap.wait, abs=1.5)  # the house began the day as cold as the room, the tap after 8 h


@settings(max_examples=15, deadline=None)
@given(st.floats(2, 15), st.floats(1, 10), st.floats(4, 12))
def test_cold_pipes_wait_their_dead_time(along: float, branch: float, flow: float):
    """Copper: the front crosses 40 of 50 degrees later than its mean by its width, and starts from the room's 20."""
    copper = {"trunk": "copper_22", "twig": "copper_15", "most_power": 60.0}
    p = own((("08:00", 1, "hot", flow, 5.0),), rooms=(("bathroom", along, branch, flow),), patience=600.0, **copper)
    seen = lived(p)
    assert seen.of(0)[0] == pytest.approx(waits(seen.home)[0], abs=5.0 + 0.1 * waits(seen.home)[0])


def test_a_dead_branch_keeps_its_wait_and_a_big_loop_has_none():
    """The article's complaint about small loops: 2 to 3 m of branch behind an always hot trunk."""
    pumped = {"scheme": "return_line", "switching": "always", "seed": 1}
    small, big = (lived(HouseParams(layout=layout, **pumped)) for layout in ("small_loop", "big_loop"))
    cold = np.array(
        [wish.at - before.at > 5400 for before, wish in zip(small.home.wishes, small.home.wishes[1:], strict=False)]
    )
    assert small.hot.any() and cold.any()
    far = small.hot & (small.of(0) > 0)
    branch = [dead_time(small.home.laid.piping.runs[path[-1]].tube, room.branch, room.flow * LITRE)
              for path, room in zip(small.home.laid.paths, small.home.rooms, strict=True)]  # fmt: skip
    assert small.of(0)[far].max() == pytest.approx(max(branch), rel=0.5)
    assert big.of(0)[big.hot].max() == 0


def test_what_the_article_says_of_its_schemes():
    runs = {
        "none": HouseParams(),
        "always": HouseParams(scheme="return_line", switching="always"),
        "kept cool": HouseParams(scheme="return_thermostatic", switching="always"),
        "button": HouseParams(scheme="return_line", **PUMPED),
        "check": HouseParams(draws="timetable", scheme="crossover_check", switching="always"),
        "solenoid": HouseParams(draws="timetable", scheme="crossover_solenoid", **PUMPED),
        "drained": HouseParams(switching="on_demand", ahead=150.0),
    }
    m = {name: compute(p).metrics() for name, p in runs.items()}
    assert m["none"]["wait_p95_s"] > 40 and m["always"]["wait_p95_s"] < 8 and m["solenoid"]["wait_p95_s"] < 30
    assert m["none"]["cost"] < m["button"]["cost"] < 0.7 * m["always"]["cost"]
    assert m["kept cool"]["heat_loss_return_kWh"] < 0.8 * m["always"]["heat_loss_return_kWh"]
    assert m["check"]["filter_hot_s"] > 600 and m["check"]["cold_tap_warm_s"] > 60
    assert m["solenoid"]["filter_hot_s"] == 0 and m["solenoid"]["heat_loss_cold_kWh"] < 0.2 * m["check"]["heat_loss_cold_kWh"]
    assert m["drained"]["wait_median_s"] < 5 and m["drained"]["water_wasted_L"] >= 0.8 * m["none"]["water_wasted_L"]
    assert m["none"]["payback_years"] == m["always"]["payback_years"] == -1


def test_the_article_s_sums_follow_from_a_pipe():
    """Four showers that each wait a minute at 8 L/min: 32 L a day, 0.096 yuan, 35 yuan a year; 700 yuan are 20 years of it."""
    pipe = length_of(Params(known="wait", waited=60.0, flow=8.0, standing=300.0))
    rooms = (("bathroom", round(pipe / 2, 2), round(pipe / 2, 2), 8.0),)
    m = compute(own(FAR_APART, rooms=rooms, twig="ppr_25")).metrics()
    assert m["water_wasted_L"] == pytest.approx(32, rel=0.03)
    assert m["water_wasted_L"] / 1000 * 3 == pytest.approx(0.096, rel=0.03)
    assert m["kit_in_drained_water_years"] == pytest.approx(20, rel=0.03)
    assert m["pump_in_drained_water_years"] == pytest.approx(10, rel=0.03)


def test_switches_do_what_they_are_called():
    pulse, press = (lived(HouseParams(scheme="crossover_solenoid", switching=s, ahead=150.0)) for s in ("pulse", "on_demand"))
    assert 0 < pulse.drained < 0.02 and press.drained == 0
    alarms = [
        lived(HouseParams(scheme="return_line", switching="motion", false_alarms=n)).state.now[place.PUMP_TIME] for n in (0, 30)
    ]
    assert alarms[0] < alarms[1]
    rows = (("08:00", 4, "hot", 8.0, 5.0), ("08:22", 4, "hot", 8.0, 1.0))  # lukewarm: its valve stays shut, the button calls
    valve = {"scheme": "crossover_solenoid", "closes_at": 30.0, "use": 45.0, "ahead": 120.0}
    idle, smart = (lived(own(rows, switching=s, **valve)).state.now[place.PUMP_TIME] for s in ("on_demand", "smart"))
    assert idle > smart + 120  # the pump pushes against a shut valve until its relay goes off, or until a sensor sees it
    learned = lived(HouseParams(scheme="return_line", switching="learned", often=0.3))
    assert 0 < learned.state.now[place.PUMP_TIME] < 43200 and len(learned.home.system.windows) > 2


def test_a_valve_at_every_tap_opens_where_somebody_asks():
    p = own((("08:00", 1, "hot", 6.0, 3.0),), scheme="crossover_solenoid", everywhere=True, **PUMPED)
    seen = lived(p)
    assert seen.state.now[place.CLOSINGS] == 1 and len(seen.state.doors) == 4
    r = compute(p)
    assert (r.doors.max(axis=0) == [1, 0, 0, 0]).all()


def test_a_draw_that_ends_cold_is_counted():
    r = compute(own((("08:00", 4, "hot", 3.0, 0.5),), patience=30.0))
    m = r.metrics()
    assert m["draws_cold"] == m["draws_hot"] == 1 and m["wait_max_s"] == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"draws": "timetable", "timetable": "shower in the morning"}, "timetable should have a time of day .* column at"),
        ({"draws": "timetable", "timetable": (("07:00", 5, "hot", 8.0, 5.0),)}, "timetable should have a place from 1–4"),
        ({"draws": "timetable", "timetable": (("07:00", 1, "hot", 8.0, 5.0), ("07:03", 1, "hot", 8.0, 5.0))}, "from 07:05 on"),
        ({"draws": "timetable", "timetable": (("07:00", 1, "hot", 8.0, 5.0),) * 10_000}, "timetable should have 1 to 60 rows"),
        ({"water_price": -1.0}, "water_price should be greater than or equal to 0"),
        ({"layout": "parallel"}, "layout should be small_loop / big_loop"),
        ({"scheme": "return_line", "switching": "never"}, "switching should be on_demand"),
        ({"everywhere": True}, "everywhere is a parameter only with scheme = crossover_thermostatic / crossover_solenoid"),
        ({"mains": 40.0, "set_point": 38.0}, "mains should be below the set point 38, not 40"),
    ],
)
def test_what_cannot_be_is_refused_in_words(given_: dict, says: str):
    with pytest.raises(ParameterError, match=says):
        HouseParams(**given_)


def test_mains_follow_the_air_later_and_less():
    year = np.array([mains_on(16.0, 24.0, day) for day in range(1, 366)])
    assert year.mean() == pytest.approx(16 + 6 / 1.8, abs=0.05)
    assert 30 < year.argmin() < 90 and 0.3 * 24 < np.ptp(year) < 24


@pytest.mark.parametrize(
    ("price", "saved", "years"), [(73.0, 0.1, 2.0), (0.0, 0.1, 0.0), (1.0, 0.0, NEVER), (1.0, 1e-311, NEVER)]
)
def test_payback_is_a_number_of_years_or_never(price, saved, years):
    """365 days a year; a saving too small to count is none."""
    assert payback(price, saved) == pytest.approx(years)

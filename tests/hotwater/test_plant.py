"""Heater, controls, valves and joints: what each scheme does, and that no heat is lost on paper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.hotwater import heaters
from core.hotwater import plant as place
from core.hotwater.event import opened, rests
from core.hotwater.params import Params
from core.hotwater.single import Single, pumped, single
from core.hotwater.system import Draw, State, agenda, run, start
from core.hotwater.tap import compute
from core.hotwater.theory import cooling_time, dead_time
from core.hotwater.water import LITRE
from tests.draws import any_of

PUMPED = ("return_line", "return_thermostatic", "crossover_check", "crossover_thermostatic", "crossover_solenoid")


def logged(
    p: Params, length: float, draws: list[Draw], until: float, step: float = 1.0
) -> tuple[Single, State, dict[str, np.ndarray]]:
    made = single(p, length)
    state, log = start(made), np.empty((int(3 * until / step) + 500, len(place.LOG) + 2))
    rows = run(made, state, until, step, agenda(made, draws), log)
    return made, state, {name: log[:rows, k] for k, name in enumerate((*place.LOG, "tap", "cold_tap"))}


@settings(max_examples=60, deadline=None)
@given(any_of(Params, standing=30.0, cells=40))
def test_energy_is_kept_to_round_off(p: Params):
    """A tank holds up to a thousand times what a short draw takes, and rounds all of it: a decimal less of the draw."""
    closes = 1e-12 if isinstance(heaters.numbers(p.heater), heaters.Tankless) else 1e-11
    assert compute(p).metrics()["energy_residual"] < closes


def test_the_balance_is_not_kept_by_construction():
    """Forgetting one of its terms shows."""
    fired, pump, drawn, *lost, stored = compute(Params()).heat
    whole = fired + pump - drawn - sum(lost) - stored
    for part in (fired, drawn, lost[0], stored):
        assert abs(whole) < 1e-10 * abs(part)


def test_the_outlet_settles_at_the_set_point():
    _, _, log = logged(Params(), 10.0, [Draw(0, 120, 8 * LITRE)], 120.0, 0.2)
    assert log["heater_out"][-1] + 20 == pytest.approx(50, abs=0.05)
    rise = 988.9 * 4180 * 8 * LITRE * 35  # rho at 45 degrees is 990.2; W
    assert log["power"][-1] == pytest.approx(rise, rel=0.01)


def test_full_power_is_the_limit():
    """28 kW raise 20 L/min by 20.3 K."""
    _, _, log = logged(Params(mains=5.0), 10.0, [Draw(0, 200, 20 * LITRE)], 200.0, 0.2)
    assert log["power"].max() == 28e3
    assert log["heater_out"][-1] + 20 == pytest.approx(5 + 28e3 / (990.2 * 4180 * 20 * LITRE), abs=0.1)


def test_off_ignition_on_and_off_again():
    _, state, log = logged(Params(ignition=4.0), 10.0, [Draw(10, 60, 8 * LITRE)], 80.0, 0.1)
    mode, time = log["mode"], log["time"]
    assert list(mode[np.flatnonzero(np.diff(mode, prepend=-1))]) == [place.OFF, place.IGNITION, place.ON, place.OFF]
    lit = time[np.argmax(mode == place.ON)]
    assert 10 + 4 - 1e-6 <= lit <= 10 + 4.2
    assert log["power"][time < 14 - 0.1].max() == 0 and state.now[place.STARTS] == 1


def test_below_ignition_nothing_fires_and_above_holding_it_stays():
    """2 L/min start it, half of that holds it."""
    weak = [Draw(0, 60, 1.9 * LITRE)]
    falling = [Draw(0, 30, 2.1 * LITRE), Draw(30, 60, 1.1 * LITRE), Draw(60, 90, 0.9 * LITRE)]
    assert logged(Params(), 5.0, weak, 60.0)[2]["mode"].max() == place.OFF
    mode, time = (logged(Params(), 5.0, falling, 90.0, 0.5)[2][name] for name in ("mode", "time"))
    assert (mode[(time > 10) & (time < 60)] == place.ON).all() and (mode[time > 62] == place.OFF).all()


def test_below_its_least_power_the_burner_goes_on_and_off():
    """2.2 L/min by 8 K are 1.2 kW of the 3.5 it cannot go below: on for a third of the time, the mean as asked."""
    p = Params(mains=30.0, set_point=38.0, use=36.0)
    _, state, log = logged(p, 5.0, [Draw(0, 900, 2.2 * LITRE)], 900.0, 0.2)
    late = log["time"] > 300
    assert set(np.unique(log["power"][late])) == {0.0, 3500.0}
    assert log["power"][late].mean() == pytest.approx(990.2 * 4180 * 2.2 * LITRE * 8, rel=0.05)
    assert state.now[place.STARTS] > 10


@pytest.mark.parametrize("scheme", PUMPED)
def test_a_pump_ahead_of_use_saves_the_wait(scheme: str):
    plain, pumped = compute(Params()).metrics(), compute(Params(scheme=scheme, switching="on_demand", ahead=150.0)).metrics()
    assert plain["wait_s"] > 40 and pumped["wait_s"] < 5
    assert pumped["gas_heat_kWh"] > plain["gas_heat_kWh"]


def test_a_thermostatic_valve_keeps_the_return_line_cool():
    hot, cool = (compute(Params(scheme=s, switching="timer")) for s in ("return_line", "return_thermostatic"))
    assert hot.water[0, 1].mean() > cool.water[0, 1].mean() + 8
    assert cool.metrics()["heat_loss_kWh"] < 0.7 * hot.metrics()["heat_loss_kWh"]


def test_a_plain_check_valve_heats_the_whole_cold_line_and_the_others_do_not():
    ends = {s: compute(Params(scheme=s, switching="always")).water[0, 2] for s in PUMPED[2:]}
    assert ends["crossover_check"].min() > 45
    for kind in ("crossover_thermostatic", "crossover_solenoid"):  # a quarter of the line from the heater: below closing
        assert ends[kind][:10].max() < Params(scheme=kind, switching="always").values()["closes_at"]


def test_hot_water_flushes_the_toilet_unless_the_valve_is_normally_closed():
    cold = {"tap": "cold", "pipe": "ppr_20", "length": 10.0, "flow": 12.0, "standing": 10.0, "switching": "on_demand"}
    found = {s: compute(Params(scheme=s, **cold)).metrics() for s in PUMPED[2:]}
    assert found["crossover_check"]["burner_starts"] == 1 and found["crossover_check"]["cold_tap_warm_s"] > 5
    later = compute(
        Params(scheme="crossover_thermostatic", **cold | {"standing": 120.0})
    ).metrics()  # its valve is open when cool
    assert found["crossover_thermostatic"]["burner_starts"] == 0 and later["burner_starts"] == 1
    assert found["crossover_solenoid"]["burner_starts"] == 0 and found["crossover_solenoid"]["cold_tap_warm_s"] == 0
    assert compute(Params(**cold | {"scheme": "return_line"})).metrics()["burner_starts"] == 0


def test_without_its_second_check_valve_return_water_warms_the_cold_line():
    """The pump runs while a cold tap is open."""
    warm, cold = (
        compute(Params(scheme="return_line", switching="always", tap="cold", second_check=check)).cold_tap[-1]
        for check in (False, True)
    )
    assert cold == pytest.approx(15, abs=0.5) and warm > cold + 5


def test_the_thermostat_cycles_as_theory_says():
    """Off from 43 to 36 degrees at rest by the eigenvalue; the sensor is read every 5 s, and a front has its width."""
    p = Params(scheme="crossover_check", switching="thermostat", insulation=13.0, cells=100)
    made, _, log = logged(p, 20.0, [], 40000.0)
    pump, time = log["pump"], log["time"]
    starts, stops = (time[1:][np.diff(pump) == sign] for sign in (1, -1))
    off, on = cooling_time(made.tube) * np.log((43 - 20) / (36 - 20)), dead_time(made.tube, 20.0, pumped(made))
    between = starts[starts > stops[1]] - stops[1 : 1 + (starts > stops[1]).sum()]
    assert len(between) >= 3
    # The tap's end is where it is warmest when the pump stops, so it falls from a little above 43.
    assert np.mean(between) == pytest.approx(off, rel=0.12)
    assert on < np.median(stops[1:] - starts[: len(stops) - 1]) + 60


def test_waits_after_random_times_are_those_of_theory():
    """Oracle: Poisson openings without a pump wait exp(-rate t_u) of the full wait; each opening heats the whole line."""
    p = Params(length=8.0, pipe="copper_15", flow=8.0, cells=60, ignition=0.0, exchanger=0.05)
    made = single(p, 8.0)
    rate, gaps = 1 / 1200, np.random.default_rng(5).exponential(1200, 400)
    waits = []
    for gap in gaps:
        state = start(made)
        rests(made, state, gap)
        waits.append(opened(made, state, gap, 8 * LITRE, None)[0])
    full = made.opening.waits(40.0, np.array([1e6]))[0]
    cools = made.opening.waits(40.0, np.linspace(0, 7200, 721))
    turns = np.argmax(cools > 0) * 10.0
    expected = np.exp(-rate * turns) * full
    assert np.mean(waits) == pytest.approx(expected, abs=3 * np.std(waits) / 20 + 0.05 * full)


@settings(max_examples=25, deadline=None)
@given(length=st.floats(2, 60), flow=st.floats(3, 15))
def test_the_wait_is_the_one_of_theory(length: float, flow: float):
    """Copper and a strong heater: the exchanger's rise is the only thing theory simplifies, and it is a second or two."""
    metrics = compute(Params(length=length, flow=flow, pipe="copper_22", most_power=60.0, standing=240.0)).metrics()
    assert metrics["wait_s"] == pytest.approx(metrics["wait_s_theory"], abs=2.5 + 0.02 * metrics["wait_s"])


def test_the_timer_keeps_its_time_at_any_step():
    """Four minutes of every twenty, an hour and a half: 5 x 4, in steps that do not divide them."""
    p = Params(scheme="return_line", switching="timer", every=20.0, runs=4.0)
    for step in (1.0, 4.7):
        assert logged(p, 10.0, [], 5400.0, step)[1].now[place.PUMP_TIME] == pytest.approx(5 * 240, abs=0.01)

"""A storage heater against what can be said of it in closed form, and in a home whose bath it cannot fill."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from core.hotwater import plant as place
from core.hotwater.house import HouseParams, compute
from core.hotwater.house.day import lived
from core.hotwater.kernels.tank import store
from core.hotwater.params import Params
from core.hotwater.plant import Plant
from core.hotwater.single import single
from core.hotwater.system import imbalance, start
from core.hotwater.water import LITRE
from tests.draws import any_of

ROOM, SET, MAINS = 20.0, 50.0, 15.0
TANKS = ("tank", "gas_tank", "okhe_80", "okhe_160")
HEAT = 990.2 * 4180  # J/(m3 K), at 45 degrees within a thousandth


def tank(**more: float) -> tuple[Plant, np.ndarray]:
    """A hot one, as it is at first; fields of the plant may be changed."""
    made = single(Params(heater="tank"), 5.0)
    return made.plant._replace(**more), start(made).now


def drawn(plant: Plant, now: np.ndarray, flow: float, seconds: float, dt: float = 1.0, inlet: float = MAINS) -> np.ndarray:
    """Outlets in degrees, one a step; flow in L/min."""
    record = plant.record()
    steps = round(seconds / dt)
    return np.array([store(record, now, flow * LITRE, inlet - ROOM, dt)[0] for _ in range(steps)]) + ROOM


def rested(plant: Plant, now: np.ndarray, seconds: float, step: float) -> np.ndarray:
    """Mean powers of steps at rest, W."""
    record = plant.record()
    return np.array([store(record, now, 0.0, MAINS - ROOM, step)[1] for _ in range(round(seconds / step))])


def content(plant: Plant, now: np.ndarray) -> float:
    low = now[place.LOW_VOLUME]
    return float(plant.volume_heat * ((plant.volume - low) * now[place.PLUG] + low * now[place.LOW]))


def test_it_gives_what_it_holds_and_then_runs_cold():
    """Displacement: 80 L at 8 L/min are ten minutes; then mains water and what the element adds, 2 kW over 8 L/min: 3.6 K."""
    plant, now = tank()
    out = drawn(plant, now, 8.0, 1200)
    assert out[:599].min() > SET - 1 and out[602:].max() < MAINS + 8
    assert out[-1] == pytest.approx(MAINS + 2000 / (HEAT * 8 * LITRE), abs=0.5)


@given(volume=st.floats(0.02, 0.4), flow=st.floats(2, 15))
@settings(max_examples=20, deadline=None)
def test_a_plug_lasts_its_volume_over_the_flow(volume: float, flow: float):
    plant, now = tank(volume=volume, most=0.0)
    lasts = volume / (flow * LITRE)
    out = drawn(plant, now, flow, lasts * 1.2, lasts / 400)
    assert np.argmax(out < (SET + MAINS) / 2) == pytest.approx(400, abs=1)


def test_a_mixed_tank_forgets_exponentially():
    """exp(-(Q/V + UA/(rho c V)) t) from where it was towards what flows in and the room."""
    plant, now = tank(most=0.0, standby=20.0)
    now[place.LOW_VOLUME], now[place.LOW] = plant.volume, SET - ROOM
    rate = (6 * LITRE + 20.0 / plant.volume_heat) / plant.volume
    ends = 6 * LITRE * (MAINS - ROOM) / (rate * plant.volume)
    drawn(plant, now, 6.0, 900, 3.0)
    assert now[place.LOW] == pytest.approx(ends + (SET - ROOM - ends) * np.exp(-rate * 900), rel=1e-9)


@pytest.mark.parametrize("step", [0.5, 60.0, 7200.0, 86400.0])
def test_its_thermostat_cycles_as_theory_says_at_any_step(step: float):
    """It stands for ln(30/25) / lambda and heats for -ln((30 - P/UA)/(25 - P/UA)) / lambda, with lambda = UA / C."""
    plant, now = tank()
    rate, ends = plant.standby / (plant.volume_heat * plant.volume), plant.most / plant.standby
    stands, heats = np.log(30 / 25) / rate, np.log((ends - 25) / (ends - 30)) / rate
    assert heats == pytest.approx(HEAT * 0.08 * 5 / 2000, rel=0.02)  # C dT / P, and a little more for what it loses meanwhile
    days = 20
    powers = rested(plant, now, days * 86400, step)
    assert now[place.STARTS] == int((days * 86400 - stands) / (stands + heats)) + 1
    cycles = days * 86400 / (stands + heats)
    assert powers.mean() == pytest.approx(2000 * heats / (stands + heats), rel=1 / cycles)
    assert powers.mean() == pytest.approx(plant.standby * 27.5, rel=1 / cycles + 0.01)


def test_it_recovers_in_the_time_that_its_power_says():
    """80 L from mains to set point, 35 K, at 2 kW: 97 minutes; its loss adds a minute."""
    plant, now = tank(standby=1e-3)
    now[place.LOW_VOLUME], now[place.LOW] = plant.volume, MAINS - ROOM
    powers = rested(plant, now, 9000, 1.0)
    assert np.count_nonzero(powers) == pytest.approx(HEAT * 0.08 * 35 / 2000, rel=2e-3)
    assert now[place.PLUG] == pytest.approx(SET - ROOM, abs=0.1) and now[place.MODE] == place.OFF


def test_the_lower_part_is_heated_until_it_joins_the_plug():
    """Half of it was drawn: the lower half rises by 2 kW while the plug stands, then both by half as much."""
    plant, now = tank(standby=1e-3)
    drawn(plant, now, 8.0, 300)
    low, plug = now[place.LOW], now[place.PLUG]
    joins = HEAT * 0.04 * (plug - low) / 2000
    rested(plant, now, 0.9 * joins, 0.9 * joins / 7)
    assert now[place.LOW_VOLUME] == pytest.approx(0.04, rel=1e-6)
    assert now[place.LOW] == pytest.approx(low + 0.9 * (plug - low), rel=5e-3)
    rested(plant, now, 0.2 * joins, 10.0)
    assert now[place.LOW_VOLUME] == 0


@settings(max_examples=15, deadline=None)
@given(flow=st.floats(1, 12), back=st.floats(5, 45), power=st.sampled_from([0.0, 1500.0]), loss=st.floats(0.5, 20))
def test_another_integrator_finds_the_same(flow: float, back: float, power: float, loss: float):
    """SciPy's on volume and both heat contents, from a half full tank on for as long as its plug lasts."""
    plant, now = tank(most=power, standby=loss)
    now[place.LOW_VOLUME], now[place.LOW], now[place.MODE] = 0.04, 5.0, place.ON
    q, rate = flow * LITRE, loss / (plant.volume_heat * plant.volume)

    def slopes(_time: float, y: np.ndarray) -> list[float]:
        plug, held, low, _ = y
        gains = q * (back - ROOM) + power / plant.volume_heat
        return [-q, -held / plug * q - rate * held, gains - rate * low, rate * (held + low)]

    seconds = 0.8 * 0.04 / q
    found = solve_ivp(slopes, (0, seconds), [0.04, 0.04 * (SET - ROOM), 0.04 * 5.0, 0.0], rtol=1e-10, atol=1e-13).y[:, -1]
    before = now[place.LOST_HEATER]
    drawn(plant, now, flow, seconds, seconds / 50, back)
    if now[place.LOW_VOLUME] == 0:  # what came back was warm enough to join the plug
        return
    plug = plant.volume - now[place.LOW_VOLUME]
    assert plug == pytest.approx(found[0], rel=1e-9)
    assert now[place.PLUG] * plug == pytest.approx(found[1], rel=1e-7)
    assert now[place.LOW] * now[place.LOW_VOLUME] == pytest.approx(found[2], rel=1e-6, abs=1e-7)
    assert now[place.LOST_HEATER] - before == pytest.approx(found[3] * plant.volume_heat, rel=1e-6)


def test_small_draws_do_not_wake_the_thermostat():
    """It is a quarter up: 20 of 80 L."""
    plant, now = tank()
    drawn(plant, now, 6.0, 190)
    assert now[place.MODE] == place.OFF
    drawn(plant, now, 6.0, 20)
    assert now[place.MODE] == place.ON and now[place.STARTS] == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 1e-13, 1.0, 6.0, 15.0]), st.floats(5, 60), st.floats(0.5, 4000)), max_size=12))
def test_what_goes_in_comes_out_or_stays(spans: list[tuple[float, float, float]]):
    """Any draws, rests and returning water, lukewarm or hotter than the tank; in long steps too."""
    plant, now = tank()
    record, before, carried = plant.record(), content(plant, now), 0.0
    for flow, inlet, dt in spans:
        out, _ = store(record, now, flow * LITRE, inlet - ROOM, dt)
        carried += plant.volume_heat * flow * LITRE * (inlet - ROOM - out) * dt if flow else 0.0
        assert min(now[place.PLUG], now[place.LOW]) >= 5 - ROOM - 1e-9 and np.isfinite(now).all()
    gained = content(plant, now) - before
    missing = now[place.FIRED] + carried - now[place.LOST_HEATER] - gained
    assert abs(missing) < 1e-10 * (now[place.FIRED] + abs(carried) + now[place.LOST_HEATER] + before)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.sampled_from(TANKS), any_of(HouseParams, cells=2.0))
def test_energy_closes_in_any_home_with_a_tank(heater: str, p: HouseParams):
    seen = lived(p.replace(heater=heater))
    assert imbalance(seen.heat) < 1e-10


def bath(**more: object) -> HouseParams:
    """A bath of 160 L in the evening, and nothing else."""
    return HouseParams(draws="timetable", timetable=(("20:00", 4, "hot", 10.0, 16.0),), patience=30.0, **more)


def test_a_bath_empties_a_small_tank_and_not_a_large_one():
    small, large = (compute(bath(heater="tank", volume=v, set_point=60.0)) for v in (80.0, 300.0))
    assert "tank_runs_cold" in small.warnings and small.metrics()["tank_lukewarm_s"] > 300
    assert "tank_runs_cold" not in large.warnings and large.metrics()["tank_lukewarm_s"] == 0
    assert compute(bath()).metrics()["tank_lukewarm_s"] == 0


def test_a_loop_around_the_clock_mixes_the_tank():
    """Its water comes back lukewarm at the bottom: the thermostat is awake for most of the time."""
    alone, looped = (lived(bath(heater="okhe_160", **more)) for more in ({}, {"scheme": "return_line", "switching": "always"}))
    assert looped.state.now[place.STARTS] > 3 * alone.state.now[place.STARTS]


def test_gas_and_electric_tanks_are_billed_for_what_they_use():
    """The same heat: at 100 % from the wall, or at 85 % from the pipe."""
    m = {heater: compute(bath(heater=heater, **power)).metrics() for heater, power in
         (("tank", {"element": 9.0}), ("gas_tank", {"burner": 9.0}))}  # fmt: skip
    assert m["tank"]["gas_kWh"] == 0 and m["gas_tank"]["electricity_kWh"] == 0
    assert m["gas_tank"]["gas_kWh"] * 0.85 == pytest.approx(m["tank"]["electricity_kWh"], rel=1e-12)
    assert m["gas_tank"]["gas_m3"] == pytest.approx(m["gas_tank"]["gas_kWh"] / 10)

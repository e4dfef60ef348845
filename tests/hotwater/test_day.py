"""What a network does in a day: who comes late, what is warm and cold at most, short draws, cold pipes, the size of steps."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.hotwater import plant as place
from core.hotwater.house import HouseParams, compute
from core.hotwater.house.day import PATIENT, Lived, lived
from core.hotwater.params import Params
from core.hotwater.plumbing import HOLDS
from core.hotwater.single import pumped, single
from core.hotwater.system import BEGAN, ENDED, HEAT, WAIT, Draw, agenda, imbalance, run, start
from core.hotwater.water import LITRE
from tests.draws import any_of

FLOW = 8 * LITRE
BAND = 2.0  # K that a burner at its least power lets the outlet go beyond the set point


def timetable(*rows: tuple, **more: object) -> Lived:
    return lived(HouseParams(draws="timetable", timetable=rows, **more))


def test_a_tap_in_use_is_opened_when_it_is_free():
    """Who waited for warm water is late, and so are the next two, each as long as meant; another tap is not."""
    rows = [("07:00", 5.0), ("07:05", 5.0), ("07:10", 1.0), ("08:00", 1.0)]
    hot = [(at, 1, "hot", 6.0, minutes) for at, minutes in rows]
    seen = timetable(*hot, ("07:05", 1, "cold", 6.0, 1.0))
    mine = np.array([not wish.cold for wish in seen.home.wishes])
    began, ended, wait = (seen.of(column)[mine] for column in (BEGAN, ENDED, WAIT))
    assert wait[0] > 10 and ended[0] == pytest.approx(7 * 3600 + 300 + wait[0], abs=1e-6)
    assert began[1] == ended[0] and ended[1] - began[1] == pytest.approx(300 + wait[1], abs=1e-6)
    assert began[2] == ended[1] > 7 * 3600 + 600 and began[3] == 8 * 3600
    assert seen.of(BEGAN)[~mine][0] == 7 * 3600 + 300


def test_three_draws_wait_for_one_another():
    """On one tap from 0 to 10 s, from 5 for 7 s and from 6 for 4 s: they begin at 0, 10 and 17."""
    made = single(Params(), 5.0)
    asked = agenda(made, [Draw(0, 10, FLOW), Draw(6, 10, FLOW), Draw(5, 12, FLOW), Draw(5, 7, FLOW, 1)])
    run(made, start(made), 60.0, 1.0, asked)
    np.testing.assert_allclose(asked.of(BEGAN), [0, 17, 10, 5], atol=1e-6)
    np.testing.assert_allclose(asked.of(ENDED), [10, 21, 17, 7], atol=1e-6)


@pytest.mark.parametrize("step", [1.0, 7.0])
def test_draws_shorter_than_a_step_are_kept(step: float):
    """Tenths of seconds, two taps at once within one step: every drop is counted, no heat is lost, and none is gained."""
    made = single(Params(), 8.0)
    draws = [Draw(3.2, 3.5, FLOW), Draw(3.3, 3.4, 5 * LITRE, 1), Draw(20.05, 20.1, FLOW), Draw(41.9, 42.6, 12 * LITRE)]
    state, asked = start(made), agenda(made, draws)
    before = state.stored(made)
    run(made, state, 60.0, step, asked)
    litres = np.array([0.3 * 8, 0.1 * 5, 0.05 * 8, 0.7 * 12]) / 60
    assert state.now[place.VOLUME] * 1000 == pytest.approx(litres.sum(), rel=1e-9)
    heat = np.array([*state.now[place.FIRED : place.LOST_HEATER + 1], state.stored(made) - before])
    assert imbalance(heat) < 1e-12
    hot = made.plant.volume_heat * litres / 1000 * (50 - 15)  # the line was hot and stands for less than a minute
    np.testing.assert_allclose(asked.of(HEAT)[[0, 2, 3]], hot[[0, 2, 3]], rtol=0.04)
    assert asked.of(HEAT)[1] == pytest.approx(made.plant.volume_heat * litres[1] / 1000 * (20 - 15), rel=0.01)


@pytest.mark.parametrize(("room", "mains"), [(2.0, 20.0), (0.0, 45.0)])
def test_a_stopped_pipe_colder_than_mains(room: float, mains: float):
    """A quarter litre out of a cold branch of half a litre: colder than the mains by mains - room, all of it, to round-off."""
    rooms = (("kitchen", 4.0, 3.1, 6.0),)
    p = {"rooms": rooms, "room": room, "mains": mains, "set_point": 60.0, "cells": 10.0}
    seen = timetable(("06:00", 1, "cold", 2.5, 0.1), ("12:00", 1, "hot", 2.5, 0.1), **p, patience=30.0)
    heat = seen.home.system.plant.volume_heat
    assert seen.of(HEAT)[0] == pytest.approx(heat * 0.25e-3 * (room - mains), rel=1e-9)
    r = compute(seen.home.p)
    assert r.metrics()["energy_residual"] < 1e-10
    assert room - 1e-3 <= r.water.min() < mains


def beyond(p: HouseParams) -> float:
    """K above the set point that a burner and a pump may reach.

    A burner at its least power goes on until the outlet is BAND above the set point, and then to the end of its step: so much
    heat into the exchanger, or at most into what holds the flame. Watts of a pump go round a loop that loses U L: P / (U L)
    above what the heater gives, and P / (rho c Q) between pump and joint, Q at least what holds the flame or moves the loop.
    """
    seen = lived(p)
    plant, runs = seen.home.system.plant, seen.home.laid.piping.runs
    burner = 0.0
    if not plant.tank:
        through = plant.volume_heat * HOLDS * plant.fires
        burner = BAND + min(plant.least * PATIENT / plant.exchanger, plant.least / through)
    if not seen.state.now[place.PUMP_TIME]:
        return burner
    loses = sum(runs[k].tube.loss(0.0) * runs[k].length for k in seen.home.laid.looped)
    return burner + plant.pump_heat / loses


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(any_of(HouseParams, cells=2.0))
def test_temperatures_stay_in_the_hull_of_what_is_around(p: HouseParams):
    """Mains, room and set point, and what burner and pump add; a float32 picture rounds to 4e-6 of its numbers."""
    r = compute(p)
    low, high = min(p.mains, p.room), max(p.set_point, p.room)
    assert min(r.water.min(), r.wall.min()) >= low - 1e-3
    assert max(r.water.max(), r.wall.max()) <= high + beyond(p) + 1e-3


def test_the_error_of_a_step_falls_with_its_square():
    """Steps of 16, 8, 4 and 2 whole cells, so that the shift is exact and exchange and shift alone are split, against one."""
    p = Params(heater="tank", pipe="ppr_25", cells=200, insulation=0.0)
    made = single(p, 40.0)
    cell, found = made.tube.area * 40.0 / made.cells / FLOW, []
    for cells in (1, 2, 4, 8, 16):
        state = start(made)
        state.water[:], state.wall[:] = 0.0, 0.0
        run(made, state, 96 * cell, cells * cell * (1 + 1e-9), agenda(made, [Draw(0, 1e4, FLOW)]))
        found.append(state.now[place.LOST_HOT])
    errors = np.abs(np.diff(found))
    assert np.polyfit(np.log([2, 4, 8, 16]), np.log(errors), 1)[0] == pytest.approx(2, abs=0.25), (found, errors)


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.1, 0.85), flow=st.floats(2, 12))
def test_a_front_goes_into_the_cold_line_and_comes_out_again(share: float, flow: float):
    """The pump pushes hot water in at the tap's end: warm from there on, as far as it came, and no heat is lost on the way.

    A cold tap then turns the line round: what comes out first is what went in last.
    """
    p = Params(
        scheme="crossover_check", switching="timer", every=240.0, runs=60.0, heater="tank", valve_opening=0.0, length=20.0
    )
    made = single(p, 20.0)
    state, cold, speed = start(made), made.pipe(1), pumped(made)
    before, until = state.stored(made), share * made.tube.area * 20.0 / speed
    run(made, state, until, 0.5, agenda(made, []))
    profile = state.water[cold]
    assert (np.diff(profile) >= -1e-9).all() and profile[0] < 1 and profile[-1] > 25
    front = np.interp(15.0, profile, 20.0 - (np.arange(len(profile)) + 0.5) * 20.0 / len(profile))
    assert 0.6 * share * 20 < front < share * 20 + 0.5  # the wall holds some of it back, at most kappa / (1 + kappa)
    draw = Draw(until, until + 2.0, flow * LITRE, 1)
    asked = agenda(made, [draw])
    made.windows[:, 1] = until  # the pump stops
    run(made, state, until + 4.0, 0.5, asked)
    assert state.flows[1] == 0 and asked.of(HEAT)[0] > 0.8 * made.plant.volume_heat * 2 * flow * LITRE * 25
    heat = np.array([*state.now[place.FIRED : place.LOST_HEATER + 1], state.stored(made) - before])
    assert imbalance(heat) < 1e-12

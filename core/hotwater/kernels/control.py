"""When the pump runs and the valve is open."""

from math import floor

import numpy as np

from core.hotwater.compiled import compiled
from core.hotwater.plant import (
    ALWAYS,
    ANSWERED,
    CHECK,
    DEMAND,
    NO_LINK,
    OPEN_LINK,
    PUMPED,
    PUMPING,
    SOLENOID,
    THERMOSTAT,
    THERMOSTATIC,
    TIMER,
    VALVE,
    Plant,
)

Array = np.ndarray


@compiled
def switch_pump(plant: Plant, now: Array, time: float, probe: float, draw: int, pressed: bool) -> None:
    """probe: temperature where the pump's sensor is. pressed: the button of draw number `draw` has been pressed."""
    if plant.link == NO_LINK:
        return
    if plant.switching == ALWAYS:
        now[PUMPING] = 1
    elif plant.switching == TIMER:
        now[PUMPING] = 1 if time - floor(time / plant.period) * plant.period < plant.run else 0
    elif plant.switching == DEMAND and pressed and now[ANSWERED] < draw + 1:
        now[ANSWERED], now[PUMPING], now[PUMPED] = draw + 1, 1, 0
    _sense(plant, now, probe)


@compiled
def _sense(plant: Plant, now: Array, probe: float) -> None:
    """What the sensor and the relay have to say."""
    if plant.switching not in (THERMOSTAT, DEMAND):
        return
    if probe >= plant.stops_above or (plant.switching == DEMAND and now[PUMPED] >= plant.longest):
        now[PUMPING] = 0
    elif plant.switching == THERMOSTAT and probe <= plant.starts_below:
        now[PUMPING] = 1


@compiled
def switch_valve(plant: Plant, now: Array, joint: float) -> None:
    """joint: temperature of the water at the valve."""
    if plant.link in (OPEN_LINK, CHECK):
        now[VALVE] = 1
    elif plant.link == THERMOSTATIC or (plant.link == SOLENOID and now[PUMPING] == 1):
        if joint >= plant.closes:
            now[VALVE] = 0
        elif joint <= plant.reopens or (plant.link == SOLENOID and now[PUMPED] == 0):
            now[VALVE] = 1
    elif plant.link == SOLENOID:
        now[VALVE] = 0


@compiled
def loop_flow(plant: Plant, now: Array, through_hot: float) -> float:
    """Through the valve, m3/s: driven by the pump, or drawn by a cold tap along the hot line where nothing forbids it."""
    if now[VALVE] == 0:
        return 0.0
    if now[PUMPING] == 1:
        return plant.pump_flow
    return through_hot if plant.into_cold else 0.0


@compiled
def patience(plant: Plant, now: Array, time: float) -> float:
    """Seconds until the timer switches, or, at rest, until the thermostat is read again; else for ever."""
    if plant.link == NO_LINK or plant.switching not in (TIMER, THERMOSTAT):
        return 1e9
    if plant.switching == THERMOSTAT:
        return 1e9 if now[PUMPING] == 1 else 5.0
    phase = time - floor(time / plant.period) * plant.period
    return (plant.run if phase < plant.run < plant.period else plant.period) - phase

"""The heater for one step: off, ignition, on; a well-mixed exchanger between the burner and the water."""

from math import exp

import numpy as np

from core.hotwater.compiled import compiled
from core.hotwater.kernels.tank import store
from core.hotwater.plant import CYCLE, EXCHANGER, FIRED, IGNITES_IN, IGNITION, LOST_HEATER, MODE, OFF, ON, STARTS, Plant

Array = np.ndarray

BAND = 2.0  # degrees around the set point between which a burner at its least power goes on and off
SETTLES = 3.0  # s in which the control closes a gap


@compiled
def heat(plant: Plant, now: Array, flow: float, inlet: float, dt: float) -> tuple[float, float]:
    """(mean outlet temperature, mean power of the burner into the water) over dt."""
    if plant.tank:
        return store(plant, now, flow, inlet, dt)
    power = _power(plant, now, flow, inlet, dt)
    through, start = plant.volume_heat * flow + plant.standby, now[EXCHANGER]
    if through == 0:
        return start, 0.0
    ends = (plant.volume_heat * flow * inlet + power) / through
    rate = through / plant.exchanger * dt
    gone = 1 - exp(-rate)
    mean = ends + (start - ends) * gone / rate
    now[EXCHANGER] = start + (ends - start) * gone
    now[FIRED] += power * dt
    now[LOST_HEATER] += plant.standby * mean * dt
    return mean, power


@compiled
def _power(plant: Plant, now: Array, flow: float, inlet: float, dt: float) -> float:
    """Mean over the step, after the burner has changed its state."""
    if flow < plant.holds or (now[MODE] == OFF and flow < plant.fires):
        now[MODE] = OFF
        return 0.0
    if now[MODE] == OFF:
        now[MODE], now[IGNITES_IN], now[CYCLE] = IGNITION, plant.ignition, 1
    share = 1.0
    if now[MODE] == IGNITION:
        share = max(0.0, 1 - now[IGNITES_IN] / dt)
        now[IGNITES_IN] -= dt
        if share == 0:
            return 0.0
        now[MODE] = ON
        now[STARTS] += 1
    return share * _wanted(plant, now, flow, inlet, dt)


@compiled
def _wanted(plant: Plant, now: Array, flow: float, inlet: float, dt: float) -> float:
    """What reaches the set point, within the burner's limits; below its least power it goes on and off."""
    gap = plant.exchanger * (plant.setting - now[EXCHANGER]) / max(SETTLES, dt)
    need = plant.volume_heat * flow * (plant.setting - inlet) + plant.standby * plant.setting + gap
    if need >= plant.least:
        now[CYCLE] = 1
        return min(need, plant.most)
    over = now[EXCHANGER] - plant.setting
    if over > BAND:
        now[CYCLE] = 0
    elif over < -BAND and now[CYCLE] == 0:
        now[CYCLE] = 1
        now[STARTS] += 1
    return plant.least if now[CYCLE] == 1 else 0.0

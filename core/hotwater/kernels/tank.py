"""A storage heater for one step: a plug of hot water on top of a mixed lower part, each cooling to the room.

What flows in mixes with the lower part and pushes the plug out at the top; a plug that is gone leaves a mixed tank, which is a
plug again once it has stood still. The heater works on the lower part, which joins the plug when it is as warm. A thermostat
some way up switches it. Heat contents follow linear equations, so every span between two events is exact.
"""

from math import exp, expm1, inf, log

import numpy as np

from core.hotwater.compiled import compiled
from core.hotwater.plant import FIRED, LOST_HEATER, LOW, LOW_VOLUME, LUKEWARM, MODE, OFF, ON, PLUG, STARTS, Plant

Array = np.ndarray

SENSOR = 0.25  # share of the volume below the thermostat; an assumption
ALIKE = 1e-9  # K, two temperatures that are one
NOTHING = 1e-12  # share of the volume
SOON = 1e-6  # s, the shortest span


@compiled
def store(plant: Plant, now: Array, flow: float, inlet: float, dt: float) -> tuple[float, float]:
    """(mean outlet temperature, mean power into the water) over dt; at rest the temperature at the top."""
    left, given, fired = dt, 0.0, 0.0
    if flow == 0 and plant.volume - now[LOW_VOLUME] <= NOTHING * plant.volume:
        now[LOW_VOLUME], now[PLUG] = 0.0, now[LOW]
    while left > 0:
        _settle(plant, now)
        power = plant.most if now[MODE] == ON else 0.0
        span = min(left, max(_event(plant, now, flow, power), SOON))
        given += _pass(plant, now, flow, inlet, power, span)
        fired += power * span
        left -= span
    now[FIRED] += fired
    out = given / dt if flow > 0 else _top(plant, now)
    if flow > 0 and out < plant.warm:
        now[LUKEWARM] += dt
    return out, fired / dt


@compiled
def _top(plant: Plant, now: Array) -> float:
    return now[PLUG] if plant.volume - now[LOW_VOLUME] > NOTHING * plant.volume else now[LOW]


@compiled
def _sensed(plant: Plant, now: Array) -> float:
    """What the thermostat feels."""
    return now[LOW] if now[LOW_VOLUME] >= SENSOR * plant.volume * (1 - NOTHING) else now[PLUG]


@compiled
def _settle(plant: Plant, now: Array) -> None:
    """Warm water rises, and the thermostat switches."""
    low, plug = now[LOW_VOLUME], plant.volume - now[LOW_VOLUME]
    if low > 0 and plug > 0 and now[LOW] >= now[PLUG] - ALIKE:
        now[PLUG] = (low * now[LOW] + plug * now[PLUG]) / plant.volume
        now[LOW_VOLUME] = 0.0
    felt = _sensed(plant, now)
    if now[MODE] == ON and felt >= plant.setting - ALIKE:
        now[MODE] = OFF
    elif now[MODE] != ON and felt <= plant.setting - plant.hysteresis + ALIKE:
        now[MODE] = ON
        now[STARTS] += 1


@compiled
def _event(plant: Plant, now: Array, flow: float, power: float) -> float:
    """Seconds until the plug is gone or the lower part is at the thermostat; at rest, until that switches or both are one."""
    low, plug = now[LOW_VOLUME], plant.volume - now[LOW_VOLUME]
    if flow > 0:
        gone = plug / flow if plug > NOTHING * plant.volume else inf
        rises = (SENSOR * plant.volume - low) / flow
        return min(gone, rises) if rises > 0 else gone
    rate = plant.standby / (plant.volume_heat * plant.volume)
    goal = plant.setting if now[MODE] == ON else plant.setting - plant.hysteresis
    if low <= NOTHING * plant.volume:
        return _reaches(now[PLUG], goal, power / plant.standby, rate)
    ends = power * plant.volume / (plant.standby * low)
    is_low = low >= SENSOR * plant.volume * (1 - NOTHING)
    switches = _reaches(now[LOW], goal, ends, rate) if is_low else _reaches(now[PLUG], goal, 0.0, rate)
    return min(switches, _reaches(now[LOW] - now[PLUG], 0.0, ends, rate))


@compiled
def _reaches(start: float, goal: float, ends: float, rate: float) -> float:
    """Seconds in which a temperature that tends to `ends` passes from start to goal."""
    if start == ends or (goal - ends) / (start - ends) <= 0 or (goal - ends) / (start - ends) >= 1:
        return inf
    return -log((goal - ends) / (start - ends)) / rate


@compiled
def _pass(plant: Plant, now: Array, flow: float, inlet: float, power: float, span: float) -> float:
    """Both parts over one span; returns the integral of the outlet's temperature, K s."""
    low, plug = now[LOW_VOLUME], plant.volume - now[LOW_VOLUME]
    if plug <= NOTHING * plant.volume:
        return _mixed(plant, now, LOW, flow, inlet, power, span)
    if flow == 0 and low <= NOTHING * plant.volume:
        return _mixed(plant, now, PLUG, flow, inlet, power, span)
    rate = plant.standby / (plant.volume_heat * plant.volume)
    left, lasts, warm = exp(-rate * span), -expm1(-rate * span) / rate, now[PLUG]
    content, gains = low * now[LOW], flow * inlet + power / plant.volume_heat  # m3 K, m3 K/s
    held = warm * (plug * lasts - flow * (lasts - span * left) / rate) + content * lasts + gains * (span - lasts) / rate
    now[LOST_HEATER] += plant.standby / plant.volume * held
    now[LOW_VOLUME], now[PLUG] = min(low + flow * span, plant.volume), warm * left
    now[LOW] = (content * left + gains * lasts) / now[LOW_VOLUME]
    return warm * lasts


@compiled
def _mixed(plant: Plant, now: Array, part: int, flow: float, inlet: float, power: float, span: float) -> float:
    """All of the tank as one."""
    through, start = plant.volume_heat * flow + plant.standby, now[part]
    ends, rate = (plant.volume_heat * flow * inlet + power) / through, through / (plant.volume_heat * plant.volume)
    gone = -expm1(-rate * span)
    total = ends * span + (start - ends) * gone / rate
    now[part] = start + (ends - start) * gone
    now[LOST_HEATER] += plant.standby * total
    return total

"""When the pump runs and which valves are open."""

import numpy as np

from core.hotwater.compiled import compiled
from core.hotwater.kernels.arrays import largest, smallest
from core.hotwater.plant import (
    CHECK,
    CLOSINGS,
    DEMAND,
    OPEN_LINK,
    PRESS,
    PUMPED,
    PUMPING,
    SOLENOID,
    THERMOSTAT,
    WINDOW,
    WINDOWS,
    Plant,
)

Array = np.ndarray

OPEN, ASKED = 0, 1  # columns of doors
CLOSE = 1e-9  # s, two times that are one
READ_EVERY = 10.0  # s, of a thermostat at rest


@compiled
def switch_pump(plant: Plant, now: Array, doors: Array, sensed: Array, time: float, presses: Array, windows: Array) -> None:
    """sensed: [C] temperature at the sensor of every link; presses: [k, 2] time and link, -1 for all; windows: [w, 2]."""
    if doors.shape[0] == 0:
        return
    if plant.switching == DEMAND:
        _press(now, doors, time, presses)
        _answer(plant, now, doors, sensed)
        return
    while now[WINDOW] < windows.shape[0] and time >= windows[int(now[WINDOW]), 1] - CLOSE:
        now[WINDOW] += 1
    inside = now[WINDOW] < windows.shape[0] and time >= windows[int(now[WINDOW]), 0] - CLOSE
    doors[:, ASKED] = 1
    if not inside:
        now[PUMPING] = 0
    elif plant.switching == WINDOWS:
        now[PUMPING] = 1
    elif smallest(sensed) >= plant.stops_above:
        now[PUMPING] = 0
    elif smallest(sensed) <= plant.starts_below:
        now[PUMPING] = 1


@compiled
def _press(now: Array, doors: Array, time: float, presses: Array) -> None:
    while now[PRESS] < presses.shape[0] and time >= presses[int(now[PRESS]), 0] - CLOSE:
        link = int(presses[int(now[PRESS]), 1])
        if link < 0:
            doors[:, ASKED] = 1
        else:
            doors[link, ASKED] = 1
        now[PUMPING], now[PUMPED] = 1, 0
        now[PRESS] += 1


@compiled
def _answer(plant: Plant, now: Array, doors: Array, sensed: Array) -> None:
    """What the sensors and the relay have to say."""
    for c in range(doors.shape[0]):
        if sensed[c] >= plant.stops_above:
            doors[c, ASKED] = 0
    if largest(doors[:, ASKED]) == 0 or now[PUMPED] >= plant.longest:
        now[PUMPING] = 0
        doors[:, ASKED] = 0


@compiled
def switch_valves(plant: Plant, now: Array, doors: Array, joints: Array) -> None:
    """joints: [C] temperature of the water at every valve."""
    for c in range(doors.shape[0]):
        before = doors[c, OPEN]
        doors[c, OPEN] = _is_open(plant, now, before, doors[c, ASKED], joints[c])
        now[CLOSINGS] += before > doors[c, OPEN]
    if plant.flow_sensor and now[PUMPING] == 1 and largest(doors[:, OPEN]) == 0:
        now[PUMPING] = 0


@compiled
def _is_open(plant: Plant, now: Array, before: float, asked: float, joint: float) -> float:
    """A valve that knows the temperature closes when it is warm and opens when it is cooler by some degrees."""
    if plant.link in (OPEN_LINK, CHECK):
        return 1.0
    if plant.link == SOLENOID and (now[PUMPING] == 0 or asked == 0):
        return 0.0
    if joint >= plant.closes:
        return 0.0
    return 1.0 if joint <= plant.reopens or (plant.link == SOLENOID and now[PUMPED] == 0) else before


@compiled
def patience(plant: Plant, now: Array, time: float, presses: Array, windows: Array) -> float:
    """Seconds until the next press or the next end of a window; or until the thermostat is read again."""
    if plant.switching == DEMAND:
        return presses[int(now[PRESS]), 0] - time if now[PRESS] < presses.shape[0] else 1e12
    soon = 1e12
    if now[WINDOW] < windows.shape[0]:
        begins, ends = windows[int(now[WINDOW])]
        soon = begins - time if time < begins - CLOSE else ends - time
    return min(soon, READ_EVERY) if plant.switching == THERMOSTAT and now[PUMPING] == 0 else soon

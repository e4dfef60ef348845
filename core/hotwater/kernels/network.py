"""All lines together, step by step: who flows where, what meets at the joints, what is drawn, lost and fired."""

import numpy as np

from core.hotwater.compiled import compiled
from core.hotwater.kernels.control import loop_flow, patience, switch_pump, switch_valve
from core.hotwater.kernels.heater import heat
from core.hotwater.kernels.line import exchange, exchange_over, leaving, shift
from core.hotwater.plant import (
    COLD,
    COLD_WARM,
    DRAW,
    DRAWN,
    HOT,
    LAST,
    LAST_TIME,
    LOST_HOT,
    MODE,
    NO_LINK,
    OPEN_LINK,
    PUMP_HEAT,
    PUMP_TIME,
    PUMPED,
    PUMPING,
    REACHED,
    RETURN,
    VALVE,
    VOLUME,
    Plant,
)

Array = np.ndarray

HOLD = 3.0  # s for which the tap must stay warm
FULLEST = 0.8  # of a line that one step may move
CLOSE = 1e-9  # s, two times that are one


@compiled
def advance(
    plant: Plant, films: Array, water: Array, wall: Array, now: Array, draws: Array, waits: Array, span: Array, log: Array
) -> int:
    """From span[0] to span[1] in steps of at most span[2] seconds; everything in place. Returns the rows written to the log.

    films: [2, k] flows [m3/s] and what the film passes on at them [W/(m K)]; water, wall: [3, n] degrees above the room;
    draws: [m, 7] start, end, flow, 1 where the cold tap is opened, part of it that comes along the hot line where the valve
    lets it, time of the press ahead, seconds of use once it is warm (0: it ends when it ends); waits: [m, 2] seconds until warm
    (-1: never) and m3 run until then; log: [rows, 10] of plant.LOG, or empty.
    """
    time, rows, room, back = span[0], 0, np.empty(water.shape[1]), np.empty(water.shape[1])
    while time < span[1] - CLOSE:
        draw = int(now[DRAW])
        while draw < draws.shape[0] and time >= draws[draw, 1] - CLOSE:
            draw += 1
            now[DRAW], now[REACHED] = draw, -1
        probe = water[RETURN, -1] if plant.link == OPEN_LINK and not plant.into_cold else water[HOT, -1]
        pressed = draw < draws.shape[0] and time >= draws[draw, 5] - CLOSE
        switch_pump(plant, now, time, probe, draw, pressed)
        switch_valve(plant, now, water[HOT, -1])
        ends, hot, cold, along = _draw(draws, draw, time, span[1])
        loop = loop_flow(plant, now, along)
        flows = (hot + loop, 0.0 if plant.into_cold else loop, cold - loop if plant.into_cold else cold)
        dt = _step(plant, now, flows, time, ends, span[2], water.shape[1])
        tap, cold_tap, out, power = _move(plant, films, water, wall, now, flows, (hot, cold, loop), dt, room, back)
        time += dt
        now[PUMPED] += dt * now[PUMPING]
        now[PUMP_TIME] += dt * now[PUMPING]
        if hot > 0:
            _wait(plant, now, draws[draw], waits[draw], tap, time, dt)
        if cold > 0 and cold_tap > plant.too_warm:
            now[COLD_WARM] += dt
        if rows < log.shape[0]:
            log[rows] = (time, tap, cold_tap, out, power, now[MODE], flows[0], loop, now[PUMPING], now[VALVE])
            rows += 1
    return rows


@compiled
def _draw(draws: Array, draw: int, time: float, end: float) -> tuple[float, float, float, float]:
    """Until when nothing changes at the taps; flow at the hot and at the cold tap, and what of that may come the hot way."""
    if draw >= draws.shape[0]:
        return end, 0.0, 0.0, 0.0
    start, stop, flow, is_cold, along, press, _ = draws[draw]
    if time >= start - CLOSE:
        return min(end, stop), flow * (1 - is_cold), flow * is_cold, along
    return min(end, start if time >= press - CLOSE else min(press, start)), 0.0, 0.0, 0.0


@compiled
def _step(
    plant: Plant, now: Array, flows: tuple[float, float, float], time: float, ends: float, longest: float, cells: int
) -> float:
    """Seconds until the next change, at most `longest` while something flows."""
    fastest, soon = max(flows[0], flows[1], abs(flows[2])), min(ends - time, max(patience(plant, now, time), CLOSE))
    if fastest == 0:
        return min(soon, longest) if now[PUMPING] == 1 else soon
    return min(soon, longest, FULLEST * cells * plant.cell / fastest)


@compiled
def _move(
    plant: Plant,
    films: Array,
    water: Array,
    wall: Array,
    now: Array,
    flows: tuple[float, float, float],
    taps: tuple[float, float, float],
    dt: float,
    room: Array,
    back: Array,
) -> tuple[float, float, float, float]:
    """One step: half of the exchange, everything that flows, the other half.

    taps: at the hot tap, at the cold tap, through the valve, m3/s. Returns the mean temperature of the hot end and of what
    the cold tap gives, of the heater's outlet, and the burner's mean power.
    """
    _exchange(plant, films, water, wall, now, flows, dt / 2)
    inlet, cold_inlet = _mixed(plant, water, now, flows, taps[2], dt, back)
    out, power = heat(plant, now, flows[0], inlet, dt)
    per_cell = dt / plant.cell
    joint = water[HOT, -1]
    if flows[0] > 0:
        joint = shift(water[HOT], room, flows[0] * per_cell, out) / (flows[0] * per_cell)
        now[VOLUME] += flows[0] * dt
    if flows[1] > 0:
        shift(water[RETURN], room, flows[1] * per_cell, joint)
    cold_tap = _shift_cold(water[COLD], room, back, flows[2] * per_cell, cold_inlet, joint)
    if taps[1] > 0 and plant.into_cold:
        cold_tap = (max(flows[2], 0.0) * cold_tap + min(taps[2], taps[1]) * joint) / taps[1]
    drawn = taps[0] * (joint - plant.mains) + taps[1] * (cold_tap - plant.mains)
    now[DRAWN] += plant.volume_heat * drawn * dt
    _exchange(plant, films, water, wall, now, flows, dt / 2)
    return joint, cold_tap, out, power


@compiled
def _mixed(
    plant: Plant, water: Array, now: Array, flows: tuple[float, float, float], loop: float, dt: float, back: Array
) -> tuple[float, float]:
    """Temperatures at the heater's inlet and at the start of the cold line, where mains and what comes back meet."""
    through, comes_back = flows[0], (flows[1] if not plant.into_cold else max(-flows[2], 0.0))
    if through == 0:
        return plant.mains, plant.mains
    inlet, cold_inlet = plant.mains, plant.mains
    if comes_back > 0:
        back[:] = water[RETURN] if not plant.into_cold else water[COLD, ::-1]
        cells = comes_back * dt / plant.cell
        warm = leaving(back, cells) / cells
        together = through + max(flows[2], 0.0) if plant.shared else through
        inlet = plant.mains + (warm - plant.mains) * comes_back / together
        if plant.shared:
            cold_inlet = inlet
    if now[PUMPING] == 1 and loop > 0:
        now[PUMP_HEAT] += plant.pump_heat * dt
        inlet += plant.pump_heat / (plant.volume_heat * through)
    return inlet, cold_inlet


@compiled
def _shift_cold(cold: Array, room: Array, back: Array, cells: float, inlet: float, joint: float) -> float:
    """The cold line, either way; returns the mean temperature of its end at the tap."""
    if cells > 0:
        return shift(cold, room, cells, inlet) / cells
    if cells < 0:
        back[:] = cold[::-1]
        shift(back, room, -cells, joint)
        cold[:] = back[::-1]
    return cold[-1]


@compiled
def _exchange(
    plant: Plant, films: Array, water: Array, wall: Array, now: Array, flows: tuple[float, float, float], dt: float
) -> None:
    """Water and wall of every line there is."""
    for k in range(3):
        if k == RETURN and (plant.link == NO_LINK or plant.into_cold):
            continue
        g = np.interp(abs(flows[k]), films[0], films[1])
        m = exchange_over(plant.cf, plant.cw, g, plant.r, dt)
        now[LOST_HOT + k] += exchange(water[k], wall[k], m, plant.dx)


@compiled
def _wait(plant: Plant, now: Array, draw: Array, wait: Array, tap: float, time: float, dt: float) -> None:
    """Notes when the tap became warm, once it has stayed so; between the middles of two steps by a straight line."""
    middle, since = time - dt / 2 - draw[0], time - draw[0]
    if tap < plant.use:
        now[REACHED] = -1
    elif now[REACHED] < 0:
        last = now[LAST_TIME] - draw[0]
        rise = (plant.use - now[LAST]) / (tap - now[LAST]) if last > 0 else 0.0
        now[REACHED] = last + rise * (middle - last) if last > 0 else 0.0
    if wait[0] < 0 and now[REACHED] >= 0 and since - now[REACHED] >= HOLD:
        wait[0], wait[1] = now[REACHED], now[REACHED] * draw[2]
        if draw[6] > 0:
            draw[1] = max(time, draw[0] + wait[0] + draw[6])
    now[LAST], now[LAST_TIME] = tap, time - dt / 2

"""All pipes together, step by step: who flows where, what meets at the joints, what is drawn, lost and fired."""

from math import floor
from typing import NamedTuple

import numpy as np

from core.hotwater.compiled import allocating, compiled, inlined
from core.hotwater.kernels.arrays import copy, copy_reversed, largest, total
from core.hotwater.kernels.control import OPEN, patience, switch_pump, switch_valves
from core.hotwater.kernels.draws import note, open_now
from core.hotwater.kernels.flows import solve_links
from core.hotwater.kernels.joints import BACKWARDS, WARMTH, meet, stand
from core.hotwater.kernels.line import PAD, last_parts, lay, settle
from core.hotwater.kernels.owing import OVER, OWED, RATES, exchange_moving, exchange_read
from core.hotwater.net import CELL, Net
from core.hotwater.plant import (
    COLD_WARM,
    DRAWN,
    FILTER_HOT,
    MODE,
    OPEN_LINK,
    PUMP_TIME,
    PUMPED,
    PUMPING,
    VOLUME,
    Plant,
)

Array = np.ndarray

MARGIN = 4  # cells of a pipe that no step moves
SOON = 1e-9  # s, two times that are one
KNOWN = 64  # states of valves and taps whose flows are remembered
COLUMNS = 7  # of the log before the outlets


class Held(NamedTuple):
    """What a run changes, in place."""

    water: Array  # [cells] degrees above the room
    wall: Array  # [cells] the same
    now: Array  # [PLACES]
    doors: Array  # [C, 2] open, asked for
    flows: Array  # [E] m3/s of the last step


class Asked(NamedTuple):
    """Who draws and who presses; what the draws got is written to `found`, where they are to `turn`."""

    draws: Array  # [D, 7], see draws.py
    found: Array  # [D, 10], see draws.py
    turn: Array  # [O, 2] the draw that an outlet has or waits for, and the one after its last
    presses: Array  # [k, 2] s and link, -1 for all
    windows: Array  # [w, 2] s in which the pump may run


class Work(NamedTuple):
    """Scratch of a run, made once: a step makes no array."""

    demand: Array  # [O] m3/s
    links: Array  # [C] m3/s
    joints: Array  # [C] degrees at every valve
    sensed: Array  # [C] degrees at the sensor of every link
    nodes: Array  # [3, N], see joints.py
    cells: Array  # [5, cells and four a pipe]
    rates: Array  # [P, RATES]
    owed: Array  # [P, OWED]
    read: Array  # [P] bool, whether somebody reads the ends of a pipe between two steps
    known: Array  # [KNOWN, O + C + 1] taps, doors and pump whose flows were found
    solved: Array  # [KNOWN, C]
    state: Array  # [O + C + 1] taps, doors and pump that flows hold for
    solver: Array  # [C + 2, C]


@allocating
def advance(plant: Plant, net: Net, held: Held, asked: Asked, span: Array, log: Array) -> int:
    """From span[0] to span[1]: steps of at most span[2] seconds while a tap is open, span[3] while the pump runs alone.

    Returns the rows written to the log, [rows, 7 + O] of plant.LOG.
    """
    pipes, outlets, links = net.family.size, asked.turn.shape[0], held.doors.shape[0]
    work = Work(
        np.zeros(outlets), np.zeros(links), np.zeros(links), np.zeros(links), np.zeros((3, net.nodes)),
        np.zeros((5, held.water.size + 2 * PAD * pipes)), np.zeros((pipes, RATES)), np.zeros((pipes, OWED)),
        np.zeros(pipes, np.bool_), np.zeros((KNOWN, outlets + links + 1)), np.zeros((KNOWN, links)),
        np.full(outlets + links + 1, -1.0), np.empty((links + 2, links)),
    )  # fmt: skip
    work.rates[:, OVER] = -1.0
    _mark_read(plant, net, log.shape[0] > 0, work.read)
    return _steps(plant, net, held, asked, work, span, log)


@compiled
def _steps(plant: Plant, net: Net, held: Held, asked: Asked, work: Work, span: Array, log: Array) -> int:
    """All of them."""
    water, wall, now, doors, flows = held.water, held.wall, held.now, held.doors, held.flows
    draws, found, turn = asked.draws, asked.found, asked.turn
    presses, windows = asked.presses, asked.windows
    demand, links, nodes, rates, owed = work.demand, work.links, work.nodes, work.rates, work.owed
    time, rows, drawn, count = span[0], 0, 0.0, 0
    while time < span[1] - SOON:
        soon = min(open_now(draws, found, turn, time, demand), span[1])
        stand(net, water, plant.mains, nodes[WARMTH])
        _sense(plant, net, water, nodes[WARMTH], work.joints, work.sensed)
        switch_pump(plant, now, doors, work.sensed, time, presses, windows)
        switch_valves(plant, now, doors, work.joints)
        if not _same(work.state, demand, doors, now[PUMPING]):
            _note_state(work.state, demand, doors, now[PUMPING])
            count = _through_links(plant, net, now, doors, flows, work, count)
            drawn = _flow(net, demand, links, flows)
        longest = span[2] if drawn > 0 else span[3]
        dt = _step(net, now, flows, min(soon - time, patience(plant, now, time, presses, windows)), longest)
        exchange_moving(net, water, wall, now, flows, rates, owed, dt / 2)
        out, power = meet(plant, net, water, now, flows, links, drawn, nodes, work.cells, dt)
        _shift(net, water, flows, nodes[WARMTH], work.cells, dt)
        exchange_read(net, water, wall, now, work.read, rates, owed, dt / 2)
        time += dt
        now[PUMPED] += dt * now[PUMPING]
        now[PUMP_TIME] += dt * now[PUMPING]
        _serve(plant, net, now, draws, found, turn, demand, nodes[WARMTH], time, dt)
        if rows < log.shape[0]:
            _write(log[rows], net, now, nodes[WARMTH], time, out, power, flows[net.family.size], links)
            rows += 1
    work.read[:] = True
    exchange_read(net, water, wall, now, work.read, rates, owed, 0.0)
    return rows


@inlined
def _write(
    row: Array, net: Net, now: Array, warmth: Array, time: float, out: float, power: float, flow: float, links: Array
) -> None:
    """One row of the log."""
    row[0], row[1], row[2], row[3], row[4], row[5], row[6] = time, out, power, now[MODE], flow, total(links), now[PUMPING]
    for o in range(net.outlets.shape[0]):
        row[COLUMNS + o] = warmth[net.outlets[o, 0]]


@inlined
def _flow(net: Net, demand: Array, links: Array, flows: Array) -> float:
    """Fills flows [E] from what is drawn and what passes the links; returns what is drawn in all, m3/s."""
    for e in range(flows.size):
        flows[e] = 0.0
        for o in range(demand.size):
            flows[e] += net.demands[e, o] * demand[o]
        for c in range(links.size):
            flows[e] += net.loops[e, c] * links[c]
    return total(demand)


@inlined
def _sense(plant: Plant, net: Net, water: Array, warmth: Array, joints: Array, sensed: Array) -> None:
    """What the valves feel, and what the pump's sensor does."""
    for c in range(sensed.size):
        joints[c] = sensed[c] = warmth[net.links[c, 0]]
        if plant.link == OPEN_LINK:
            sensed[c] = water[net.first[net.probe + 1] - 1]


@compiled
def _mark_read(plant: Plant, net: Net, logs: bool, read: Array) -> None:
    """Sensors, the filter's tap and the log read the ends of pipes."""
    read[:] = logs
    for p in range(net.family.size):
        for c in range(net.links.shape[0]):
            if net.ends[p, 0] == net.links[c, 0] or net.ends[p, 1] == net.links[c, 0] or p == net.probe:
                read[p] = True
        if plant.filter_at >= 0 and net.ends[p, 1] == net.outlets[int(plant.filter_at), 0]:
            read[p] = True


@compiled
def _through_links(plant: Plant, net: Net, now: Array, doors: Array, base: Array, work: Work, count: int) -> int:
    """m3/s through every link; what was found for the same taps, valves and pump is remembered. base: [E], scratch."""
    demand, links = work.demand, work.links
    links[:] = 0.0
    if links.size == 0 or largest(doors[:, OPEN]) == 0:
        return count
    for k in range(min(count, KNOWN)):
        if _same(work.known[k], demand, doors, now[PUMPING]):
            copy(links, work.solved[k])
            return count
    head = plant.pump_head if now[PUMPING] == 1 else 0.0
    _flow(net, demand, links, base)
    solve_links(net.drag, net.loops, base, doors[:, OPEN], plant.opening, net.pump, head, plant.pump_most, links, work.solver)
    place = count % KNOWN
    _note_state(work.known[place], demand, doors, now[PUMPING])
    copy(work.solved[place], links)
    return count + 1


@inlined
def _same(row: Array, demand: Array, doors: Array, pumping: float) -> bool:
    outlets = demand.size
    for o in range(outlets):
        if row[o] != demand[o]:
            return False
    for c in range(doors.shape[0]):
        if row[outlets + c] != doors[c, OPEN]:
            return False
    return row[row.size - 1] == pumping


@inlined
def _step(net: Net, now: Array, flows: Array, soon: float, longest: float) -> float:
    """Seconds until the next change; while something flows at most `longest`, and no pipe is emptied at once."""
    dt, flowing = max(soon, SOON), now[PUMPING] == 1
    for p in range(net.family.size):
        if flows[p] != 0:
            flowing = True
            dt = min(dt, (net.first[p + 1] - net.first[p] - MARGIN) * net.pipe[p, CELL] / abs(flows[p]))
    return min(dt, longest) if flowing or flows[net.family.size] > 0 else dt


@inlined
def _note_state(state: Array, demand: Array, doors: Array, pumping: float) -> None:
    """Taps, doors and pump as _same compares them."""
    copy(state, demand)
    copy(state[demand.size :], doors[:, OPEN])
    state[state.size - 1] = pumping


@inlined
def _shift(net: Net, water: Array, flows: Array, warmth: Array, scratch: Array, dt: float) -> None:
    """Every pipe moves on, either way; what enters is as warm as the node it comes from.

    Those that move are laid out one behind the other, so that short ones are worked on as fast as long ones.
    """
    end = 0
    for p in range(net.family.size):
        if flows[p] == 0:
            continue
        moved, enters = abs(flows[p]) * dt / net.pipe[p, CELL], warmth[net.ends[p, 0 if flows[p] > 0 else 1]]
        end = lay(scratch, end, _along(net, water, flows, scratch, p), moved - floor(moved), enters)
    last_parts(scratch, end)
    end = 0
    for p in range(net.family.size):
        if flows[p] == 0:
            continue
        a, b = net.first[p], net.first[p + 1]
        moved, enters = abs(flows[p]) * dt / net.pipe[p, CELL], warmth[net.ends[p, 0 if flows[p] > 0 else 1]]
        line = water[a:b] if flows[p] > 0 else scratch[BACKWARDS, a:b]
        settle(line, scratch, end, moved, enters)
        if flows[p] < 0:
            copy_reversed(water[a:b], line)
        end += b - a + 2 * PAD


@inlined
def _along(net: Net, water: Array, flows: Array, scratch: Array, p: int) -> Array:
    """The cells of a pipe in the order in which its water passes them; written to scratch if that is backwards."""
    a, b = net.first[p], net.first[p + 1]
    if flows[p] > 0:
        return water[a:b]
    copy_reversed(scratch[BACKWARDS, a:b], water[a:b])
    return scratch[BACKWARDS, a:b]


@inlined
def _serve(
    plant: Plant,
    net: Net,
    now: Array,
    draws: Array,
    found: Array,
    turn: Array,
    demand: Array,
    warmth: Array,
    time: float,
    dt: float,
) -> None:
    """What the taps gave in one step."""
    now[VOLUME] += total(demand) * dt
    for o in range(demand.size):
        tap = warmth[net.outlets[o, 0]]
        if o == plant.filter_at and tap > plant.filter_hot:
            now[FILTER_HOT] += dt
        if demand[o] == 0:
            continue
        heat_ = plant.volume_heat * demand[o] * (tap - plant.mains) * dt
        now[DRAWN] += heat_
        note(draws[turn[o, 0]], found[turn[o, 0]], tap, time, dt, heat_)
        if net.outlets[o, 1] == 1 and tap > plant.too_warm:
            now[COLD_WARM] += dt

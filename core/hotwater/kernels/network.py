"""All pipes together, step by step: who flows where, what meets at the joints, what is drawn, lost and fired."""

import numpy as np

from core.hotwater.compiled import compiled, inlined
from core.hotwater.kernels.control import OPEN, patience, switch_pump, switch_valves
from core.hotwater.kernels.draws import note, open_now
from core.hotwater.kernels.flows import link_flows
from core.hotwater.kernels.joints import WARMTH, meet, stand
from core.hotwater.kernels.line import PAD, exchange, exchange_over, shift
from core.hotwater.net import CELL, CF, CW, DX, Net, R
from core.hotwater.plant import (
    COLD_WARM,
    DRAWN,
    FILTER_HOT,
    LOST_HOT,
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
SECONDS, FLOW, OWED = 0, 1, 2  # of exchange that a pipe still owes, and at which flow, m3/s
AT, OVER, RATES = 6, 7, 8  # behind the six numbers of an exchange: at which flow and over how many seconds


@compiled
def advance(
    plant: Plant,
    net: Net,
    water: Array,
    wall: Array,
    now: Array,
    doors: Array,
    flows: Array,
    draws: Array,
    found: Array,
    turn: Array,
    presses: Array,
    windows: Array,
    span: Array,
    log: Array,
) -> int:
    """From span[0] to span[1]: steps of at most span[2] seconds while a tap is open, span[3] while the pump runs alone.

    Everything is changed in place; returns the rows written to the log. water, wall: [cells] degrees above the room; doors:
    [C, 2] open, asked for; flows: [E] m3/s of the last step; draws: [D, 7], found: [D, 10], see draws.py; turn: [O, 2] the draw
    that an outlet has or waits for, and the one after its last; presses: [k, 2] s and link, -1 for all; windows: [w, 2] s;
    log: [rows, 7 + O] of plant.LOG.
    """
    pipes, count = net.family.size, 0
    time, rows, drawn, demand = span[0], 0, 0.0, np.zeros(turn.shape[0])
    nodes, sensed, scratch = np.zeros((3, net.nodes)), np.zeros(doors.shape[0]), np.empty((4, water.size + 2 * PAD))
    rates, owed = np.zeros((pipes, RATES)), np.zeros((pipes, OWED))
    rates[:, OVER] = -1.0
    read = _read(plant, net, log.shape[0] > 0)
    known, solved = np.zeros((KNOWN, demand.size + sensed.size + 1)), np.zeros((KNOWN, sensed.size))
    links, state = np.zeros(sensed.size), np.full(known.shape[1], -1.0)
    joints = np.zeros(sensed.size)
    while time < span[1] - SOON:
        soon = min(open_now(draws, found, turn, time, demand), span[1])
        stand(net, water, plant.mains, nodes[WARMTH])
        _sense(plant, net, water, nodes[WARMTH], joints, sensed)
        switch_pump(plant, now, doors, sensed, time, presses, windows)
        switch_valves(plant, now, doors, joints)
        if not _same(state, demand, doors, now[PUMPING]):
            _note_state(state, demand, doors, now[PUMPING])
            links, count = _through_links(plant, net, now, doors, demand, known, solved, count)
            flows[:] = net.demands @ demand + net.loops @ links
            drawn = demand.sum()
        longest = span[2] if drawn > 0 else span[3]
        dt = _step(net, now, flows, min(soon - time, patience(plant, now, time, presses, windows)), longest)
        _exchange_moving(net, water, wall, now, flows, rates, owed, dt / 2)
        out, power = meet(plant, net, water, now, flows, links, drawn, nodes, scratch, dt)
        _shift(net, water, flows, nodes[WARMTH], scratch, dt)
        owed[:, SECONDS] += dt / 2
        _exchange_read(net, water, wall, now, read, rates, owed)
        time += dt
        now[PUMPED] += dt * now[PUMPING]
        now[PUMP_TIME] += dt * now[PUMPING]
        _serve(plant, net, now, draws, found, turn, demand, nodes[WARMTH], time, dt)
        if rows < log.shape[0]:
            log[rows, :COLUMNS] = np.array([time, out, power, now[MODE], flows[pipes], links.sum(), now[PUMPING]])
            log[rows, COLUMNS:] = nodes[WARMTH][net.outlets[:, 0]]
            rows += 1
    read[:] = True
    _exchange_read(net, water, wall, now, read, rates, owed)
    return rows


@inlined
def _sense(plant: Plant, net: Net, water: Array, warmth: Array, joints: Array, sensed: Array) -> None:
    """What the valves feel, and what the pump's sensor does."""
    for c in range(sensed.size):
        joints[c] = sensed[c] = warmth[net.links[c, 0]]
        if plant.link == OPEN_LINK:
            sensed[c] = water[net.first[net.probe + 1] - 1]


@compiled
def _read(plant: Plant, net: Net, logs: bool) -> Array:
    """[pipes] bool, whether somebody reads the ends of a pipe between two steps: sensors, the filter's, the log."""
    read = np.full(net.family.size, logs)
    for p in range(net.family.size):
        for c in range(net.links.shape[0]):
            if net.ends[p, 0] == net.links[c, 0] or net.ends[p, 1] == net.links[c, 0] or p == net.probe:
                read[p] = True
        if plant.filter_at >= 0 and net.ends[p, 1] == net.outlets[int(plant.filter_at), 0]:
            read[p] = True
    return read


@compiled
def _through_links(
    plant: Plant, net: Net, now: Array, doors: Array, demand: Array, known: Array, solved: Array, count: int
) -> tuple[Array, int]:
    """m3/s through every link; what was found for the same taps, valves and pump is remembered."""
    links, outlets = doors.shape[0], demand.size
    if links == 0 or doors[:, OPEN].max() == 0:
        return np.zeros(links), count
    for k in range(count):
        if _same(known[k], demand, doors, now[PUMPING]):
            return solved[k].copy(), count
    head = plant.pump_head if now[PUMPING] == 1 else 0.0
    base = net.demands @ demand
    found = link_flows(net.drag, net.loops, base, doors[:, OPEN].copy(), plant.opening, net.pump, head, plant.pump_most)
    place = count % KNOWN
    known[place, :outlets], known[place, outlets:-1], known[place, -1] = demand, doors[:, OPEN], now[PUMPING]
    solved[place] = found
    return found, min(count + 1, KNOWN)


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
def _exchange(net: Net, water: Array, wall: Array, now: Array, rates: Array, owed: Array, p: int) -> None:
    """Water and wall of a pipe over the seconds that are owed, at the flow they were owed for.

    Two halves of the exchange that follow each other are one of both, exactly; a pipe at rest that nobody reads waits for more.
    """
    seconds, flow, m = owed[p, SECONDS], owed[p, FLOW], rates[p]
    if seconds == 0:
        return
    owed[p, SECONDS] = 0.0
    if m[AT] != flow or m[OVER] != seconds:
        films, pipe = net.films[net.kind[p]], net.pipe[p]
        g = np.interp(abs(flow), films[0], films[1])
        m[0], m[1], m[2], m[3], m[4], m[5] = exchange_over(pipe[CF], pipe[CW], g, pipe[R], seconds)
        m[AT], m[OVER] = flow, seconds
    a, b = net.first[p], net.first[p + 1]
    now[LOST_HOT + net.family[p]] += exchange(water[a:b], wall[a:b], (m[0], m[1], m[2], m[3], m[4], m[5]), net.pipe[p, DX])


@inlined
def _exchange_moving(
    net: Net, water: Array, wall: Array, now: Array, flows: Array, rates: Array, owed: Array, seconds: float
) -> None:
    """So many seconds more are owed; paid at once by pipes that move, and before that by those whose flow has changed."""
    for p in range(net.family.size):
        if owed[p, FLOW] != flows[p]:
            _exchange(net, water, wall, now, rates, owed, p)
            owed[p, FLOW] = flows[p]
        owed[p, SECONDS] += seconds
        if flows[p] != 0:
            _exchange(net, water, wall, now, rates, owed, p)


@inlined
def _exchange_read(net: Net, water: Array, wall: Array, now: Array, read: Array, rates: Array, owed: Array) -> None:
    """Paid by the pipes that somebody reads."""
    for p in range(net.family.size):
        if read[p]:
            _exchange(net, water, wall, now, rates, owed, p)


@inlined
def _note_state(state: Array, demand: Array, doors: Array, pumping: float) -> None:
    """Taps, doors and pump as _same compares them."""
    state[: demand.size], state[demand.size : -1], state[-1] = demand, doors[:, OPEN], pumping


@inlined
def _shift(net: Net, water: Array, flows: Array, warmth: Array, scratch: Array, dt: float) -> None:
    """Every pipe moves on, either way; what enters is as warm as the node it comes from."""
    for p in range(net.family.size):
        a, b, moved = net.first[p], net.first[p + 1], flows[p] * dt / net.pipe[p, CELL]
        line, work, back = water[a:b], scratch[:3], scratch[3, a:b]
        if moved > 0:
            shift(line, work, moved, warmth[net.ends[p, 0]])
        elif moved < 0:
            back[:] = line[::-1]
            shift(back, work, -moved, warmth[net.ends[p, 1]])
            line[:] = back[::-1]


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
    now[VOLUME] += demand.sum() * dt
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

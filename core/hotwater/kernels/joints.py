"""Where pipes meet: streams mix at once, in the order in which water passes the joints."""

from math import floor

import numpy as np

from core.hotwater.compiled import inlined
from core.hotwater.kernels.arrays import copy_reversed, total
from core.hotwater.kernels.heater import heat
from core.hotwater.kernels.line import leaving
from core.hotwater.net import CELL, MAINS, RETURN, Net
from core.hotwater.plant import PUMP_HEAT, PUMPING, Plant

Array = np.ndarray

NEAR = 4  # cells more than leave a pipe that decide what leaves it
BACKWARDS = 4  # row of the scratch: a pipe whose water runs from its end
HEAT_IN, WATER_IN, WARMTH = 0, 1, 2  # rows of nodes: m3 K/s, m3/s, degrees above the room


@inlined
def stand(net: Net, water: Array, mains: float, warmth: Array) -> None:
    """Fills warmth [N]: every joint is as warm as the end of the pipe that feeds it."""
    warmth[MAINS] = warmth[net.inlet] = mains
    for p in range(net.family.size):
        if net.family[p] == RETURN:
            warmth[net.ends[p, 0]] = water[net.first[p]]
        else:
            warmth[net.ends[p, 1]] = water[net.first[p + 1] - 1]


@inlined
def meet(
    plant: Plant,
    net: Net,
    water: Array,
    now: Array,
    flows: Array,
    links: Array,
    drawn: float,
    nodes: Array,
    scratch: Array,
    dt: float,
) -> tuple[float, float]:
    """Sets the warmth of every joint that water passes; runs the heater. Returns its outlet and the burner's mean power."""
    nodes[HEAT_IN], nodes[WATER_IN] = 0.0, 0.0
    _add(nodes, MAINS, plant.mains, drawn)
    _arrive(net, water, flows, nodes, scratch, dt)
    out, power = _through_heater(plant, net, now, flows[flows.size - 1], total(links), nodes, dt)
    for c in range(links.size):
        hot, other = net.links[c]
        if links[c] > 0:
            _add(nodes, other, nodes[HEAT_IN, hot] / nodes[WATER_IN, hot], links[c])
    for n in range(nodes.shape[1]):
        if nodes[WATER_IN, n] > 0:
            nodes[WARMTH, n] = nodes[HEAT_IN, n] / nodes[WATER_IN, n]
    return out, power


@inlined
def _add(nodes: Array, node: int, warmth: float, flow: float) -> None:
    nodes[HEAT_IN, node] += warmth * flow
    nodes[WATER_IN, node] += flow


@inlined
def _arrive(net: Net, water: Array, flows: Array, nodes: Array, scratch: Array, dt: float) -> None:
    """What every pipe pushes out in this step, at the joint where it ends."""
    for p in range(net.family.size):
        if flows[p] == 0:
            continue
        line, cell = water[net.first[p] : net.first[p + 1]], net.pipe[p, CELL]
        moved, node = abs(flows[p]) * dt / cell, net.ends[p, 1]
        if flows[p] < 0:
            last = line[: floor(moved) + NEAR]
            line, node = scratch[BACKWARDS, : last.size], net.ends[p, 0]
            copy_reversed(line, last)
        nodes[HEAT_IN, node] += leaving(line, moved) * cell / dt
        nodes[WATER_IN, node] += abs(flows[p])


@inlined
def _through_heater(
    plant: Plant, net: Net, now: Array, flow: float, loop: float, nodes: Array, dt: float
) -> tuple[float, float]:
    """Mains water joins what comes back; the pump's work warms it on its way in."""
    if flow <= 0:
        return heat(plant, now, 0.0, plant.mains, dt)
    if net.inlet != MAINS:
        _add(nodes, net.inlet, plant.mains, max(flow - nodes[WATER_IN, net.inlet], 0.0))
    inlet = nodes[HEAT_IN, net.inlet] / nodes[WATER_IN, net.inlet]
    if now[PUMPING] == 1 and loop > 0:
        now[PUMP_HEAT] += plant.pump_heat * dt
        inlet += plant.pump_heat / (plant.volume_heat * flow)
    out, power = heat(plant, now, flow, inlet, dt)
    _add(nodes, net.outlet, out, flow)
    return out, power

"""Pipes, joints and links as a tree with chords, for the inner loops.

The tree hangs on the mains: its pipes, the heater, and where one stands between mains and heater a check valve. What closes
a loop is a chord: a valve from the hot side to a return line or to the cold side, open one way. Flows of the chords are the
unknowns; everything else follows from them and from what is drawn by adding up, so that no water is lost.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from core.hotwater.hydraulics import HEATER_DROP
from core.hotwater.pipes import Pipe
from core.hotwater.water import LITRE

Array = np.ndarray

HOT, RETURN, COLD = 0, 1, 2  # families of pipes
MAINS = 0  # the first node
CF, CW, R, DX, CELL, DRAG = range(6)  # columns of Net.pipe: J/(m K) twice, m K/W, m, m3, Pa over (m3/s)^1.75
FEWEST = 10  # cells of a pipe
TABLED = 60 * LITRE  # m3/s up to which a film is tabled


@dataclass(frozen=True)
class Run:
    """One pipe from node to node, as water flows when a tap is open."""

    start: int
    end: int
    tube: Pipe
    length: float  # m
    cells: int
    family: int


@dataclass(frozen=True)
class Piping:
    """Nodes count up from the mains, 0, and the heater's inlet; a node comes after the one that feeds it.

    inlet, outlet: nodes at the heater; they are fed by the mains through a check valve, or inlet is the mains' own node.
    runs: of the hot side, then of the return line, then of the cold side. links: (hot node, return or cold node).
    outlets: (node, 1 where it is a cold one). pump: number of the run that it pushes along, -1: it stands at the heater.
    """

    inlet: int
    outlet: int
    runs: tuple[Run, ...]
    links: tuple[tuple[int, int], ...]
    outlets: tuple[tuple[int, int], ...]
    pump: int = -1

    @property
    def cells(self) -> int:
        return sum(run.cells for run in self.runs)


class Net(NamedTuple):
    """P pipes, E edges (pipes, then heater), C links, O outlets, T kinds of tube, N nodes."""

    ends: Array  # [P, 2] nodes
    first: Array  # [P + 1] cells
    pipe: Array  # [P, 6]
    family: Array  # [P]
    kind: Array  # [P] of tube
    films: Array  # [T, 2, k] flows and what the film passes on at them, W/(m K)
    links: Array  # [C, 2] nodes
    outlets: Array  # [O, 2] node, 1 where it is cold
    drag: Array  # [E] Pa over (m3/s)^1.75
    demands: Array  # [E, O] share of an outlet's water that comes along an edge
    loops: Array  # [E, C] 1 or -1 where a link's water goes along an edge
    pump: int  # edge
    probe: int  # the return pipe that ends at the heater, -1: none
    inlet: int
    outlet: int
    nodes: int


def net(piping: Piping) -> Net:
    """Arrays of it."""
    runs, tubes = piping.runs, list(dict.fromkeys(run.tube for run in piping.runs))
    above = _above(piping)
    edges = len(runs) + 1
    demands = np.array([_along(above, node, edges) for node, _ in piping.outlets]).reshape(-1, edges).T
    loops = [_along(above, hot, edges) - _along(above, other, edges) for hot, other in piping.links]
    return Net(
        ends=np.array([(run.start, run.end) for run in runs]).reshape(-1, 2),
        first=np.cumsum([0, *(run.cells for run in runs)]),
        pipe=np.array([_row(run) for run in runs]),
        family=np.array([run.family for run in runs]),
        kind=np.array([tubes.index(run.tube) for run in runs]),
        films=np.array([tabulated(tube) for tube in tubes]),
        links=np.array(piping.links, int).reshape(-1, 2),
        outlets=np.array(piping.outlets, int).reshape(-1, 2),
        drag=np.array([*(run.tube.resistance() * run.length for run in runs), HEATER_DROP]),
        demands=np.ascontiguousarray(demands),
        loops=np.ascontiguousarray(np.array(loops).reshape(-1, edges).T),
        pump=piping.pump % edges,
        probe=piping.pump,
        inlet=piping.inlet,
        outlet=piping.outlet,
        nodes=1 + max(piping.outlet, *(max(run.start, run.end) for run in runs)),
    )


def _row(run: Run) -> tuple[float, ...]:
    tube, dx = run.tube, run.length / run.cells
    return tube.water_heat, tube.wall_heat, tube.room_resistance, dx, tube.area * dx, tube.resistance() * run.length


def _above(piping: Piping) -> dict[int, tuple[int, int, float]]:
    """Node -> (edge towards the mains, node at its other end, 1 where the edge points away from the mains)."""
    heater = len(piping.runs)
    above = {piping.outlet: (heater, piping.inlet, 1.0)}
    for k, run in enumerate(piping.runs):
        if run.family == RETURN:
            above[run.start] = (k, run.end, -1.0)
        else:
            above[run.end] = (k, run.start, 1.0)
    return above


def _along(above: dict[int, tuple[int, int, float]], node: int, edges: int) -> Array:
    """What one unit that leaves at `node` puts on every edge, [E]."""
    share = np.zeros(edges)
    while node in above:
        edge, node, way = above[node]
        share[edge] = way
    return share


@lru_cache(maxsize=64)
def tabulated(tube: Pipe, count: int = 481) -> Array:
    """[2, count] flows and films; a straight line between is right to a thousandth except within the laminar corner."""
    flows = np.linspace(0, TABLED, count)
    return np.stack([flows, [tube.film(float(flow)) for flow in flows]])

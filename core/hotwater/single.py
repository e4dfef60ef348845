"""One heater, one pipe, one tap: the piping of the experiment hotwater_tap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.hotwater import heaters
from core.hotwater.heaters import Tankless
from core.hotwater.net import COLD, HOT, RETURN, Piping, Run, net
from core.hotwater.params import Params, ReturnLine, ReturnThermostatic
from core.hotwater.pipes import Pipe, pipe
from core.hotwater.plumbing import Plumbed, plant, windows
from core.hotwater.system import State, System
from core.hotwater.theory import Opening, exchanger_delays
from core.hotwater.water import LITRE

Array = np.ndarray

FEWEST = 20  # cells of a line, and cells a metre that are enough
SETTLES = 3.0  # s of the heater's control
HOT_TAP, COLD_TAP = 0, 1  # outlets


@dataclass(frozen=True, eq=False)
class Single(System):
    """A system of equal lines, with its theory."""

    tube: Pipe
    length: float
    cells: int
    opening: Opening
    families: tuple[int, ...]
    warm: float  # degrees above the room that count as warm

    def lines(self, state: State) -> Array:
        """[2, 3, cells] water and wall of hot, return and cold line; one that is not there is as the room."""
        found = np.zeros((2, 3, self.cells))
        for k, family in enumerate(self.families):
            found[0, family], found[1, family] = state.water[self.pipe(k)], state.wall[self.pipe(k)]
        return found


def single(p: Params, length: float, flow: float | None = None) -> Single:
    """length in m; flow: of the tap, m3/s, where it is not that of the parameters."""
    tube, flow = pipe(p.pipe, p.insulation / 1000), p.tap.flow * LITRE if flow is None else flow
    cells = max(FEWEST, min(p.cells, int(FEWEST * length)))
    piping = _piping(p, tube, length, cells)
    families = tuple(run.family for run in piping.runs)
    made = plant(p, p.mains, tube.volume_heat), net(piping), windows(p.switching)
    return Single(*made, tube, length, cells, opening(p, tube, length, flow), families, p.use - p.room)


def _piping(p: Params, tube: Pipe, length: float, cells: int) -> Piping:
    """Nodes: mains, heater's inlet where return water is kept out of the cold line, its outlet, both taps, the return line."""
    returns = isinstance(p.scheme, ReturnLine | ReturnThermostatic)
    inlet = int(isinstance(p.scheme, ReturnLine | ReturnThermostatic) and p.scheme.second_check)
    out, hot, cold, back = inlet + 1, inlet + 2, inlet + 3, inlet + 4
    runs = [Run(out, hot, tube, length, cells, HOT)]
    runs += [Run(back, inlet, tube, length, cells, RETURN)] if returns else []
    runs.append(Run(0, cold, tube, length, cells, COLD))
    links = () if p.scheme.kind == "drain" else ((hot, back if returns else cold),)
    return Piping(inlet, out, tuple(runs), links, ((hot, 0), (cold, 1)), 1 if returns else -1)


def pumped(made: System) -> float:
    """m3/s that the pump moves when nothing is drawn and every valve is open."""
    return float(streams(made).sum())


def streams(made: System, opened: Sequence[bool] | None = None) -> Array:
    """[C] m3/s through every link when the pump runs and nothing is drawn; opened: [C] the valves that are, all if left out."""
    from core.hotwater.kernels.flows import link_flows  # noqa: PLC0415  numba takes half a second to import

    own, pipes = made.plant, made.net
    base, doors = np.zeros(len(pipes.drag)), np.ones(len(pipes.links)) if opened is None else np.array(opened, float)
    return link_flows(pipes.drag, pipes.loops, base, doors, own.opening, pipes.pump, own.pump_head, own.pump_most)


def opening(p: Params, tube: Pipe, length: float, flow: float) -> Opening:
    """The same in theory, without a pump."""
    hot, delays, never = settling(p, p.mains, tube.volume_heat, flow)
    return Opening(tube, length, flow, hot, p.mains, p.room, delays, never)


def settling(p: Plumbed, mains: float, volume_heat: float, flow: float) -> tuple[float, tuple[float, ...], bool]:
    """(what the heater will give, seconds until it has given even shares of its rise, whether it never fires)."""
    made = heaters.numbers(p.heater)
    if not isinstance(made, Tankless):
        return p.set_point, (0.0,), False
    most, per_degree = made.most_power * 1e3, volume_heat * flow
    need, hot = per_degree * (p.set_point - mains), min(p.set_point, mains + most / per_degree)
    rises = exchanger_delays(made.exchanger / 1e3, flow, hot - mains, need, most, SETTLES)
    return hot, tuple((made.ignition + rises).tolist()), flow < made.fires_from * LITRE

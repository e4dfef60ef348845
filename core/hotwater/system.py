"""A plant with its pipes that can run, what changes while it does, and who draws when."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core.hotwater import plant as place
from core.hotwater.net import CF, CW, DX, HOT, Net
from core.hotwater.plant import Plant

Array = np.ndarray

FOUND = 10  # columns of what is found about a draw, see kernels/draws.py
WAIT, RUN_OFF, RUN_OFF_HEAT, HEAT, BEGAN, ENDED = range(6)  # the first of them
EVERY_LINK = -1.0
LAYERS = 10  # of the picture of a tank
MOMENT = 1e-3  # s, of use that only ends a draw which has become warm


@dataclass(frozen=True)
class Draw:
    """One use of a tap, s and m3/s.

    uses: seconds of use once it is warm, energy: J of use above the mains from then on; 0: from start to end, warm or not.
    warm: degrees that count as warm, above the room.
    """

    start: float
    end: float
    flow: float
    outlet: int = 0
    uses: float = 0.0
    energy: float = 0.0
    warm: float = 0.0

    def drained(self, at: float) -> "Draw":
        """What a drain valve beside the tap, as wide as the tap, lets run from then on: until warm, or this begins."""
        return Draw(at, self.start, self.flow, self.outlet, uses=MOMENT, warm=self.warm)


@dataclass(frozen=True, eq=False)
class System:
    """Everything that stays as it is during a run. windows: [w, 2] s in which the pump may run."""

    plant: Plant
    net: Net
    windows: Array

    @cached_property
    def record(self) -> Any:
        """The plant as the loops read it."""
        return self.plant.record()

    def pipe(self, number: int) -> slice:
        """Its cells."""
        return slice(int(self.net.first[number]), int(self.net.first[number + 1]))


@dataclass
class State:
    """All that changes; temperatures above the room."""

    water: Array  # [cells]
    wall: Array  # [cells]
    now: Array  # [PLACES]
    doors: Array  # [C, 2] open, asked for
    flows: Array  # [pipes, heater] m3/s of the last step
    time: float = 0.0

    def copy(self) -> "State":
        return State(self.water.copy(), self.wall.copy(), self.now.copy(), self.doors.copy(), self.flows.copy(), self.time)

    def stored(self, made: System) -> float:
        """Heat above the room in pipes, and in exchanger or tank, J."""
        row = np.repeat(made.net.pipe, np.diff(made.net.first), axis=0)
        pipes = float(((row[:, CF] * self.water + row[:, CW] * self.wall) * row[:, DX]).sum())
        if not made.plant.tank:
            return pipes + made.plant.exchanger * float(self.now[place.EXCHANGER])
        below, warm, low = map(float, self.now[place.LOW_VOLUME : place.LOW + 1])
        return pipes + made.plant.volume_heat * ((made.plant.volume - below) * warm + below * low)

    def tank(self, made: System) -> Array:
        """Even layers of a tank from its bottom to its top, [LAYERS] degrees above the room; [0] where there is none."""
        if not made.plant.tank:
            return np.empty(0)
        below, warm, low = self.now[place.LOW_VOLUME : place.LOW + 1]
        share = np.clip(below / made.plant.volume * LAYERS - np.arange(LAYERS), 0, 1)  # of each layer that is below the plug
        return np.asarray(share * low + (1 - share) * warm)


@dataclass
class Agenda:
    """Who draws and who presses a button; what the draws got.

    draws: [D, 7], found: [D, 10], turn: [O, 2], presses: [k, 2], all as kernels/draws.py and kernels/network.py have them.
    order: [D] the place in `draws` of each draw that was asked for.
    """

    draws: Array
    found: Array
    turn: Array
    presses: Array
    order: Array

    def of(self, column: int) -> Array:
        """One column of what was found, in the order of asking, [D]."""
        return np.asarray(self.found[self.order, column])


def agenda(made: System, draws: Sequence[Draw], presses: Sequence[tuple[float, float]] = ()) -> Agenda:
    """presses: seconds, and which link or EVERY_LINK."""
    rows = [(d.outlet, d.start, d.end, d.flow, d.uses, d.energy, d.warm) for d in draws]
    table = np.array(rows, float).reshape(-1, 7)
    places = np.lexsort((table[:, 1], table[:, 0]))
    stops = np.searchsorted(table[places, 0], np.arange(len(made.net.outlets)), side="right")
    turn = np.stack([np.concatenate([[0], stops])[: len(stops)], stops], axis=1)
    found = np.zeros((len(table), FOUND))
    found[:, [0, 4, 5]] = -1.0
    asked = np.array(sorted(presses), float).reshape(-1, 2)
    return Agenda(table[places], found, turn.astype(np.int64), asked, np.argsort(places))


def imbalance(heat: Array) -> float:
    """Of burner, pump, drawn, four losses and stored, J: what is missing, over the sum of their sizes."""
    fired, pump, drawn, *lost, stored = map(float, heat)
    size = abs(fired) + abs(pump) + abs(drawn) + sum(map(abs, lost)) + abs(stored)
    return abs(fired + pump - drawn - sum(lost) - stored) / size if size else 0.0


def start(made: System) -> State:
    """Hot water has just been used: the hot side is at the set point, everything else is as the room."""
    hot = np.repeat(made.net.family == HOT, np.diff(made.net.first))
    water, now = np.where(hot, made.plant.setting, 0.0), np.zeros(place.PLACES)
    now[place.EXCHANGER], now[place.CYCLE] = made.plant.setting, 1
    now[place.PLUG] = now[place.LOW] = made.plant.setting
    return State(water, water.copy(), now, np.zeros((len(made.net.links), 2)), np.zeros(len(made.net.drag)))


def run(
    made: System,
    state: State,
    until: float,
    step: float,
    agenda_: Agenda,
    log: Array | None = None,
    patient: float | None = None,
) -> int:
    """Goes on to `until` in place, in steps of `step` s while a tap is open and `patient` s while only the pump runs.

    Returns the rows written to the log.
    """
    from core.hotwater.kernels.network import Asked, Held, advance  # noqa: PLC0415  numba takes half a second to import

    span = np.array([state.time, until, step, step if patient is None else patient])
    kept = np.empty((0, len(place.LOG) + len(made.net.outlets))) if log is None else log
    held = Held(state.water, state.wall, state.now, state.doors, state.flows)
    asked = Asked(agenda_.draws, agenda_.found, agenda_.turn, agenda_.presses, made.windows)
    rows = advance(made.record, made.net, held, asked, span, kept)
    state.time = until
    return int(rows)

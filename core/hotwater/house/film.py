"""A day as pictures: which moments are kept, and what of the network is kept of each."""

from dataclasses import dataclass, field

import numpy as np

from core.hotwater import plant as place
from core.hotwater.house.home import DAY, Home
from core.hotwater.system import Agenda, State, run

Array = np.ndarray

EVERY = 900.0  # s between moments when nothing happens
AFTER = (3.0, 15.0, 30.0, 60.0, 120.0)  # s after the opening of a tap that are kept
CALLED = (1.0, 20.0, 45.0)  # s after a button is pressed
MOST = 220  # moments
A_METRE, FEWEST, MOST_SEGMENTS = 1.2, 2, 12  # segments of a pipe


@dataclass
class Film:
    """F moments, S segments of all pipes one after the other, P pipes, C links, O outlets."""

    times: Array  # [F] s
    counts: Array  # [P] segments of each pipe
    water: list[Array] = field(default_factory=list)  # [F][S] degrees above the room
    wall: list[Array] = field(default_factory=list)
    ways: list[Array] = field(default_factory=list)  # [F][P] 1, 0 or -1
    states: list[tuple[int, int]] = field(default_factory=list)  # [F] burner, pump
    doors: list[Array] = field(default_factory=list)  # [F][C]
    taps: list[Array] = field(default_factory=list)  # [F][O]
    tank: list[Array] = field(default_factory=list)  # [F][LAYERS] degrees above the room, or [F][0]
    fired: list[float] = field(default_factory=list)  # [F] J so far


def moments(home: Home) -> Array:
    """A grid, and the first moments of every draw and of every call, [F] s."""
    grid = np.arange(0.0, DAY + 1, EVERY)
    near = [wish.at + after for after in AFTER for wish in home.wishes]
    near += [press + after for after in CALLED for press, _ in home.presses()]
    near = [at for at in near if 0 < at < DAY]
    return np.unique(np.concatenate([grid, near[: MOST - len(grid)]]))


def filmed(home: Home, state: State, asked: Agenda, step: float, patient: float) -> Film:
    """Runs through the day."""
    pipes = home.system.net
    cells = np.diff(pipes.first)
    lengths = np.array([run_.length for run_ in home.laid.piping.runs])
    counts = np.clip(np.round(lengths * A_METRE).astype(int), FEWEST, np.minimum(MOST_SEGMENTS, cells))
    cuts = np.concatenate([first + np.arange(n) * c // n for first, n, c in zip(pipes.first, counts, cells, strict=False)])
    film = Film(moments(home), counts)
    for time in film.times:
        if time > state.time:
            run(home.system, state, time, step, asked, patient=patient)
        film.water.append(_means(state.water, cuts))
        film.wall.append(_means(state.wall, cuts))
        film.ways.append(np.sign(state.flows[:-1]))
        film.states.append((int(state.now[place.MODE]), int(state.now[place.PUMPING])))
        film.doors.append(state.doors[:, 0].copy())
        film.taps.append(_open(asked, time))
        film.tank.append(state.tank(home.system))
        film.fired.append(float(state.now[place.FIRED]))
    return film


def _means(cells: Array, cuts: Array) -> Array:
    return np.add.reduceat(cells, cuts) / np.diff(np.append(cuts, len(cells)))


def _open(asked: Agenda, time: float) -> Array:
    """Which outlets are open, [O]."""
    turn, stop = asked.turn.T
    row = asked.draws[np.minimum(turn, max(len(asked.draws) - 1, 0))] if len(asked.draws) else np.full((len(turn), 7), np.inf)
    return np.asarray((turn < stop) & (row[:, 1] < time) & (time < row[:, 2]))

"""One pipe of the simulation against closed forms: energy, steady loss, front, its moments, rest."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt

import numpy as np

from core.hotwater.pipes import Pipe
from core.hotwater.theory import cooled, cooling_time, dead_time, front_variance, schumann

Array = np.ndarray

NO_ROOM = 1e12  # m K/W: nothing is lost
ROOM, HOT = 20.0, 60.0  # degrees
MOST_PASSES = 6  # of the pipe's own water in the run of a front
MOST_STEPS = 4000  # of one run; longer ones take longer steps
MISSING = 16.0  # minus the log of what is missing when a wall has settled
SHAKEN = 500  # steps under an inlet and a flow by lot
RESTS, RESTED = 60, 3.0  # points of a rest; slow time constants that it lasts


@dataclass(frozen=True)
class Case:
    """A pipe, its length in m, the flow through it in m3/s, and into how many cells it is cut."""

    tube: Pipe
    length: float
    flow: float
    cells: int

    @property
    def dx(self) -> float:
        return self.length / self.cells

    @property
    def speed(self) -> float:
        return self.flow / self.tube.area

    @cached_property
    def film(self) -> float:
        return self.tube.film(self.flow)

    @property
    def transit(self) -> float:
        """V / Q, s."""
        return self.length / self.speed

    @property
    def mean(self) -> float:
        return dead_time(self.tube, self.length, self.flow)

    @property
    def deviation(self) -> float:
        """Of the arrival of a step, s."""
        return sqrt(front_variance(self.tube, self.length, self.flow))

    def stride(self, lasts: float, most: int = MOST_STEPS) -> tuple[float, int]:
        """(s, number) of steps that fill so many seconds: the water moves by whole cells, by one unless there were too many."""
        by_one = self.dx / self.speed
        dt = by_one * min(ceil(lasts / by_one / most), self.cells // 4)
        return dt, min(ceil(lasts / dt), most)

    @property
    def settles(self) -> float:
        """s until hardly anything is missing behind a front."""
        return self.mean + 7 * self.deviation + MISSING * self.tube.wall_heat / self.film

    def answer(self, later: Array) -> Array:
        """Closed form of the end's answer to a step, without losses, so many s after water has passed the pipe."""
        x = self.film * self.length / (self.tube.volume_heat * self.flow)
        return schumann(np.array(x), self.film * later / self.tube.wall_heat)

    def rested(self, share: float = 0.0) -> tuple[Array, Array]:
        """Water and wall, all of them so warm."""
        return np.full(self.cells, share), np.full(self.cells, share)

    def run(
        self, state: tuple[Array, Array], inlet: Array, dt: float, flow: Array, room: float | None = None
    ) -> tuple[Array, float]:
        """Outlet of every step and J lost; the state is moved on. flow: [n] m3/s, 0 at rest."""
        from core.hotwater.kernels import line  # noqa: PLC0415  numba takes half a second to import

        films = {each: self.tube.film(each) for each in np.unique(flow).tolist()}
        film = np.array([films[each] for each in flow.tolist()])
        r = self.tube.room_resistance if room is None else room
        return line.run_line(
            *state, self.tube.water_heat, self.tube.wall_heat, film, r, self.dx, flow / self.tube.area, inlet, dt
        )


@dataclass(frozen=True)
class Front:
    """Answer [n] to a step from 0 to 1 without losses: means of steps of dt that end at `time`; the closed form amid them."""

    dt: float
    time: Array
    out: Array
    exact: Array
    behind: Array  # bool: more than a cell behind the jump

    @property
    def largest(self) -> float:
        """Error a cell behind the jump, of the step."""
        return float(np.abs(self.out - self.exact)[self.behind].max())

    @property
    def mean(self) -> float:
        """s."""
        return float((1 - self.out).sum() * self.dt)

    @property
    def variance(self) -> float:
        """s2: integral of 2 t (1 - T), less the square of the mean."""
        middles = self.time - self.dt / 2
        return float((2 * middles * (1 - self.out)).sum() * self.dt - self.mean**2)


def front(case: Case) -> Front:
    """Of water that enters a degree warmer than pipe and water are; it moves by one cell a step."""
    dt = case.dx / case.speed
    return _front(case, dt, ceil(min(case.settles, MOST_PASSES * case.transit) / dt))


def arrival(case: Case) -> Front:
    """The same until the wall has settled, by longer steps where that takes long."""
    return _front(case, *case.stride(case.settles))


def _front(case: Case, dt: float, n: int) -> Front:
    out, _ = case.run(case.rested(), np.ones(n), dt, np.full(n, case.flow), NO_ROOM)
    time = dt * np.arange(1, n + 1)
    later = time - dt / 2 - case.transit
    return Front(dt, time, out, case.answer(later), later > dt)


def energy_residual(case: Case, seed: int) -> float:
    """Heat in - out - lost - stored over the sum of their sizes, of an inlet and a flow by lot; two digits above round-off."""
    rng = np.random.default_rng(seed)
    inlet, flow = rng.uniform(-10, 50, SHAKEN), case.flow * rng.integers(0, 4, SHAKEN) / 3
    dt, state = 0.9 * case.dx / case.speed, case.rested(10.0)
    before = stored(case, state)
    out, lost = case.run(state, inlet, dt, flow)
    taken, given = (float((each * flow).sum() * dt * case.tube.volume_heat) for each in (inlet, out))
    after = stored(case, state)
    return abs(taken - given - lost - (after - before)) / (abs(taken) + abs(given) + abs(lost) + abs(after) + abs(before))


def stored(case: Case, state: tuple[Array, Array]) -> float:
    """J above the room."""
    water, wall = state
    return float((case.tube.water_heat * water.sum() + case.tube.wall_heat * wall.sum()) * case.dx)


def steady_outlet(case: Case) -> float:
    """Share of the warmth that leaves a pipe whose profile began as the closed form has it, three passes later."""
    middles = (np.arange(case.cells) + 0.5) / case.cells
    water = np.exp(-case.tube.loss(case.flow) * case.length / (case.tube.volume_heat * case.flow) * middles)
    wall = water * case.film / (case.film + 1 / case.tube.room_resistance)
    n = 3 * case.cells
    out, _ = case.run((water, wall), np.ones(n), case.dx / case.speed, np.full(n, case.flow))
    return float(out[-1])


@dataclass(frozen=True)
class Rest:
    """Mean of the water after so many seconds at rest: simulated, and by both eigenvalues."""

    seconds: Array
    left: Array
    exact: Array

    @property
    def largest(self) -> float:
        """Error, of the warmth at first."""
        return float(np.abs(self.left - self.exact).max())


def rest(case: Case) -> Rest:
    """Of a pipe that began as warm as its wall."""
    seconds = np.linspace(0.0, RESTED * cooling_time(case.tube), RESTS)
    state, left = case.rested(1.0), [1.0]
    for _ in seconds[1:]:
        case.run(state, np.zeros(1), seconds[1], np.zeros(1))
        left.append(float(state[0].mean()))
    return Rest(seconds, np.array(left), cooled(case.tube, seconds))

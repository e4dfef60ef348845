"""A thermostat's cycle and draws by lot on one pipe: the simulation beside what theory says of them."""

from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np

from core.hotwater.theory import cooled, cooling_time, steady
from core.hotwater.validate.oracles import HOT, ROOM, Case

Array = np.ndarray
State = tuple[Array, Array]

STARTS, STOPS, USE = 46.0, 53.0, 40.0  # degrees: 14 and 7 K below the hot water, as a maker's manual has it; warm enough
CYCLES, FINE, LONGEST = 3, 400, 3.0  # the last cycle counts; steps of a rest, which lasts so much longer than theory says
DRAWS, GAPS, COARSE = 200, 400, 100  # draws by lot, standing times of the expected wait, most cells
SHAPE = 300  # times at which the front is worked out
MOST_STEPS = 400  # of a draw
NEVER = -1.0
DAY = 86400.0


@dataclass(frozen=True)
class Cycle:
    """Degrees at the end of the pipe through one cycle, [n] seconds after the pump stopped; s for which it rests and runs.

    Theory: t_off = tau ln((T_off - Ta) / (T_on - Ta)), and about (1 + kappa) V / Q. All is -1 where the pump never stops.
    """

    time: Array
    sensor: Array
    off: float
    on: float
    off_theory: float
    on_theory: float


def cycle(case: Case) -> Cycle:
    """The last of some, of a pump whose sensor is at the end of the pipe."""
    theory = cooling_time(case.tube) * log((STOPS - ROOM) / (STARTS - ROOM)), case.mean
    if not reaches(case, STOPS):
        return Cycle(np.zeros(1), np.full(1, ROOM), NEVER, NEVER, *theory)
    state = case.rested(STOPS - ROOM)
    for _ in range(CYCLES):
        rests, cools = _rests(case, state, LONGEST * theory[0])
        runs, warms = _runs(case, state)
    time = np.concatenate([rests, rests[-1] + runs])
    return Cycle(time, ROOM + np.concatenate([cools, warms]), float(rests[-1]), float(runs[-1]), *theory)


def reaches(case: Case, celsius: float) -> bool:
    """Whether the end of the pipe becomes so warm, and a little warmer, by water that goes on running."""
    return ROOM + (HOT - ROOM) * steady(case.tube, case.length, case.flow) > celsius + 0.5


def _rests(case: Case, state: State, longest: float) -> tuple[Array, Array]:
    """Seconds and degrees at the end until it is as cool as the pump waits for; the state is moved on to that moment."""
    tried = state[0].copy(), state[1].copy()
    dt = longest / FINE
    warmth, _ = case.run(tried, np.zeros(FINE), dt, np.zeros(FINE))
    seconds = dt * np.arange(FINE)
    after = max(int((warmth <= STARTS - ROOM).argmax()), 1)
    share = (warmth[after - 1] - (STARTS - ROOM)) / max(warmth[after - 1] - warmth[after], 1e-12)
    now = seconds[after - 1] + share * (seconds[after] - seconds[after - 1])
    case.run(state, np.zeros(1), now, np.zeros(1))
    return np.append(seconds[:after], now), np.append(warmth[:after], STARTS - ROOM)


def _runs(case: Case, state: State) -> tuple[Array, Array]:
    """The same, of the pump: until the end is as warm as it waits for."""
    dt, n = case.stride(3 * (case.mean + 3 * case.deviation))
    tried = state[0].copy(), state[1].copy()
    flow = np.full(n, case.flow)
    out, _ = case.run(tried, np.full(n, HOT - ROOM), dt, flow)
    warm = out >= STOPS - ROOM
    after = int(warm.argmax()) + 1 if warm.any() else n
    case.run(state, np.full(after, HOT - ROOM), dt, flow[:after])
    return dt * np.arange(1, after + 1), out[:after]


@dataclass(frozen=True)
class Draws:
    """Waits [n] in s after gaps [n] in s by lot, simulated and their expectation; -1 where it never becomes warm.

    exact: the wait that Schumann's front gives, over the law of the gaps; rule: e^(-lambda t_u) (1 + kappa) V / Q.
    Every draw leaves the pipe in its steady state, whose end has lost some warmth already and whose wall a little more.
    """

    gaps: Array
    waits: Array
    gaps_theory: Array
    waits_theory: Array
    mean: float
    stderr: float
    exact: float
    rule: float


def draws(case: Case, a_day: float, seed: int) -> Draws:
    """Hot water drawn as a Poisson process: each draw lasts until the pipe is hot again, and begins after a gap by lot."""
    rate, small = a_day / DAY, replace(case, cells=min(case.cells, COARSE))
    gaps = np.random.default_rng(seed).exponential(1 / rate, DRAWS)
    likely = -np.log1p(-(np.arange(GAPS) + 0.5) / GAPS) / rate
    lasts = cooling_time(case.tube) * log((HOT - ROOM) / (USE - ROOM))
    rule = exp(-rate * lasts) * case.mean
    if not reaches(case, USE):
        return Draws(gaps, np.full(DRAWS, NEVER), likely, np.full(GAPS, NEVER), NEVER, 0.0, NEVER, rule)
    waits, theory = _waits(small, gaps), _expected(case, likely)
    return Draws(gaps, waits, likely, theory, float(waits.mean()), float(waits.std() / sqrt(DRAWS)), float(theory.mean()), rule)


def _expected(case: Case, gaps: Array) -> Array:
    """Seconds until a front has brought the end, cooled since the last draw, to the temperature that is warm enough."""
    arrives = steady(case.tube, case.length, case.flow)
    later = (case.settles - case.transit) * np.linspace(0, 1, SHAPE) ** 2  # closer together behind the jump
    wall = case.film / (case.film + 1 / case.tube.room_resistance)
    left, wanted = arrives * cooled(case.tube, gaps, wall), (USE - ROOM) / (HOT - ROOM)
    share = (wanted - left) / np.maximum(arrives - left, 1e-12)
    return np.where(share > 0, case.transit + np.interp(share, case.answer(later), later), 0.0)


def _waits(case: Case, gaps: Array) -> Array:
    """Seconds from the opening until the end of the pipe is warm enough, one draw after another."""
    state = case.rested(HOT - ROOM)
    dt, n = case.stride(case.mean + 5 * (case.deviation + case.tube.wall_heat / case.film), MOST_STEPS)
    inlet, flow, waits = np.full(n, HOT - ROOM), np.full(n, case.flow), np.empty(gaps.size)
    for i, gap in enumerate(gaps):
        case.run(state, np.zeros(1), float(gap), np.zeros(1))
        out, _ = case.run(state, inlet, dt, flow)
        waits[i] = _first(out - (USE - ROOM), dt)
    return waits


def _first(above: Array, dt: float) -> float:
    """Seconds at which means of steps rise through 0, a straight line between their middles; 0 where they begin there."""
    first = int((above >= 0).argmax())
    if first == 0:
        return 0.0 if above[0] >= 0 else dt * above.size
    return dt * (first - 0.5 + above[first - 1] / (above[first - 1] - above[first]))

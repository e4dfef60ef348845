"""A measured pipe simulated from its inlet, its flow and its room, with nothing fitted, and how far off the outlet is."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np

from core.hotwater.pipes import Pipe
from core.hotwater.theory import dead_time, schumann, steady
from core.hotwater.validate.reading import UNITS, Measurement, Unit
from core.hotwater.water import density

Array = np.ndarray

WATER = 1000.0  # kg/m3: litres are m3 / 1000
MOST_STEPS, MOST_WORK = 60_000, 6_000_000  # steps; steps times cells
FILMS = 129  # flows at which the film is worked out; between them a straight line
FLUSH = 0.9  # of the pipe that may pass in one step
RESOLVED = 0.5  # of the time in which water and wall meet, that a step may last
SAMPLES, BEFORE, LASTS = 150, 8, 2.2  # of the example: rows, those before the step, dead times in all
COLD, HOT, EXAMPLE_FLOW = 20.0, 60.0, 1000.0 / 3600  # degrees; kg/s
DIGITS = 2  # of its temperatures


@dataclass(frozen=True)
class Drive:
    """What a pipe is given on even steps of dt: inlet [n] above the room and flow [n] m3/s, means of each step."""

    dt: float
    inlet: Array
    flow: Array


def simulated(tube: Pipe, length: float, cells: int, m: Measurement, unit: Unit, resolved: bool = True) -> Array:
    """[k] degrees at the outlet at the measured times, of a pipe that was all as warm as its outlet in the first row.

    resolved: steps so short that they no longer matter; else as long as the file's.

    The room is as warm as it was on average. Wall, film and insulation are those of the pipe; nothing is fitted.
    """
    from core.hotwater.kernels import line  # noqa: PLC0415  numba takes half a second to import

    room, drive = float(np.mean(m.ambient)), driven(tube, length, m, unit, resolved)
    n = affordable(cells, drive.inlet.size)
    water, wall = (np.full(n, m.outlet[0] - room) for _ in range(2))
    films, speed = _films(tube, drive.flow), drive.flow / tube.area
    out, _ = line.run_line(
        water, wall, tube.water_heat, tube.wall_heat, films, tube.room_resistance, length / n, speed, drive.inlet, drive.dt
    )
    middles = (np.arange(drive.inlet.size) + 0.5) * drive.dt
    return np.append(m.outlet[0], np.interp(m.time[1:], middles, out + room))


def driven(tube: Pipe, length: float, m: Measurement, unit: Unit, resolved: bool = True) -> Drive:
    """The measurement on even steps, as long as its own or shorter, straight lines between its rows."""
    flow, lasts = volume_flow(tube, m.flow, unit), float(m.time[-1])
    passes, meets = length * tube.area / max(float(flow.max()), 1e-12), meeting_time(tube, float(flow.max()))
    step = min(float(np.median(np.diff(m.time))), FLUSH * passes, RESOLVED * meets if resolved else np.inf)
    n = min(ceil(lasts / step - 1e-6), MOST_STEPS)
    edges = np.linspace(0.0, lasts, n + 1)
    inlet, flow = (np.interp(edges, m.time, each) for each in (m.inlet - float(np.mean(m.ambient)), flow))
    # what is faster still has crossed the pipe within the step: it leaves as it came
    return Drive(
        lasts / n, (inlet[1:] + inlet[:-1]) / 2, np.minimum((flow[1:] + flow[:-1]) / 2, passes_in(tube, length, lasts / n))
    )


def meeting_time(tube: Pipe, flow: float) -> float:
    """s in which water and wall take on one temperature, 1 / (G (1 / Cf + 1 / Cw)); splitting errs where steps are longer."""
    return 1 / (tube.film(flow) * (1 / tube.water_heat + 1 / tube.wall_heat))


def passes_in(tube: Pipe, length: float, seconds: float) -> float:
    """m3/s that fill the pipe once in so many seconds."""
    return length * tube.area / seconds


def volume_flow(tube: Pipe, flow: Array, unit: Unit) -> Array:
    """m3/s of a flow in its unit."""
    return flow * unit.scale / (density(tube.celsius) if unit.mass else WATER)


def affordable(cells: int, steps: int) -> int:
    """Cells, fewer where the steps are so many that a page would have to wait."""
    return max(min(cells, MOST_WORK // steps), 20)


def _films(tube: Pipe, flow: Array) -> Array:
    """[n] W/(m K)."""
    flows = np.linspace(float(flow.min()), float(flow.max()), FILMS)
    return np.interp(flow, flows, [tube.film(float(each)) for each in flows])


def other_reading(unit: Unit) -> Unit:
    """The same number read as mass where it was volume, a litre for a kilogram, and the other way round."""
    return Unit("", unit.scale, not unit.mass)


def example(made: Callable[[float], Pipe], length: float) -> Measurement:
    """What a file could hold: no measurement but the closed form of a step in this pipe, to a hundredth of a degree."""
    rises = np.arange(SAMPLES) >= BEFORE
    inlet = np.where(rises, HOT, COLD)
    tube = made(float(inlet.mean()))
    flow = EXAMPLE_FLOW / density(tube.celsius)
    film, mean, passes = tube.film(flow), dead_time(tube, length, flow), length * tube.area / flow
    time = np.linspace(0.0, LASTS * mean, SAMPLES)
    later = time - (BEFORE - 0.5) * time[1]  # the step comes between two rows
    x, y = film * length / (tube.volume_heat * flow), film * (later - passes) / tube.wall_heat
    outlet = COLD + (HOT - COLD) * steady(tube, length, flow) * schumann(np.array(x), y)
    even = np.ones(SAMPLES)
    return Measurement(time, inlet, outlet.round(DIGITS), EXAMPLE_FLOW * 3600 * even, COLD * even, UNITS[0])


def rmse(error: Array) -> float:
    return float(np.sqrt(np.mean(error**2)))

"""Experiment hotwater_validate: the simulation of one pipe beside closed forms, or beside a measurement of one's own."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.hotwater.theory import steady
from core.hotwater.validate.habits import Draws, cycle, draws
from core.hotwater.validate.measured import driven, example, other_reading, rmse, simulated, volume_flow
from core.hotwater.validate.oracles import HOT, ROOM, Case, arrival, energy_residual, front, rest, steady_outlet
from core.hotwater.validate.params import Csv, Steps, ValidateParams
from core.hotwater.validate.reading import UNITS, Measurement, Unit, read
from core.hotwater.validate.result import HabitsResult, ValidateResult
from core.hotwater.water import LITRE

Array = np.ndarray

COARSE, FINE = 100, 400  # cells between which the order of the front is measured
COUNTS = (25, 50, 100, 200, 400)
RISE = HOT - ROOM


def compute(p: ValidateParams) -> ValidateResult:
    """The end of the pipe through time, and every error; no number is fitted."""
    return _against_file(p) if isinstance(p.source, Csv) else _against_theory(p)


def habits(p: ValidateParams) -> Iterator[tuple[float, HabitsResult]]:
    """Errors against cells, rest, thermostat and draws of the same pipe."""
    case = case_of(p)
    errors = _refined(p) if isinstance(p.source, Csv) else _converging(case)
    rested, cycled, drawn = rest(case), cycle(case), draws(case, p.draws, p.seed)
    counts = np.array(COUNTS, float)
    order = np.array([_order(counts, each) for each in errors])
    yield 1.0, HabitsResult(
        counts, *errors, order,
        rested.seconds, ROOM + RISE * rested.left, ROOM + RISE * rested.exact,
        cycled.time, cycled.sensor, np.array([cycled.off, cycled.on, cycled.off_theory, cycled.on_theory]),
        drawn.gaps, drawn.waits, drawn.gaps_theory, drawn.waits_theory,
        np.array([drawn.mean, drawn.stderr, drawn.exact, drawn.rule]), p.source.kind,
    )  # fmt: skip


def case_of(p: ValidateParams) -> Case:
    """The pipe and the flow that the closed forms are asked for; of a file, the mean of its flow."""
    if not isinstance(p.source, Csv):
        tube = p.pipe((HOT + ROOM) / 2)
        return Case(tube, p.length, p.source.flow * LITRE, p.cells)
    measurement, unit = measurement_of(p)
    tube = p.pipe(float(np.mean(measurement.inlet)))
    return Case(tube, p.length, max(float(np.mean(volume_flow(tube, measurement.flow, unit))), LITRE / 2), p.cells)


def measurement_of(p: ValidateParams) -> tuple[Measurement, Unit]:
    """What is in the file and how its flow is read; without a file, an example that theory made."""
    if isinstance(p.source, Csv) and p.source.data:
        unit = p.unit()
        return read(p.source.data), unit or UNITS[0]
    return example(p.pipe, p.length), UNITS[0]


def _against_file(p: ValidateParams) -> ValidateResult:
    m, unit = measurement_of(p)
    tube = p.pipe(float(np.mean(m.inlet)))
    short = _resolves(p)
    out, other = (simulated(tube, p.length, p.cells, m, each, short) for each in (unit, other_reading(unit)))
    as_mass, as_volume = (rmse(each - m.outlet) for each in ((out, other) if unit.mass else (other, out)))
    numbers = {
        "rmse_mass_K": as_mass, "rmse_volume_K": as_volume, "rows": float(m.time.size),
        "step_s": driven(tube, p.length, m, unit, short).dt,
    }  # fmt: skip
    kind = "csv" if isinstance(p.source, Csv) and p.source.data else "example"
    errors = {"mass": as_mass, "volume": as_volume}
    counted = np.ones(m.time.size, bool)
    return ValidateResult(
        m.time, m.inlet, m.outlet, out, other, counted, np.zeros(0), numbers, errors, kind, unit.mass
    )  # fmt: skip


def _resolves(p: ValidateParams) -> bool:
    return isinstance(p.source, Csv) and p.source.steps is Steps.RESOLVED


def _against_theory(p: ValidateParams) -> ValidateResult:
    case = case_of(p)
    whole, rough, drawn = front(case), front(replace(case, cells=case.cells // 4)), draws(case, p.draws, p.seed)
    numbers, errors = _oracles(case, p.seed, drawn)
    time = whole.time - whole.dt / 2
    coarse = np.interp(time, rough.time - rough.dt / 2, rough.out)
    inlet, exact, out, other = (ROOM + RISE * each for each in (np.ones(time.size), whole.exact, whole.out, coarse))
    return ValidateResult(time, inlet, exact, out, other, whole.behind, drawn.waits, numbers, errors, "oracles", True)


def _oracles(case: Case, seed: int, drawn: Draws) -> tuple[dict[str, float], dict[str, float]]:
    """Numbers of every oracle beside their closed forms, and relative errors."""
    rough, fine = (front(replace(case, cells=n)) for n in (COARSE, FINE))
    settled = arrival(replace(case, cells=FINE))
    residual, left, cycled = energy_residual(case, seed), rest(case).largest, cycle(case)
    pairs = {
        "steady": (steady_outlet(case), steady(case.tube, case.length, case.flow)),
        "arrival": (settled.mean, case.mean),
        "variance": (settled.variance, case.deviation**2),
        "cycle_off": (cycled.off, cycled.off_theory),
        "cycle_on": (cycled.on, cycled.on_theory),
        "wait": (drawn.mean, drawn.exact),
    }
    numbers = {
        "order": float(np.log(rough.largest / max(fine.largest, 1e-16)) / np.log(FINE / COARSE)),
        "front_100_K": rough.largest * RISE,
        "front_400_K": fine.largest * RISE,
        "energy_residual": residual,
        **_beside("steady_C", *(ROOM + RISE * each for each in pairs["steady"])),
        **_beside("arrival_s", *pairs["arrival"]),
        **_beside("spread_s", *(max(each, 0.0) ** 0.5 for each in pairs["variance"])),
        "rest_error_K": left * RISE,
        **_beside("cycle_off_s", *pairs["cycle_off"]),
        **_beside("cycle_on_s", *pairs["cycle_on"]),
        **_beside("wait_mean_s", *pairs["wait"]),
        "wait_stderr_s": drawn.stderr,
        "wait_rule_s": drawn.rule,
    }
    errors = {"energy": residual, "rest": left, "front_100": rough.largest, "front_400": fine.largest}
    return numbers, errors | {name: abs(found / exact - 1) for name, (found, exact) in pairs.items() if exact > 0 <= found}


def _beside(name: str, found: float, exact: float) -> dict[str, float]:
    return {name: found, f"{name}_theory": exact}


def _converging(case: Case) -> tuple[Array, Array]:
    """Largest error of the front and error of the steady outlet, of the step, for each number of cells."""
    cases = [replace(case, cells=n) for n in COUNTS]
    exact = steady(case.tube, case.length, case.flow)
    return np.array([front(each).largest for each in cases]), np.array([abs(steady_outlet(each) - exact) for each in cases])


def _refined(p: ValidateParams) -> tuple[Array, Array]:
    """K root mean square against the finest grid and against the measurement, for each number of cells."""
    m, unit = measurement_of(p)
    tube = p.pipe(float(np.mean(m.inlet)))
    outs = [simulated(tube, p.length, n, m, unit, _resolves(p)) for n in (*COUNTS, 2 * COUNTS[-1])]
    return np.array([rmse(out - outs[-1]) for out in outs[:-1]]), np.array([rmse(out - m.outlet) for out in outs[:-1]])


def _order(counts: Array, errors: Array) -> float:
    """Minus the slope of log error against log cells."""
    return -float(np.polyfit(np.log(counts), np.log(np.maximum(errors, 1e-16)), 1)[0])

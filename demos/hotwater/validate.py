"""The simulation of one pipe beside closed forms, and beside a measurement that a visitor brings."""

import numpy as np

from core.hotwater.validate import HabitsResult, ValidateParams, ValidateResult, compute, habits
from core.hotwater.validate.habits import STARTS, STOPS
from core.hotwater.validate.published import TOOLS
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, SERIES, Array, Chart, Payload, band, chart, series, theory
from demos.hotwater.tap import dots

MOST_DOTS, MOST_POINTS = 90, 700
SMALLEST = 1e-17  # of an error on a logarithmic axis
LOG: Payload = {"type": "log", "exponentformat": "power"}


def outlet(_p: ValidateParams, r: ValidateResult) -> Chart:
    """Temperature at the end of the pipe: closed form or measurement, and the simulation."""
    few = _every(r.time, MOST_POINTS)
    marks = [theory(r.time[few], r.inlet[few], "@inlet_line", color=MUTED, dash="dot", width=1.5)]
    if r.kind == "oracles":
        some = _every(r.time, MOST_DOTS)
        marks.append(theory(r.time[few], r.reference[few], "@closed_form"))
        marks.append(dots(r.time[some], r.simulated[some], "@simulated", MEASURED, 6))
    else:
        marks.append(dots(r.time[few], r.reference[few], f"@{r.kind}_outlet", MEASURED, 4))
        marks.append(theory(r.time[few], r.simulated[few], "@simulated"))
    return chart(*marks, x="@time_axis", y="@degrees_axis")


def residual(_p: ValidateParams, r: ValidateResult) -> Chart:
    """Simulation less reference through time: two grids, or both readings of the flow."""
    few = _every(r.time, MOST_POINTS)
    few = few[r.counted[few]]
    names = ("@all_cells", "@few_cells") if r.kind == "oracles" else READINGS[r.mass]
    time, first, second = r.time[few], (r.simulated - r.reference)[few], (r.other - r.reference)[few]
    behind = theory(time, second, names[1], color=SERIES[3], dash="dash", width=1.5)
    return chart(behind, theory(time, first, names[0], color=MEASURED), x="@time_axis", y="@residual_axis")


READINGS = {True: ("@as_mass", "@as_volume"), False: ("@as_volume", "@as_mass")}


def errors(_p: ValidateParams, r: ValidateResult) -> Chart:
    """Of every oracle, relative; or of this file beside what eight tools reached on another one."""
    return _of_oracles(r) if r.kind == "oracles" else _of_tools(r)


def _of_oracles(r: ValidateResult) -> Chart:
    values = [max(value, SMALLEST) for value in r.errors.values()]
    bars = _bars([f"@oracle.{name}" for name in r.errors], values, "@simulated", MEASURED)
    return chart(bars, x="@relative_axis", y="@oracle_axis", xaxis=LOG, yaxis=DOWN, height=90 + 28 * len(values))


def _of_tools(r: ValidateResult) -> Chart:
    """An example is left out: what theory made would only seem to compete."""
    others = _bars([tool.name for tool in TOOLS], [tool.rmse for tool in TOOLS], "@published_bar", MUTED)
    ours = [_bars([f"@csv_{name}" for name in r.errors], [*r.errors.values()], "@csv_bar", MEASURED)] if r.kind == "csv" else []
    height = 110 + 28 * (len(TOOLS) + len(r.errors) * len(ours))
    return chart(*ours, others, x="@rmse_axis", y="@tool_axis", yaxis=DOWN, showlegend=True, height=height)


DOWN: Payload = {"autorange": "reversed"}


def _bars(names: list[str], values: list[float], name: str, colour: str) -> Payload:
    return {"type": "bar", "orientation": "h", "y": names, "x": values, "name": name, "marker": {"color": colour}}


def convergence(_p: ValidateParams, r: HabitsResult) -> Chart:
    """Errors against the number of cells."""
    if r.kind == "oracles":
        slope = theory(r.counts, r.front_error[0] * (r.counts[0] / r.counts) ** 2, "@second_order", dash="dash", width=1.5)
        marks = [slope, series(1, r.counts, _shown(r.front_error), "@front_error")]
        marks.append(series(2, r.counts, _shown(r.steady_error), "@steady_error"))
        return chart(*marks, x="@cells_axis", y="@relative_axis", xaxis=_at(r.counts), yaxis=LOG)
    marks = [
        series(1, r.counts, _shown(r.steady_error), "@to_measured"),
        series(2, r.counts, _shown(r.front_error), "@to_finest"),
    ]
    return chart(*marks, x="@cells_axis", y="@rmse_axis", xaxis=_at(r.counts), yaxis=LOG)


def _at(counts: Array) -> Payload:
    """A logarithmic axis with these numbers on it."""
    return {"type": "log", "tickmode": "array", "tickvals": counts.tolist(), "ticktext": [f"{n:.0f}" for n in counts]}


def _shown(values: Array) -> Array:
    return np.maximum(values, SMALLEST)


def resting(_p: ValidateParams, r: HabitsResult) -> Chart:
    """Mean temperature of the water after the flow has stopped."""
    line = theory(r.rest_time / 60, r.rest_theory, "@both_eigenvalues")
    return chart(
        line,
        dots(r.rest_time[::3] / 60, r.rest_simulated[::3], "@simulated", MEASURED, 7),
        x="@minutes_axis",
        y="@degrees_axis",
    )


def thermostat(_p: ValidateParams, r: HabitsResult) -> Chart:
    """The end of the pipe through one cycle of a pump that starts when it is cool and stops when it is warm."""
    off, _, off_theory, on_theory = r.cycle / 60
    few = _every(r.cycle_time, MOST_DOTS)
    ends = np.array([0.0, max(float(r.cycle_time[-1]) / 60, off_theory + on_theory)])
    marks = [theory(ends, np.full(2, level), name, color=MUTED, dash="dot", width=1.5) for level, name in LEVELS]
    height = np.array([STARTS, STOPS])
    marks += [
        theory(np.full(2, at), height, name)
        for at, name in ((off_theory, "@starts_theory"), (off_theory + on_theory, "@stops_theory"))
    ]
    marks += [dots(r.cycle_time[few] / 60, r.cycle_sensor[few], "@simulated", MEASURED, 5)] if off >= 0 else []
    return chart(*marks, x="@minutes_axis", y="@degrees_axis")


LEVELS = ((STARTS, "@pump_on"), (STOPS, "@pump_off"))


def by_lot(_p: ValidateParams, r: HabitsResult) -> Chart:
    """The wait of every draw against the gap before it, and the means."""
    mean, error, exact, _ = map(float, r.wait)
    warm = r.waits_theory >= 0
    marks = [theory(r.gaps_theory[warm] / 60, r.waits_theory[warm], "@wait_theory")]
    if mean >= 0:
        last = float(r.gaps.max()) / 60
        marks.append(band(mean - 2 * error, mean + 2 * error, 0.0, last, "@mean_band"))
        marks.append(theory(np.array([0.0, last]), np.full(2, exact), "@mean_theory", dash="dash", width=1.5))
        marks.append(dots(r.gaps / 60, r.waits, "@simulated", MEASURED, 5))
    return chart(*marks, x="@gap_axis", y="@wait_axis", yaxis={"rangemode": "tozero"})


def _every(time: Array, most: int) -> Array:
    """Indices, evenly spread, of at most so many."""
    return np.unique(np.linspace(0, time.size - 1, min(most, time.size)).astype(int))


def warm() -> None:
    """Compile the inner loops, or fetch them compiled."""
    compute(ValidateParams(seed=1))


VALIDATE = Experiment(
    "hotwater_validate",
    ValidateParams,
    Computation(compute, (outlet, residual, errors), ValidateResult, live=True),
    Computation(habits, (convergence, resting, thermostat, by_lot), HabitsResult),
    warm=warm,
)

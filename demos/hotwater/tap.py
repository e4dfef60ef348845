"""One heater, one pipe, one tap: a red front crawls against a stopwatch."""

import numpy as np

from core.hotwater.day import DayResult, day
from core.hotwater.heaters import fires_from
from core.hotwater.inverse import LONGEST, SHORTEST
from core.hotwater.params import Params
from core.hotwater.tap import TapResult, compute
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, SERIES, SYMBOLS, THEORY, Chart, Panel, Payload, Stage, chart, spots, theory
from demos.hotwater.house import VIEW, house

MOST_POINTS = 400
END = 0.1  # m from the end of the range where a length was not found but met the bound


def network(p: Params, r: TapResult) -> Stage:
    """The lines through time."""
    labels = tuple(f"{t:.1f} s" for t in r.film_time)
    return Stage((Panel(_title(p, r), VIEW, (house(p, r),), bare=True),), labels)


def _title(p: Params, r: TapResult) -> str:
    """What there is to know before looking."""
    if 0 < r.pump_flow < fires_from(p.heater):
        return "@pump_weak"
    if p.tap.kind == "cold":
        return "@cold_fires" if r.starts else "@cold_rests"
    if r.warm and r.solved:
        return "@found" if SHORTEST + END < r.length < LONGEST - END else "@no_pipe"
    if r.warm:
        return "@warms"
    return "@never_fires" if not r.starts else "@stays_cold"


def temperature(p: Params, r: TapResult) -> Chart:
    """Of the tap against time: theory without a pump, and the simulation."""
    stride = max(1, len(r.time) // MOST_POINTS)
    time, tap = r.time[::stride], (r.cold_tap if r.opens_cold else r.tap)[::stride]
    marks = [dots(time, tap, "@simulated", MEASURED, 4)]
    if not r.opens_cold:
        after = time >= 0
        marks.insert(0, theory(time[after], r.tap_theory[::stride][after], "@theory_alone"))
        upright, height = np.full(2, r.dead_time), np.array([p.mains, p.set_point])
        marks.append(theory(upright, height, "@dead_time_line", dash="dot", width=1.5))
        marks.append(_level(time, p.use, "@warm_enough"))
    heater = theory(time, r.heater[::stride], "@heater_line", color=MUTED, dash="dot", width=1.5)
    return chart(*marks, heater, x="@time_axis", y="@degrees_axis")


def standing_waits(_p: Params, r: TapResult) -> Chart:
    """The wait against the time since hot water was last used, at times drawn by lot."""
    warm = r.waits_theory >= 0
    line = theory(r.standings_theory[warm], r.waits_theory[warm], "@theory_alone")
    warmed = dots(r.standings[r.became_warm], r.waits[r.became_warm], "@simulated", MEASURED, 9)
    cold = dots(r.standings[~r.became_warm], r.waits[~r.became_warm], "@still_cold", MUTED, 9, symbol="x")
    marks = [line, warmed, *([cold] if not r.became_warm.all() else [])]
    return chart(*marks, x="@standing_axis", y="@wait_axis", xaxis={"type": "log"}, yaxis={"rangemode": "tozero"})


def dots(x: np.ndarray, y: np.ndarray, name: str, colour: str, size: int, symbol: str = "diamond") -> Payload:
    return spots(x, y, name, colour, symbol, size)


def _level(time: np.ndarray, value: float, name: str) -> Payload:
    ends = np.array([time.min(), time.max()])
    return theory(ends, np.full(2, value), name, color=MUTED, dash="dash", width=1.5)


def cooling(_p: Params, r: DayResult) -> Chart:
    """The line at rest: both eigenvalues, the slow one, and the simulation."""
    slow = theory(r.stood_theory, r.left_slow, "@slow_alone", dash="dash", width=1.5)
    line = theory(r.stood_theory, r.left_theory, "@theory_alone")
    return chart(line, slow, dots(r.stood, r.left, "@simulated", MEASURED, 9), x="@standing_axis", y="@left_axis")


def comparison(p: Params, r: DayResult) -> Chart:
    """Every scheme over one day: money against seconds waited."""
    dots = [
        {"type": "scatter", "mode": "markers", "name": f"@choice.{name}", "x": [float(r.money[i])], "y": [float(r.wait[i])]}
        | {"marker": {"color": SERIES[i % len(SERIES)], "symbol": SYMBOLS[i % len(SYMBOLS)], "size": 12 if _is(p, name) else 9}}
        for i, name in enumerate(r.schemes)
    ]
    ends = np.array([float(r.money.min()), float(r.money.max())])
    line = theory(ends, np.full(2, r.wait_theory), "@theory_drain")
    return chart(
        line, *dots, x="@money_axis", y="@mean_wait_axis", xaxis={"rangemode": "tozero"}, yaxis={"rangemode": "tozero"}
    )


def _is(p: Params, name: str) -> bool:
    return name == f"{p.scheme.kind}.{p.switching.kind}"


def energy(_p: Params, r: DayResult) -> Chart:
    """Where the heat of a day goes, scheme by scheme."""
    names = [f"@choice.{name}" for name in r.schemes]
    parts = (("@lost_bar", r.lost, MEASURED), ("@pump_bar", r.pump, SERIES[4]))
    bars = [
        {"type": "bar", "orientation": "h", "y": names, "x": value.tolist(), "name": name, "marker": {"color": colour}}
        for name, value, colour in parts
    ]
    return chart(*bars, x="@kwh_axis", y="@scheme_axis", barmode="stack", yaxis={"autorange": "reversed"}, height=420)


def lengths(p: Params, r: DayResult) -> Chart:
    """Which pipe you probably have: metres of each that make one wait."""
    names = [f"@pipe.{name}" for name in r.pipes]
    colours = [THEORY if name == p.pipe.value else MUTED for name in r.pipes]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": r.lengths.tolist(),
        "name": "@length_bar",
        "marker": {"color": colours},
    }
    return chart(bars, x="@length_axis", y="@pipe_axis", yaxis={"autorange": "reversed"}, height=380, showlegend=False)


def warm() -> None:
    """Compile the inner loops, or fetch them compiled."""
    compute(Params(scheme="return_line", seed=1))


TAP = Experiment(
    "hotwater_tap",
    Params,
    Computation(compute, (network, temperature, standing_waits), TapResult, live=True),
    Computation(day, (comparison, energy, cooling, lengths), DayResult),
    warm=warm,
)

"""Every scheme in one home: money and water against seconds, a table, and the settings with which a control is worth most."""

import numpy as np

from core.hotwater.compare import BestResult, CompareParams, CompareResult, best, compute
from core.hotwater.compare.best import TUNED
from core.hotwater.compare.sampled import YEAR
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, SERIES, SYMBOLS, THEORY, Array, Chart, Payload, Rows, chart, theory, typed
from demos.hotwater.tap import dots

SWITCHINGS = ("never", "on_demand", "smart", "pulse", "motion", "learned", "thermostat", "timer", "always")
TO_ZERO: Payload = {"rangemode": "tozero"}


def money(_p: CompareParams, r: CompareResult) -> Chart:
    """Seconds waited against money a year, with the error of what is saved."""
    error = r.saved_error if len(r.days) > 1 else None
    symbols = [_symbol(name) for name in SWITCHINGS]
    return _against(r, r.year, "@money_axis", symbols, r.front, error)


def water(_p: CompareParams, r: CompareResult) -> Chart:
    """The same against litres that run off."""
    return _against(r, r.mean("wasted"), "@water_axis", [], [])


def _symbol(switching: str) -> Payload:
    """A line of the legend alone."""
    marker = {"color": MUTED, "symbol": SYMBOLS[SWITCHINGS.index(switching)], "size": 9}
    return {"type": "scatter", "mode": "markers", "name": f"@switching.{switching}", "x": [None], "y": [None], "marker": marker}


def _against(r: CompareResult, x: Array, axis: str, more: list[Payload], front: list[int], error: Array | None = None) -> Chart:
    """Colours are schemes, symbols are controls; one's own is larger."""
    wait = r.mean("wait_mean")
    marks = _schemes(r, x, wait, error)
    if front:
        edge = theory(x[front], wait[front], "@front", color=MUTED, width=1.5)
        edge["line"] |= {"shape": "hv"}
        marks.insert(0, edge)
    return chart(*marks, *more, x=axis, y="@mean_wait_axis", xaxis=TO_ZERO, yaxis=TO_ZERO)


def _schemes(r: CompareResult, x: Array, wait: Array, error: Array | None = None) -> list[Payload]:
    return [_scheme(r, scheme, i, x, wait, error) for i, scheme in enumerate(dict.fromkeys(map(_scheme_of, r.names)))]


def _scheme(r: CompareResult, scheme: str, number: int, x: Array, wait: Array, error: Array | None) -> Payload:
    """The dots of one scheme."""
    mine = [i for i, name in enumerate(r.names) if _scheme_of(name) == scheme]
    switchings = [r.names[i].partition(".")[2] for i in mine]
    marker = {
        "color": SERIES[number % len(SERIES)],
        "symbol": [SYMBOLS[SWITCHINGS.index(each)] for each in switchings],
        "size": [15 if r.names[i] == r.own else 9 for i in mine],
    }
    body = {"type": "scatter", "mode": "markers", "name": f"@scheme.{scheme}", "x": typed(x[mine]), "y": typed(wait[mine])}
    body |= {"marker": marker, "hovertext": [f"@switching.{each}" for each in switchings]}
    return body | ({} if error is None else {"error_x": {"type": "data", "array": error[mine].tolist(), "thickness": 1}})


def _scheme_of(name: str) -> str:
    return name.partition(".")[0]


def waits(_p: CompareParams, r: CompareResult) -> Chart:
    """Mean wait that was simulated against the one that theory says, a dot a scheme."""
    expected, found = r.mean("wait_theory"), r.mean("wait_mean")
    most = max(float(expected.max()), float(found.max()), 1.0)
    line = theory(np.array([0.0, most]), np.array([0.0, most]), "@equal")
    return chart(line, *_schemes(r, expected, found), x="@wait_theory_axis", y="@mean_wait_axis", xaxis=TO_ZERO, yaxis=TO_ZERO)


def table(_p: CompareParams, r: CompareResult) -> Rows:
    """All of them, by what they are worth."""
    value = r.worth.mean(axis=1) * YEAR
    order = np.argsort(value)
    columns = [value, r.year, r.mean("wait_mean"), r.mean("wait_p95"), r.mean("wasted"), r.mean("gas"), r.mean("cold_warm")]
    rows: list[tuple[str | float, ...]] = [(*_keys(r.names[i]), *(float(each[i]) for each in columns)) for i in order]
    head = ("scheme", "switching", "worth_head", "year_head", "wait_head", "p95_head", "water_head", "gas_head", "cold_head")
    return Rows(tuple(f"@{key}" for key in head), tuple(rows), tuple(k for k, i in enumerate(order) if r.names[i] == r.own))


def _keys(name: str) -> tuple[str, str]:
    scheme, switching = name.split(".")
    return f"@scheme.{scheme}", f"@switching.{switching}"


def tuning(_p: CompareParams, r: BestResult) -> Chart:
    """What every control of the scheme is worth, as it is set and at its best, on days from which nothing was learned."""
    names = [f"@switching.{name}" for name in r.names]
    pairs = (("@as_set", r.as_set, MUTED), ("@tuned", r.tuned, MEASURED))
    bars = [
        {"type": "bar", "orientation": "h", "y": names, "x": (values.mean(axis=1) * YEAR).tolist(), "name": name}
        | {"marker": {"color": colour}}
        for name, values, colour in pairs
    ]
    return chart(*bars, x="@worth_axis", y="@control_axis", barmode="group", yaxis={"autorange": "reversed"}, height=380)


def pressed_ahead(_p: CompareParams, r: BestResult) -> Chart:
    """What the optimiser saw of the button: worth against the seconds that it is pressed ahead."""
    marks = [dots(r.ahead, r.ahead_worth * YEAR, "@tried", MEASURED, 7)]
    if r.ready > 0 and len(r.ahead):
        ends = np.array([r.ahead_worth.min(), r.ahead_worth.max()]) * YEAR
        marks.append(theory(np.full(2, r.ready), ends, "@ready_line", color=THEORY, dash="dot", width=2))
    return chart(*marks, x="@ahead_axis", y="@worth_axis", xaxis={"range": [0, 300]})


def best_settings(_p: CompareParams, r: BestResult) -> Rows:
    """The best of them, in the units of the controls."""
    rows = []
    for i in np.argsort(r.tuned.mean(axis=1)):
        knobs = TUNED.get(r.names[i], ())
        values = [
            cell for name, value in zip(knobs, r.settings[i], strict=False) for cell in (f"@{name}", round(float(value), 2))
        ]
        found = [float(r.tuned[i].mean() * YEAR), float(r.cost[i] * YEAR), float(r.wait[i])]
        rows.append((f"@switching.{r.names[i]}", *found, *values, *[""] * (4 - len(values))))
    head = ("@switching", "@worth_head", "@year_head", "@wait_head", "@knob_head", "@value_head", "@knob_head", "@value_head")
    return Rows(head, tuple(rows), (0,))


def warm() -> None:
    """Compile the inner loops, or fetch them compiled."""
    next(compute(CompareParams(seed=1)))


COMPARE = Experiment(
    "hotwater_compare",
    CompareParams,
    Computation(compute, (money, water, waits, table), CompareResult),
    Computation(best, (tuning, pressed_ahead, best_settings), BestResult),
    warm=warm,
)

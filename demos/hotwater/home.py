"""A home through a day: the temperature moves through its plan, people wait, and a bill comes."""

import numpy as np

from core.hotwater.house import HouseParams, HouseResult, compute
from core.hotwater.house.home import home
from core.hotwater.water import HEAT, LITRE, density
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, SERIES, THEORY, Chart, Lines, Panel, Payload, Stage, chart, theory
from demos.hotwater.plan import VIEW, frames, plan
from demos.hotwater.tap import dots

KWH = 3.6e6
HOUR = 3600.0
MOST_MARKS = 400


def house(p: HouseParams, r: HouseResult) -> Stage:
    """The plan through the day."""
    return Stage((Panel("", VIEW, (plan(p, home(p), r),), bare=True),), frames(r))


def waits(_p: HouseParams, r: HouseResult) -> Chart:
    """Every hot draw strong enough to fire the heater: when, and how long until it was warm."""
    hot, known = r.counts, r.counts & (r.wait_theory >= 0)
    warm, cold = hot & (r.wait >= 0), hot & (r.wait < 0)
    rule = dots(r.at[known] / HOUR, r.wait_theory[known], "@theory_rule", THEORY, 13, symbol="line-ew-open")
    marks = [rule, dots(r.at[warm] / HOUR, r.wait[warm], "@simulated", MEASURED, 9)]
    marks += [dots(r.at[cold] / HOUR, r.lasted[cold], "@still_cold", MUTED, 10, symbol="x")] if cold.any() else []
    return chart(*marks, x="@hour_axis", y="@wait_axis", xaxis={"range": [0, 24]}, yaxis={"rangemode": "tozero"})


def by_tap(_p: HouseParams, r: HouseResult) -> Chart:
    """The same by room: half of its draws, the worst of them, and what theory says of the half."""
    seconds = np.where(r.wait >= 0, r.wait, r.lasted)
    rooms = sorted({int(number) for number in r.place[r.counts]})
    mine = [r.counts & (r.place == number) for number in rooms]
    half = np.array([np.median(seconds[each]) for each in mine])
    worst = np.array([seconds[each].max() for each in mine])
    told = [r.wait_theory[each & (r.wait_theory >= 0)] for each in mine]
    rule = np.array([np.median(each) if len(each) else 0.0 for each in told])
    names = [f"{number + 1}" for number in rooms]
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": half.tolist(),
        "name": "@half_bar",
        "marker": {"color": MEASURED},
    }
    marks = [dots(rule, rule, "@theory_half", THEORY, 14, symbol="line-ns-open"), dots(worst, worst, "@worst", MUTED, 9)]
    y: Payload = {"type": "category", "autorange": "reversed"}
    return chart(bars, *(mark | {"y": names} for mark in marks), x="@wait_axis", y="@room_axis", yaxis=y, height=260)


def power(p: HouseParams, r: HouseResult) -> Chart:
    """What the heater gives through the day, beside what the draws alone would ask."""
    asked, hours = _asked(p, r)
    line = theory(hours, asked, "@theory_power")
    line["line"] |= {"shape": "hv", "width": 1.5}
    given = theory(r.times / HOUR, r.power, "@simulated", color=MEASURED, width=1.5)
    given["line"] |= {"shape": "vh"}
    return chart(line, given, x="@hour_axis", y="@power_axis", xaxis={"range": [0, 24]})


def _asked(p: HouseParams, r: HouseResult) -> tuple[np.ndarray, np.ndarray]:
    """(kW, hours) of a step line: flow times the rise of every hot draw that is running."""
    hot = r.counts & (r.lasted > 0)
    edges = np.unique(np.concatenate([[0.0, 86400.0], r.at[hot], (r.at + r.lasted)[hot]]))
    runs = (r.at[hot] <= edges[:, None]) & (edges[:, None] < (r.at + r.lasted)[hot])
    heat = density(p.use) * HEAT * LITRE / 1000 * (p.set_point - p.mains)  # kW of one litre a minute
    return runs @ r.flow[hot] * heat, edges / HOUR


def energy(_p: HouseParams, r: HouseResult) -> Chart:
    """Where the heat of the day went."""
    fired, pump, drawn, hot, back, cold, heater, stored = r.heat / KWH
    parts = {"@heat_used": drawn - r.warmup / KWH, "@heat_run_off": r.warmup / KWH, "@heat_hot": hot, "@heat_return": back}
    parts |= {"@heat_cold": cold, "@heat_heater": heater, "@heat_stored": stored}
    bars: Payload = {
        "type": "bar",
        "orientation": "h",
        "y": [*parts],
        "x": [float(v) for v in parts.values()],
        "name": "@simulated",
    }
    bars |= {"marker": {"color": [SERIES[0], MEASURED, *[SERIES[4]] * 4, MUTED]}}
    ends = {"y": ["@heat_used", "@heat_stored"]}
    given = theory(np.full(2, fired + pump), np.zeros(2), "@heat_given") | ends
    always = theory(np.full(2, r.loss_always * 24 / 1000), np.zeros(2), "@heat_always", color=MUTED, dash="dash") | ends
    return chart(bars, given, always, x="@kwh_axis", y="@where_axis", yaxis={"autorange": "reversed"}, height=380)


def money(_p: HouseParams, r: HouseResult) -> Chart:
    """A year like this day, beside the same home without a scheme."""
    names = ["@with_scheme", "@without_scheme"]
    kit, running = (r.bill["cost"] - r.prices["running"]) * 365, r.prices["running"] * 365
    parts = (("@running_bar", [running, r.plain_running * 365], SERIES[0]), ("@kit_bar", [kit, 0.0], SERIES[4]))
    bars = [
        {"type": "bar", "orientation": "h", "y": names, "x": values, "name": name, "marker": {"color": colour}}
        for name, values, colour in parts
    ]
    return chart(*bars, x="@year_axis", y="@which_axis", barmode="stack", yaxis={"autorange": "reversed"}, height=230)


def warned(_p: HouseParams, r: HouseResult) -> Lines:
    """What a plumber would point at."""
    rows = [{"title": f"@warn.{name}", "runs": [], "note": f"@warn_why.{name}", "number": ""} for name in r.warnings]
    return Lines(tuple(rows or [{"title": "@warn.none", "runs": [], "note": "@warn_why.none", "number": ""}]))


def warm() -> None:
    """Compile the inner loops, or fetch them compiled."""
    compute(HouseParams(seed=1))


HOUSE = Experiment(
    "hotwater_house",
    HouseParams,
    Computation(compute, (house, waits, by_tap, money, energy, power, warned), HouseResult, live=True),
    warm=warm,
)

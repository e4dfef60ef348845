"""Guidance on a real trained model: pictures while they are denoised, judged by a network that guidance never sees."""

from typing import Any

import numpy as np

from core.guidance.digits import ComparisonResult, Params, PicturesResult, comparison, compute, warm
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, Chart, Grid, Payload, band, chart, series, theory

COLUMNS = 8
LOG = {"type": "log", "dtick": "D2"}  # ticks at 1, 2 and 5
HOVER = "%{x:.3g} ms, %{y:.3g}<br>γ %{customdata[0]}, %{customdata[1]} ×, %{customdata[2]} min<extra>%{fullData.name}</extra>"


def pictures(p: Params, r: PicturesResult) -> Grid:
    """The pictures through time; a mark says what the judge reads, the back is the nearest training digit."""
    last = len(r.history) - 1
    labels = tuple(f"{round(100 * i / max(last, 1))} %" for i in range(last + 1))
    backs = r.nearest if len(r.nearest) else None
    captions = tuple(f"{label} · {away:.1f}" for label, away in zip(r.nearest_label, r.nearest_distance, strict=True))
    return Grid(r.history, min(COLUMNS, p.count), labels, _marks(r), backs=backs, captions=captions)


def _marks(r: PicturesResult) -> tuple[Payload, ...]:
    read = r.judge.argmax(axis=1)
    return tuple({"text": str(digit), "good": bool(r.asked[i, digit] > 0)} for i, digit in enumerate(read))


def same_seeds(p: Params, r: ComparisonResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """A row of pictures for each gamma, the same seeds in every row."""
    gammas, across, height, width = r.pictures.shape
    rows = tuple(f"γ = {gamma:g}" for gamma in r.gamma)
    return Grid(r.pictures.reshape(1, gammas * across, height, width), across, rows=rows)


def quality(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Frechet distance of 5000 pictures against gamma, 95 % bars, a line for every method; the band is real against real."""
    lines = [
        series(i, _column(rows, "gamma"), _column(rows, "frechet"), f"@scenes.{name}", _half_interval(rows))
        for i, (name, rows) in enumerate(_scenes(r))
    ]
    low, high = r.floor
    floor = band(low, high, 0.0, max(float(row["gamma"]) for row in r.table), "@floor")
    return chart(floor, *lines, x="@gamma_axis", y="@frechet_axis", yaxis=LOG)


def price(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Best Frechet distance of every method against what a picture costs."""
    best = [(name, min(rows, key=_frechet)) for name, rows in _scenes(r)]
    marks = [
        series(
            i,
            _column([row], "milliseconds"),
            _column([row], "frechet"),
            f"@scenes.{name}",
            mode="markers",
            customdata=_hover(row),
        )
        | {"hovertemplate": HOVER}
        for i, (name, row) in enumerate(best)
    ]
    return chart(*marks, x="@price_axis", y="@frechet_axis", xaxis=LOG, yaxis=LOG)


def agreement(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Judge agreement against gamma with the noise re-derived and with the old noise kept."""
    rows = {name: rows for name, rows in _scenes(r) if name in ("cfg_ddim", "cfg_trap_ddim")}
    lines = [
        series(i, _column(each, "gamma"), _column(each, "judge_agreement"), f"@scenes.{name}", _binomial(each))
        for i, (name, each) in enumerate(rows.items())
    ]
    return chart(*lines, x="@gamma_axis", y="@agreement_axis", yaxis={"range": [0, 1.02]})


def response(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """How one bright pixel answers a change of the predicted noise under the three rules."""
    looks = (("free", MUTED, "dash"), ("derived", MODEL, "solid"), ("kept", MEASURED, "dot"))
    lines = [
        theory(r.nudges, row, f"@response_rule.{name}", color=colour, dash=dash)
        for (name, colour, dash), row in zip(looks, r.responses, strict=True)
    ]
    return chart(*lines, x="@nudge_axis", y="@moved_axis")


def _scenes(r: ComparisonResult) -> list[tuple[str, list[dict[str, Any]]]]:
    """(name of scene and sampler, its rows by gamma), in the table's order."""
    names = [f"{row['scene']}_{row['sampler']}".replace(" ", "_") for row in r.table]
    return [
        (name, sorted((row for row, each in zip(r.table, names, strict=True) if each == name), key=_gamma))
        for name in dict.fromkeys(names)
    ]


def _gamma(row: dict[str, Any]) -> float:
    return float(row["gamma"])


def _frechet(row: dict[str, Any]) -> float:
    return float(row["frechet"])


def _column(rows: list[dict[str, Any]], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], float)


def _half_interval(rows: list[dict[str, Any]]) -> np.ndarray:
    """Of the 95 % interval of the Frechet distance."""
    return np.array([(row["frechet_interval"][1] - row["frechet_interval"][0]) / 2 for row in rows])


def _binomial(rows: list[dict[str, Any]]) -> np.ndarray:
    """Half of the 95 % interval of a share of so many pictures."""
    share = _column(rows, "judge_agreement")
    return 1.96 * np.sqrt(share * (1 - share) / _column(rows, "pictures"))


def _hover(row: dict[str, Any]) -> list[list[float]]:
    return [[row["gamma"], row["evaluations"], row["training_minutes"]]]


DIGITS = Experiment(
    "guidance_digits",
    Params,
    Computation(compute, (pictures,), PicturesResult),
    Computation(comparison, (same_seeds, response, agreement, quality, price), ComparisonResult),
    warm,
)

"""Bring a matrix of logits or of weights: what each row holds, and how far noise on its logits moves its output."""

import numpy as np

from core.attention.laws import DropRenormalised, Gaussian, Laplace
from core.attention.matrix import MatrixParams, MatrixResult, compute
from core.attention.matrix.strength import StrengthResult, strengths
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, Array, Chart, Payload, Rows, chart, packed, theory
from demos.attention.marks import LEAST, logarithmic, measured, shown, upright

DARKEST = -4.0  # log10 of a weight that is shown as none
APART = ((0.0, 0.47), (0.53, 1.0))  # where the two maps are
SIGMAS = 2
FINEST = 4  # digits of a number in the table


def maps(p: MatrixParams, r: MatrixResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """The matrix without noise and under one draw of it, the row that is looked at between two lines."""
    rows, columns = r.weights.shape
    at = float(r.number[r.chosen])
    bar = {"title": {"text": "@weight_axis", "side": "right"}, "tickvals": [0, -1, -2, -3, -4], "thickness": 12}
    bar["ticktext"] = ["1", ".1", ".01", ".001", "0"]
    look: Payload = {"type": "heatmap", "x0": 1, "y0": 1, "zmin": DARKEST, "zmax": 0.0, "colorscale": "Viridis"}
    left = look | {"z": _shades(r.weights), "colorbar": bar}
    right = look | {"z": _shades(r.shaken), "showscale": False, "xaxis": "x2", "yaxis": "y2"}
    frames = [_frame(at, columns, axis) for axis in ("", "2")]
    view = {"range": [rows + 0.5, 0.5]}
    across = [{"domain": list(place), "range": [0.5, columns + 0.5]} for place in APART]
    second = {
        "xaxis2": across[1] | {"title": {"text": "@key_axis"}},
        "yaxis2": view | {"anchor": "x2", "showticklabels": False},
    }
    names = [_title(key, sum(place) / 2) for key, place in zip(("@before", "@after"), APART, strict=True)]
    return chart(
        left, right, *frames, x="@key_axis", y="@query_axis", xaxis=across[0], yaxis=view, **second,
        annotations=names, showlegend=False, height=420, margin={"l": 8, "r": 12, "t": 34, "b": 8},
    )  # fmt: skip


def _shades(weights: Array) -> Payload:
    """log10, as plotly.js reads a matrix."""
    logs = np.log10(np.maximum(weights, 10**DARKEST))
    return {"dtype": "f4", "bdata": packed(logs.astype("<f4")), "shape": f"{logs.shape[0]}, {logs.shape[1]}"}


def _frame(row: float, columns: int, axis: str) -> Payload:
    """Two lines around a row."""
    x = [0.5, columns + 0.5, None, 0.5, columns + 0.5]
    y = [row - 0.5, row - 0.5, None, row + 0.5, row + 0.5]
    body = {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": {"color": MEASURED, "width": 1.5}, "hoverinfo": "skip"}
    return body | {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}


def _title(key: str, x: float) -> Payload:
    return {"text": key, "x": x, "y": 1.0, "xref": "paper", "yref": "paper", "yanchor": "bottom", "showarrow": False}


def information(p: MatrixParams, r: MatrixResult) -> Chart:  # noqa: ARG001
    """Entropy of every row, beside what Gaussian logits of its spread would hold, and the most that there can be."""
    seen = {"type": "scatter", "mode": "markers", "x": r.number.tolist(), "y": r.entropy.tolist(), "name": "@this_matrix"}
    seen["marker"] = {"color": MEASURED, "symbol": "diamond", "size": 6}
    return chart(
        theory(r.number, np.log(r.tokens), "@log_n", color=MUTED, dash="dash", width=1.5),
        theory(r.number, r.entropy_theory, "@gaussian_entropy"),
        seen,
        _ring(float(r.number[r.chosen]), float(r.entropy[r.chosen])),
        x="@query_axis",
        y="@entropy_axis",
        xaxis={"range": _span(r)},
        yaxis={"rangemode": "tozero"},
    )


def _ring(x: float, y: float) -> Payload:
    mark = {"symbol": "circle-open", "size": 16, "color": MODEL, "line": {"width": 2.5}}
    return {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": mark, "name": "@row_mark"}


def _span(r: MatrixResult) -> list[float]:
    return [0.5 - 0.02 * r.total, 0.5 + 1.02 * r.total]


def moved(p: MatrixParams, r: MatrixResult) -> Chart:  # noqa: ARG001
    """Error of every row's output under the noise: exact, to second order, measured."""
    lines = []
    if len(r.error_leading):
        lines.append(theory(r.number, shown(r.error_leading), "@second_order", color=MUTED, dash="dot"))
    if len(r.error_exact):
        lines.append(theory(r.number, shown(r.error_exact), "@exact"))
    dots = measured(r.number, shown(r.error), r.error_stderr)
    ring = _ring(float(r.number[r.chosen]), float(shown(r.error)[r.chosen]))
    axes = {"xaxis": {"range": _span(r)}, "yaxis": logarithmic(r.error, r.error_exact)}
    return chart(*lines, dots, *([ring] if r.error[r.chosen] >= LEAST else []), x="@query_axis", y="@error_axis", **axes)


def scales(p: MatrixParams, r: MatrixResult) -> Chart:
    """Entropy of the row against what its logits are multiplied by."""
    top = float(max(r.entropy_by_scale.max(), r.entropy_by_scale_theory.max(), 0.01))
    marks = [
        theory(r.scales, r.entropy_by_scale_theory, "@gaussian_entropy"),
        theory(r.scales, r.entropy_by_scale, "@this_row", color=MEASURED, width=3),
        _ring(p.scale, float(r.entropy[r.chosen])),
    ]
    if 0 < r.freezing <= r.scales[-1]:
        marks.insert(0, upright(r.freezing, 0.0, top, "@freezing"))
    return chart(*marks, x="@scale_axis", y="@entropy_axis", yaxis={"range": [-0.03 * top, 1.06 * top]})


def by_row(p: MatrixParams, r: MatrixResult) -> Rows:  # noqa: ARG001
    """The table by row; the one that is looked at stands out."""
    columns = {
        "row": r.number,
        "tokens": r.tokens,
        "entropy": r.entropy,
        "gaussian": r.entropy_theory,
        "support": r.support,
        "error": r.error,
        "stderr": r.error_stderr,
        "exact": r.error_exact,
        "leading": r.error_leading,
        "largest": r.largest,
        "at": r.largest_at + 1,
        "spread": r.spread,
        "gradient": r.gradient,
    }
    rows = [tuple(_cell(column, i) for column in columns.values()) for i in range(len(r.number))]
    return Rows(tuple(f"@columns.{name}" for name in columns), tuple(rows), (r.chosen,))


def _cell(column: Array, i: int) -> str | float:
    return float(f"{column[i]:.{FINEST}g}") if len(column) else "–"


def strengthening(p: MatrixParams, r: StrengthResult) -> Chart:  # noqa: ARG001
    """Error of the row against the strength of the noise."""
    lines = []
    if len(r.error_leading):
        known = r.strength[: len(r.error_leading)]
        lines.append(theory(known, shown(r.error_leading), "@second_order", color=MUTED, dash="dot"))
    if len(r.error_exact):
        lines.append(theory(r.strength[: len(r.error_exact)], shown(r.error_exact), "@exact"))
    top = float(max(r.error.max(), LEAST))
    here = upright(r.own, float(max(r.error.min(), LEAST)), top, "@own_strength", MODEL)
    x = {"type": "log", "dtick": "D2"} if r.name == "strength" and r.own > 0 else {}
    axes = {"xaxis": x, "yaxis": logarithmic(r.error, r.error_exact)}
    return chart(here, *lines, measured(r.strength, shown(r.error), r.error_stderr), x=f"@{r.name}", y="@error_axis", **axes)


def warm() -> None:
    """Tables of both theories, and what they import."""
    for law in (Gaussian(), Laplace(), DropRenormalised()):
        list(compute(MatrixParams(tokens=16, noise=law)))


MATRIX = Experiment(
    "attention_matrix",
    MatrixParams,
    Computation(compute, (maps, information, moved, scales, by_row), MatrixResult),
    Computation(strengths, (strengthening,), StrengthResult),
    warm,
)

"""Every way to fine-tune one matrix, each against its own floor."""

import numpy as np

from core.lora.comparison import ComparisonResult, comparison
from core.lora.matrix import MatrixResult, Params, compute
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, THEORY, Chart, chart, theory, typed
from demos.lora.bars import filling
from demos.lora.comparison import by_parameters, by_rate, forgetting, price
from demos.lora.lines import LINES, TOP, cut, grey, names


def update(_: Params, r: MatrixResult) -> Chart:
    """Singular values of the update, filling the outlines of what the data ask for."""
    return filling(r.wanted, r.spectra, [f"t = {step}" for step in r.frames], "@spectrum_axis")


def losses(p: Params, r: MatrixResult) -> Chart:
    """Loss of all methods against the step; dashed: the floor of the one looked at."""
    lines = [grey(r.shown, r.losses[:, i], name) for i, name in enumerate(r.methods) if name not in LINES and i != r.chosen]
    for name, colour in LINES.items():
        if name != p.method.kind:
            line = {"color": colour, "width": 2, "dash": "dot"}
            lines.append(theory(r.shown, cut(r.losses[:, r.methods.index(name)]), f"@method.{name}", **line))
    lines.append(theory(r.shown, cut(r.losses[:, r.chosen]), f"@method.{p.method.kind}", color=MEASURED, width=4))
    if r.known[r.chosen]:
        ends = np.array([0, r.shown[-1]])
        lines.append(theory(ends, np.repeat(r.floors[r.chosen], 2), "@own_floor", dash="dash", width=2.5))
    few = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    return chart(*lines, x="@step_axis", y="@loss_axis", yaxis={"range": [0, TOP]}, legend=few, height=380)


def landing(_: Params, r: MatrixResult) -> Chart:
    """Where each method ended, beside the lowest loss in its reach; a cross has diverged, a triangle is beyond."""
    order = np.argsort(-np.where(r.diverged, np.inf, r.final), kind="stable")
    rows = [f"@method.{r.methods[i]}" for i in order]
    ended = np.minimum(r.final[order], TOP)
    floors = [float(r.floors[i]) if r.known[i] else None for i in order]
    symbols = ["x" if r.diverged[i] else "triangle-right" if r.final[i] > TOP else "circle" for i in order]
    sizes = [15 if i == r.chosen else 9 for i in order]
    tick = {"symbol": "line-ns", "size": 10, "line": {"color": THEORY, "width": 3}}
    hover = "%{y}<br>%{x:.4f}<br>%{customdata[0]} · %{customdata[1]} B<extra>%{fullData.name}</extra>"
    numbers = [[int(r.trained[i]), int(r.state[i])] for i in order]
    dots = {"color": MEASURED, "size": sizes, "symbol": symbols, "opacity": 1}
    data = (
        {"type": "scatter", "mode": "markers", "x": floors, "y": rows, "name": "@floors", "marker": tick},
        {"type": "scatter", "mode": "markers", "x": typed(ended), "y": rows, "name": "@ended", "marker": dots}
        | {"customdata": numbers, "hovertemplate": hover},
    )
    return chart(*data, x="@loss_axis", y="@method_axis", xaxis={"range": [-0.03, TOP + 0.03]}, yaxis=names(), height=560)


def warm() -> None:
    """The first training of a process also loads the linear algebra."""
    compute(Params(steps=50))


MATRIX = Experiment(
    "lora_matrix",
    Params,
    Computation(compute, (update, losses, landing), MatrixResult, live=True),
    Computation(comparison, (by_parameters, by_rate, forgetting, price), ComparisonResult),
    warm,
)

"""Backwards: exact predictions of x_0, drawn or mean, under every rule; and diffusers' schedulers beside ours."""

import numpy as np

from core.udm.comparison import ComparisonResult, comparison, warm
from core.udm.plane import Params, PlaneResult, compute
from core.udm.scenes import SQUARE, Edited
from demos._experiment import Computation, Experiment
from demos._plot import MUTED, Chart, Panel, Payload, Stage, band, chart, dots, handles, heat, series, theory, thinned

VIEW = (-SQUARE, SQUARE, -SQUARE, SQUARE)
MOST_DOTS = 5000  # in all frames of a panel
SMALLEST = 1e-17  # where a difference of zero is drawn
WANTED = 1e-12


def stage(p: Params, r: PlaneResult) -> Stage:
    """Exact samples of the data; the particles of drawn and of mean predictions through time over the exact law."""
    law = heat(r.density)
    grips = (handles("centres", p.law.centres),) if isinstance(p.law, Edited) else ()
    panels = (
        Panel("@exact", VIEW, (heat(r.density[-1:]), dots(r.target[None], VIEW, "theory"), *grips)),
        Panel("@sampled", VIEW, (law, dots(thinned(r.sampled, MOST_DOTS), VIEW, "measured"))),
        Panel("@mean", VIEW, (law, dots(thinned(r.mean, MOST_DOTS), VIEW, "model"))),
    )
    return Stage(panels, tuple(f"t = {t:.3g}" for t in r.t))


def distance(p: Params, r: ComparisonResult) -> Chart:
    """Sliced W2 to the exact law against steps: solid for mean predictions, dotted for drawn ones; the strip is the floor."""
    low, _, high = r.floor.tolist()
    floor = band(low, high, 0.9, float(r.steps[-1]), "@floor")
    rows = enumerate(zip(r.rules, r.sampled, r.mean, strict=True))
    lines = [line for i, (name, sampled, mean) in rows for line in _pair(p, r, i, name, sampled, mean)]
    axes = {"xaxis": {"type": "log", "dtick": "D2"}, "yaxis": {"type": "log", "dtick": "D2"}}
    return chart(floor, *lines, x="@steps_axis", y="@w2_axis", height=420, **axes)


def _pair(p: Params, r: ComparisonResult, i: int, name: str, sampled: np.ndarray, mean: np.ndarray) -> list[Payload]:
    """Both predictors of one rule, stronger if it is the chosen one."""
    opacity = 1.0 if name == p.rule.kind else 0.6
    drawn = series(i, r.steps, sampled, f"@rule.{name}", opacity=opacity, showlegend=False)
    drawn["line"] = drawn["line"] | {"dash": "dot", "width": 1.5}
    return [series(i, r.steps, mean, f"@rule.{name}", opacity=opacity), drawn]


def schedulers(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Largest difference of each step from diffusers' schedulers, and the bound that the tests hold it to."""
    count = r.differences.shape[1] if r.differences.size else 1
    x = np.arange(1, count + 1)
    bound = theory(np.array([1, count]), np.full(2, WANTED), "@bound", color=MUTED, dash="dash", width=2)
    rows = enumerate(zip(r.settings, r.differences, strict=True))
    lines = [series(i, x, np.maximum(row, SMALLEST), f"@setting.{name}", mode="markers") for i, (name, row) in rows]
    axis = {"type": "log", "range": [-17.5, -11], "exponentformat": "power", "dtick": 2}
    return chart(bound, *lines, x="@step_axis", y="@difference_axis", yaxis=axis, height=340, annotations=_largest(r))


def _largest(r: ComparisonResult) -> list[Payload]:
    """The largest difference of all, in words that every language has."""
    if not r.differences.size:
        return []
    place = {"xref": "paper", "yref": "paper", "x": 0.99, "y": 0.72, "xanchor": "right", "showarrow": False}
    return [{"text": f"max {r.differences.max():.1e}"} | place]


PLANE = Experiment(
    "udm_plane",
    Params,
    Computation(compute, (stage,), PlaneResult, live=True),
    Computation(comparison, (distance, schedulers), ComparisonResult),
    warm,
)

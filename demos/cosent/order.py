"""Drag the scores of a handful of pairs: what CoSENT makes of their order, what other losses make of them."""

import numpy as np

from core.cosent.binary import BinaryResult, binary
from core.cosent.pairs import LossResult, compute
from core.cosent.params import LossParams
from demos._experiment import Computation, Experiment
from demos._plot import (
    MEASURED,
    MODEL,
    MUTED,
    SERIES,
    SYMBOLS,
    Array,
    Chart,
    Panel,
    Payload,
    Rows,
    Stage,
    chart,
    handles,
    packed,
    spots,
    theory,
)

FULL = 32767
EDGE, LOWEST, HIGHEST = 5.5, 0.0, 4.0  # scores, and labels that are always in sight
LEAST, THICK = 0.02, 9.0  # share of the gradient that is drawn, px of all of it
PUSHED = 1.6  # length of the longest push, in scores
FINE = 4  # digits in the table
SIGMAS = 2


def between(p: LossParams, r: LossResult) -> Stage:
    """Pairs at (score, label), arrows from a pair that is scored too high to one that should be above it, and the pushes."""
    placed = np.array(p.snapped())
    view = (-EDGE, EDGE, min(LOWEST, placed[:, 1].min()) - 0.5, max(HIGHEST, placed[:, 1].max()) + 0.5)
    i, j = np.nonzero(r.shares > LEAST)
    wrong = r.scores[i] >= r.scores[j]
    layers = [
        _links(placed[i[kept]], placed[j[kept]], r.shares[i[kept], j[kept]] * THICK + 0.8, view, role, alpha)
        for kept, role, alpha in ((~wrong, "muted", 0.55), (wrong, "measured", 0.85))
    ]
    push = -r.gradients[0] / max(float(np.abs(r.gradients[0]).max()), 1e-12) * PUSHED
    ends = np.column_stack([np.clip(placed[:, 0] + push, -EDGE, EDGE), placed[:, 1]])
    layers.append(_links(placed, ends, np.full(len(placed), 2.5), view, "theory", 0.9) | {"apart": False})
    layers.append(handles("pairs", placed))
    return Stage((Panel("@panel", view, tuple(layers)),))


def _links(starts: Array, ends: Array, widths: Array, view: tuple[float, ...], role: str, alpha: float) -> Payload:
    """Arrows [n, 2] -> [n, 2] in data units."""
    low, high = np.array([view[0], view[2]] * 2), np.array([view[1], view[3]] * 2)
    share = np.clip((2 * np.hstack([starts, ends]) - low - high) / (high - low), -1, 1)
    places = (share * FULL).astype("<i2")[None]
    body: Payload = {"layer": "links", "shape": list(places.shape), "data": packed(places), "role": role, "alpha": alpha}
    return body | {"widths": [round(float(width), 2) for width in widths], "apart": True}


def pushes(p: LossParams, r: LossResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """Where each loss would move each score, in shares of its largest push."""
    number = np.arange(1.0, len(r.scores) + 1)
    every = []
    for k, name in enumerate(r.losses):
        top = float(np.abs(r.gradients[k]).max())
        shift = (k - (len(r.losses) - 1) / 2) * 0.09
        share = -r.gradients[k] / top if top > 0 else r.gradients[k]
        every.append(spots(number + shift, share, f"@name.{name}", SERIES[k], SYMBOLS[k], 10 if k == 0 else 6))
    x = {"dtick": 1, "range": [0.4, len(number) + 0.6]}
    return chart(*every, x="@pair_axis", y="@push_axis", xaxis=x, yaxis={"range": [-1.1, 1.1]})


def limit(p: LossParams, r: LossResult) -> Chart:
    """CoSENT over lambda between its limit and RankNet."""
    worst = np.full(len(r.scales), r.worst)
    here = spots(np.array([p.scale]), r.values[:1] / p.scale, "@own_scale", MODEL, "star", 13)
    top = 1.2 * max(float(r.bound_by_scale[-1]), r.worst, 0.5)
    return chart(
        theory(r.scales, r.bound_by_scale, "@ranknet_bound_line", color=MUTED, dash="dot", width=2),
        theory(r.scales, worst, "@worst_line", color=MEASURED, dash="dash", width=2),
        theory(r.scales, r.by_scale, "@cosent_line"),
        here,
        x="@scale_axis",
        y="@limit_axis",
        xaxis={"type": "log", "dtick": 1},
        yaxis={"range": [0, top]},
    )


def losses(p: LossParams, r: LossResult) -> Rows:  # noqa: ARG001
    """Every loss with both sets of labels, and how far its gradients are from summing to nothing."""
    rows: list[tuple[str | float, ...]] = []
    for k, name in enumerate(r.losses):
        same = "@same" if np.isclose(r.values[k], r.values_stretched[k], rtol=1e-12, atol=0) else "@moves"
        cells = (r.values[k], r.values_stretched[k])
        sums = float(r.gradients[k].sum())
        rows.append((f"@name.{name}", *map(_rounded, cells), same, 0.0 if abs(sums) < 1e-12 else _rounded(sums)))
    head = ("@columns.loss", "@columns.now", "@columns.stretched", "@columns.verdict", "@columns.sum")
    return Rows(head, tuple(rows), (0,))


def _rounded(value: float) -> float:
    return float(f"{value:.{FINE}g}")


def thresholds(p: LossParams, r: LossResult) -> Chart:  # noqa: ARG001
    """Accuracy at every threshold: a staircase, its top, and where the usual search stops."""
    local, best = np.array(r.local), np.array(r.best)
    ends = (
        spots(local[:1], local[1:], "@local_mark", SERIES[3], "x", 11),
        spots(best[:1], best[1:], "@best_mark", MODEL, "star", 13),
    )
    steps = theory(r.thresholds, r.accuracy, "@staircase", color=MEASURED, width=1.5, shape="vh")
    smooth = theory(r.thresholds, r.accuracy_theory, "@accuracy_line")
    return chart(steps, smooth, *ends, x="@threshold_axis", y="@accuracy_axis")


def ceilings(p: LossParams, r: BinaryResult) -> Chart:  # noqa: ARG001
    """Spearman's correlation against the share of positives: what is possible, and what these scores reach."""
    own = np.array(r.own_spearman)
    return chart(
        theory(r.shares, r.ceiling, "@ceiling_line", color=MUTED, dash="dash"),
        theory(r.shares, r.expected, "@expected_line"),
        spots(r.marks, r.perfect, "@perfect", MODEL, "circle-open", 9),
        spots(r.marks, r.measured, "@drawn", MEASURED, "diamond", 8, SIGMAS * r.stderr),
        spots(np.array([r.own_share]), own[:1], "@own_many", MODEL, "star", 13, SIGMAS * own[1:]),
        x="@share_axis",
        y="@spearman_axis",
        yaxis={"range": [0, 1]},
    )


def warm() -> None:
    """What both parts import."""
    compute(LossParams())
    list(binary(LossParams(samples=20)))


LOSS = Experiment(
    "cosent_loss",
    LossParams,
    Computation(compute, (between, pushes, limit, losses, thresholds), LossResult, live=True),
    Computation(binary, (ceilings,), BinaryResult),
    warm,
)

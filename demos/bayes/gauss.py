"""Several contexts made one: laws of one draw, what each pool loses on average against beta, and the way to guidance."""

from urllib.parse import urlencode

import numpy as np

from core.bayes.fusion import FusionResult, Params, compute
from core.bayes.fusion.experiment import POOLS, warm
from core.bayes.pooling import Pooling
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, THEORY, Array, Chart, Lines, Payload, bars, chart, theory, typed
from demos.attention.marks import upright

COLOURS = {Pooling.MEAN: THEORY, Pooling.MAX: MEASURED, Pooling.LEAST_ENTROPY: MODEL}
SIGNS = {Pooling.MEAN: "diamond", Pooling.MAX: "square", Pooling.LEAST_ENTROPY: "circle"}
STRONGEST = 10.0  # guidance that the other tab takes
ROOM = 3.0  # how far above the curve of the chosen pool's best the picture goes, as a multiple of that of no beta


def posteriors(p: Params, r: FusionResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """Densities of T for the draw that is shown: prior, contexts, exact, fused."""
    count = len(r.contexts)
    gaps = np.full((count, 1), np.nan)
    every = np.concatenate([r.contexts, gaps], 1).ravel()
    return chart(
        theory(r.axis, r.prior, "@prior_law", color=MUTED, dash="dot", width=1.5),
        theory(np.tile([*r.axis, np.nan], count), every, "@context_laws", color=f"{MUTED}aa", width=1.2),
        theory(r.axis, r.exact, "@exact_law"),
        theory(r.axis, r.fused, "@fused_law", color=MEASURED, dash="dash", width=3),
        upright(r.truth, 0.0, float(max(r.exact.max(), r.fused.max())), "@truth", MODEL),
        x="@t_axis",
        y="@density_axis",
        height=380,
    )


def divergence(p: Params, r: FusionResult) -> Chart:
    """Expected KL from the exact posterior against beta, of every pool."""
    return _against_beta(p, r, r.kl_theory, r.kl, "@kl_axis", 0.0)


def squares(p: Params, r: FusionResult) -> Chart:
    """Expected squared error against beta, of every pool, and the least there can be."""
    return _against_beta(p, r, r.square_theory, r.square, "@square_axis", r.square_floor)


def _against_beta(p: Params, r: FusionResult, lines: Array, measured: Array, axis: str, floor: float) -> Chart:
    top = _top(lines, measured, floor)
    drawn = [theory(r.beta, _cut(row, top), f"@line.{pool.value}", **_line(p, pool)) for pool, row in _closed(lines)]
    dots = [_dots(r.marks, rows, pool, top) for pool, rows in zip(POOLS, measured, strict=True)]
    below = (
        [theory(np.array([-1.0, 9.0]), np.full(2, floor), "@floor_line", color=MUTED, dash="dash", width=1.5)] if floor else []
    )
    marks = [upright(r.best, 0.0, top, "@best_beta", THEORY), upright(p.beta, 0.0, top, "@own_beta", MUTED)]
    view = {"range": [-0.03 * top, 1.03 * top]}
    return chart(*below, *marks, *drawn, *dots, x="@beta_axis", y=axis, xaxis={"range": [-1.2, 9.2]}, yaxis=view, height=400)


def _closed(lines: Array) -> list[tuple[Pooling, Array]]:
    return list(zip((Pooling.MEAN, Pooling.LEAST_ENTROPY), lines, strict=True))


def _line(p: Params, pool: Pooling) -> Payload:
    return {"color": COLOURS[pool], "width": 3.5 if pool is p.pooling else 1.8}


def _top(lines: Array, measured: Array, floor: float) -> float:
    """So high that the curves around their least are seen; the rest leaves the picture."""
    return float(min(max(lines.max(), measured[..., 0].max()), ROOM * max(lines[:, 0].max(), floor)) * 1.05)


def _cut(row: Array, top: float) -> Array:
    """Just outside the picture is far enough."""
    return np.minimum(row, 2 * top)


def _dots(x: Array, rows: Array, pool: Pooling, top: float) -> Payload:
    """Means over the draws with two standard errors each way; what is outside the picture is left out."""
    inside = rows[:, 0] <= top
    look = {"mode": "markers", "marker": {"color": COLOURS[pool], "symbol": SIGNS[pool], "size": 7}}
    body = {"type": "scatter", "x": typed(x[inside]), "y": typed(rows[inside, 0]), "name": f"@measured_pool.{pool.value}"}
    return body | {"error_y": bars(2 * rows[inside, 1]), **look}


def bridge(p: Params, r: FusionResult) -> Lines:  # noqa: ARG001
    """The same algebra as guidance, with a link to that scene at the same strength."""
    beta, gamma = r.own_beta, 1 + r.own_beta
    scene = {"experiment": "guidance_plane", "scene": "pair", "gamma": f"{min(max(gamma, 0.0), STRONGEST):.4g}"}
    fusion = f"{gamma:.4g} P[log p(T|S)] − {beta:.4g} log p(T)".replace("− -", "+ ")
    guided = f"{gamma:.4g} log p(x|c) − {beta:.4g} log p(x)".replace("− -", "+ ")
    return Lines(
        (
            {"title": "NBCE", "runs": [{"own": fusion, "state": "kept"}], "note": "@beta_note", "number": beta},
            {
                "title": "@guidance_name",
                "runs": [{"own": guided, "state": "kept"}],
                "note": "@open_guidance",
                "number": gamma,
                "link": "?" + urlencode(scene),
            },
        )
    )


GAUSS = Experiment(
    "nbce_gauss", Params, Computation(compute, (posteriors, divergence, squares, bridge), FusionResult, live=True), warm=warm
)

"""Guidance where everything is known exactly: what is promised beside what is delivered."""

import numpy as np

from core.guidance.curves import CurvesResult, curves
from core.guidance.methods import SQUARE, Similarity
from core.guidance.plane import Params, PlaneResult, compute
from core.guidance.scenes import Edited
from demos._experiment import Computation, Experiment
from demos._plot import MUTED, Chart, Panel, Payload, Stage, arrows, chart, dots, handles, heat, series, theory, thinned

HALF = 0.5  # of p(y|x): beyond it a dot is counted to the class
VIEW = (-SQUARE, SQUARE, -SQUARE, SQUARE)


def stage(p: Params, r: PlaneResult) -> Stage:
    """Exact samples of the target; beside them the guided particles through time over density and field."""
    promised = (heat(r.density_class[-1:]), dots(r.target[None], VIEW, "theory", r.posterior_target > HALF))
    particles = dots(thinned(r.particles), VIEW, "measured", r.posterior > HALF)
    delivered = (heat(r.density), arrows(r.field), particles, *_handles(p))
    labels = tuple(f"σ = {sigma:.3g}" for sigma in r.sigma)
    return Stage((Panel("@promised", VIEW, promised), Panel("@delivered", VIEW, delivered)), labels)


def _handles(p: Params) -> tuple[Payload, ...]:
    """Whatever of the parameters can be dragged."""
    found = []
    if isinstance(p.scene, Edited):
        found.append(handles("centres", p.scene.centres))
    if isinstance(p.method, Similarity):
        found.append(handles("towards", p.method.towards))
    return tuple(found)


def distance(p: Params, r: CurvesResult) -> Chart:
    """Sliced W2 to the target against gamma, a line for every method; dashed: the floor."""
    floor = theory(r.gammas, r.sliced_w2_floor, "@floor_line", color=MUTED, dash="dash", width=2)
    return chart(floor, *_methods(p, r, r.sliced_w2), x="@gamma_axis", y="@w2_axis", yaxis={"rangemode": "tozero"})


def extent(p: Params, r: CurvesResult) -> Chart:
    """Covariance trace against gamma; the thick line is the target's."""
    target = theory(r.gammas, r.trace_target, "@target_line", width=5)
    return chart(target, *_methods(p, r, r.trace), x="@gamma_axis", y="@trace_axis", yaxis={"rangemode": "tozero"})


def _methods(p: Params, r: CurvesResult, values: np.ndarray) -> list[Payload]:
    """One line a method, the chosen one stronger."""
    return [
        series(i, r.gammas, row, f"@method.{name}", opacity=1.0 if name == p.method.kind else 0.55)
        for i, (name, row) in enumerate(zip(r.methods, values, strict=False))
    ]


PLANE = Experiment(
    "guidance_plane",
    Params,
    Computation(compute, (stage,), PlaneResult, live=True),
    Computation(curves, (distance, extent), CurvesResult),
)

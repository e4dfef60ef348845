"""What one step really does: the gradient through random factors, exactly and measured."""

import numpy as np

from core.lora.projection import Params, ProjectionResult, compute
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, Chart, chart, spots, theory
from demos.lora.bars import filling
from demos.lora.lines import log_axis

DOTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)  # ranks at which the measurement is shown
SIGMAS = 1.96  # of a mean: 95 %


def captured(p: Params, r: ProjectionResult) -> Chart:
    """Share of the gradient that a step may follow, against the rank; dashed: the best that any factors could do."""
    ranks = np.arange(1, len(r.captured_expected) + 1)
    at = np.array([rank - 1 for rank in DOTS if rank <= len(ranks)])
    best = theory(ranks, r.captured_best, "@best_possible", color=MUTED, dash="dash")
    here = {"type": "scatter", "mode": "markers", "x": [p.rank], "y": [float(r.captured_expected[p.rank - 1])]}
    ring = {"symbol": "circle-open", "size": 18, "color": MEASURED, "line": {"width": 2}}
    marks = spots(ranks[at], r.captured.mean(0)[at], "@measured", MEASURED, "circle", error=_error(r.captured)[at])
    every = (
        best,
        theory(ranks, r.captured_expected),
        marks,
        here | {"marker": ring, "name": "@this_rank", "hoverinfo": "skip"},
    )
    return chart(*every, x="@rank_axis", y="@captured_axis", yaxis={"range": [0, 1.04]})


def averaged(_: Params, r: ProjectionResult) -> Chart:
    """Singular values of the mean of more and more fresh projections, against those of the gradient."""
    return filling(r.wanted, r.spectra, [f"K = {count}" for count in r.counts], "@averaged_axis")


def convergence(p: Params, r: ProjectionResult) -> Chart:
    """Distance of that mean from the gradient against the number of projections."""
    variance = r.square_expected[p.rank - 1] / r.factor[p.rank - 1] ** 2 - 1
    line = theory(r.counts, np.sqrt(np.maximum(variance, 0) / r.counts))
    away = np.sqrt(r.away)
    error = SIGMAS * r.away_stderr / (2 * np.maximum(away, 1e-12))
    dots = spots(r.counts, away, "@measured", MEASURED, "circle", error=error)
    x, y = log_axis(*r.counts.tolist()), log_axis(0.1, 0.2, 0.5, 1, 2, 5, 10)
    return chart(line, dots, x="@count_axis", y="@away_axis", xaxis=x, yaxis=y)


def shrinking(p: Params, r: ProjectionResult) -> Chart:
    """Distance of c times one projected gradient from the gradient, against c."""
    at = p.rank - 1
    factor, square = float(r.factor[at]), float(r.square_expected[at])
    best = factor / square
    c = np.linspace(0, 2.2 * best, 45)
    line = theory(c, 1 - 2 * c * factor + c**2 * square)
    few = c[2::6]
    each = 1 - 2 * few * r.inner[:, at, None] + few**2 * r.square[:, at, None]
    dots = spots(few, each.mean(0), "@measured", MEASURED, "circle", error=_error(each))
    low = {"type": "scatter", "mode": "markers", "x": [best], "y": [1 - factor * best], "name": "@best_shrinkage"}
    star = low | {"marker": {"symbol": "star", "size": 15, "color": MUTED}}
    return chart(line, dots, star, x="@shrink_axis", y="@error_axis", yaxis={"rangemode": "tozero"})


def _error(samples: np.ndarray) -> np.ndarray:
    """Half of the 95 % interval of the mean over draws, [D, ...] -> [...]."""
    return SIGMAS * samples.std(0, ddof=1) / np.sqrt(len(samples))


PROJECTION = Experiment(
    "lora_projection",
    Params,
    Computation(compute, (captured, averaged, convergence, shrinking), ProjectionResult, live=True),
)

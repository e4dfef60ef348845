"""Information in attention weights: against the spread of the logits, against the number of tokens, and where cosines end."""

import numpy as np

from core.attention.entropy import EntropyResult, Params, compute, warm
from core.attention.scaling import SCALES, ScalingResult, scaling
from core.attention.shapes import KeysAndQuery
from core.attention.spread import freezing_spread
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, SERIES, SYMBOLS, Array, Chart, Payload, bars, chart, series, theory, typed
from demos.attention.marks import measured, upright

LENGTHS = {"type": "log", "dtick": 1}
USUAL_DIMENSION = 64  # where no dimension is chosen


def information(p: Params, r: EntropyResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """Entropy against the spread of the logits: exact, by cumulants, measured; and the chosen logits."""
    top = float(r.entropy_exact.max())
    kept = r.entropy_cumulant > -0.05 * top
    chosen = measured(np.array([r.here]), np.array([r.entropies.mean()]), _stderr(r.entropies), "@chosen")
    chosen["marker"] = {"color": MODEL, "symbol": "star", "size": 15}
    return chart(
        theory(r.spreads, r.entropy_exact, "@exact"),
        theory(r.spreads[kept], r.entropy_cumulant[kept], "@cumulants", color=MUTED, dash="dash"),
        upright(freezing_spread(r.tokens), 0.0, top, "@freezing"),
        measured(r.marks, r.entropy_measured, r.entropy_stderr),
        chosen,
        x="@spread_axis",
        y="@entropy_axis",
        xaxis={"range": [-0.2, max(8.2, 1.05 * r.here)]},
    )


def _stderr(draws: Array) -> Array:
    return np.array([draws.std(ddof=1) / len(draws) ** 0.5])


def cosine(p: Params, r: EntropyResult) -> Chart:
    """Entropy of cosine attention at the guessed share of +1; all shares and the least of all when they are revealed."""
    most = float(np.log(r.tokens))
    guess: Payload = {"type": "scatter", "mode": "markers", "x": [r.guess], "y": [r.guessed], "name": "@your_guess"}
    guess["marker"] = {"color": MEASURED, "symbol": "diamond", "size": 13}
    marks: list[Payload] = [
        theory(np.array([0.0, 1.0]), np.array([most, most]), "@log_n", color=MUTED, dash="dash", width=1.5),
        guess,
    ]
    if p.reveal:
        least: Payload = {"type": "scatter", "mode": "markers", "x": [r.floor[0]], "y": [r.floor[1]], "name": "@least"}
        least["marker"] = {"color": MODEL, "symbol": "triangle-up", "size": 13}
        marks = [theory(r.shares, r.cosine_entropy, "@every_share"), *marks, least]
    low = float(r.cosine_entropy.min())
    room = max(most - low, 0.01)
    return chart(*marks, x="@share_axis", y="@entropy_axis", yaxis={"range": [low - 0.15 * room, most + 0.15 * room]})


def concentration(p: Params, r: ScalingResult) -> Chart:
    """Sum of squared weights against the spread."""
    return chart(
        theory(r.spreads, r.concentration, "@exact"),
        theory(r.spreads, np.minimum(r.concentration_cumulant, 2.0), "@cumulants", color=MUTED, dash="dash"),
        upright(freezing_spread(p.tokens), 0.0, 1.0, "@freezing"),
        measured(r.marks, r.concentration_measured[:, 0], r.concentration_measured[:, 1]),
        x="@spread_axis",
        y="@concentration_axis",
        yaxis={"range": [0, 1.05]},
    )


def gradient(p: Params, r: ScalingResult) -> Chart:
    """Size of softmax's Jacobian against the spread, and where an initialisation puts the logits."""
    dimension = p.logits.dimension if isinstance(p.logits, KeysAndQuery) else USUAL_DIMENSION
    places = [upright(1.0, 0.0, 1.0, "@with_root", MODEL)]
    if dimension**0.5 <= r.spreads[-1]:
        places.append(upright(dimension**0.5, 0.0, 1.0, "@without_root", SERIES[3]))
    return chart(
        theory(r.spreads, r.jacobian, "@norm"),
        theory(r.spreads, r.trace, "@trace", color=SERIES[4], dash="dash"),
        *places,
        measured(r.marks, r.jacobian_measured[:, 0], r.jacobian_measured[:, 1], "@norm_measured"),
        x="@spread_axis",
        y="@jacobian_axis",
    )


def lengths(p: Params, r: ScalingResult) -> Chart:  # noqa: ARG001
    """Entropy against the number of tokens under three scales: exact lines, measured dots."""
    lines = [
        theory(r.lengths, row, f"@scale.{name}", color=SERIES[i], dash=("solid", "dash", "dot")[i])
        for i, (name, row) in enumerate(zip(SCALES, r.entropy_exact, strict=True))
    ]
    marks = [
        _dots(i, r.lengths, row, f"@scale_measured.{name}")
        for i, (name, row) in enumerate(zip(SCALES, r.entropy_measured, strict=True))
    ]
    return chart(*lines, *marks, x="@tokens_axis", y="@entropy_axis", xaxis=LENGTHS)


def _dots(i: int, x: Array, rows: Array, name: str) -> Payload:
    look = {"mode": "markers", "marker": {"color": SERIES[i], "symbol": SYMBOLS[i], "size": 6}, "showlegend": False}
    return {"type": "scatter", "x": typed(x), "y": typed(rows[:, 0]), "name": name, "error_y": bars(2 * rows[:, 1]), **look}


def needed(p: Params, r: ScalingResult) -> Chart:  # noqa: ARG001
    """Spread that keeps the entropy of 512 tokens, beside the two laws that pass through it."""
    n = r.lengths[-len(r.needed) :]
    ratio = np.log(n) / np.log(512)
    return chart(
        theory(n, r.needed, "@needed_exact"),
        theory(n, np.sqrt(np.maximum(1 + 2 * np.log(n / 512), 0)), "@needed_cumulant", color=MUTED, dash="dash"),
        theory(n, np.sqrt(ratio), "@scale.root_log", color=SERIES[1], dash="dash"),
        theory(n, ratio, "@scale.log", color=SERIES[2], dash="dot"),
        x="@tokens_axis",
        y="@spread_axis",
        xaxis=_ticked(n),
    )


def published(p: Params, r: ScalingResult) -> Chart:  # noqa: ARG001
    """What a trained model reached at lengths it was not trained at: a published table."""
    names = ("@published_root", "@published_log")
    lines = [series(i, r.published_lengths, row, name) for i, (row, name) in enumerate(zip(r.published, names, strict=True))]
    return chart(*lines, x="@tokens_axis", y="@accuracy_axis", xaxis=_ticked(r.published_lengths))


def _ticked(lengths: Array) -> Payload:
    """A logarithmic axis with a tick at each of these lengths."""
    return {"type": "log", "tickvals": lengths.tolist(), "ticktext": [f"{n:g}" for n in lengths]}


ENTROPY = Experiment(
    "attention_entropy",
    Params,
    Computation(compute, (information, cosine), EntropyResult, live=True),
    Computation(scaling, (concentration, gradient, lengths, needed, published), ScalingResult),
    warm,
)

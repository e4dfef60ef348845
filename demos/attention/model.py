"""Noise inside a trained character model: the text it writes, its perplexity, every head against theory, longer texts."""

import numpy as np

from core.attention.model.comparison import FORMATS, MODELS, PARTS, SCALES, STUDENT, ComparisonResult, compare
from core.attention.model.experiment import compute, warm
from core.attention.model.params import Params
from core.attention.model.result import CONDITIONS, GRID, LARGE, PLACES, SMALL, ModelResult, root
from core.attention.model.shape import HEADS, LAYERS, LENGTH
from core.attention.model.spans import SPANS
from core.attention.model.text import spelt
from demos._experiment import Computation, Experiment
from demos._plot import (
    MEASURED,
    MUTED,
    SERIES,
    Chart,
    Lines,
    Panel,
    Payload,
    Rows,
    Stage,
    band,
    chart,
    heat,
    series,
    theory,
    typed,
)
from demos.attention.marks import categories, logarithmic, upright

Array = np.ndarray

FINE = 60  # places of a smooth line
STEEPEST = 0.7  # nats: as far as the square is drawn
TINY, HUGE = 1e-4, 1e3  # of a relative error: others are not drawn
MODEL_HEAD = ("@model_head", "@bits_head", "@stderr_head")
FORMAT_HEAD = ("@format_head", "@moved_head", "@few_logits_head", "@few_values_head", "@ratio_head")


def writing(p: Params, r: ModelResult) -> Lines:
    """The same text gone on with: without noise, and with noise at each place; from the first other character on marked."""
    asked: Payload = {"title": "@asked", "runs": [_run(p.text[-LENGTH:], "kept")], "note": "", "number": 0}
    return Lines((asked, *(_written(r, i) for i in range(len(CONDITIONS)))))


def _written(r: ModelResult, i: int) -> Payload:
    text = spelt(r.written[i, 0])
    kept = int(r.same[i - 1, 0]) if i else len(text)
    parts = [_run(text[:kept], "kept"), _run(text[kept:], "changed")]
    note = {"note": "@kept_note", "number": float(r.same[i - 1].mean())} if i and text else {"note": "", "number": 0}
    return {"title": f"@condition.on_{CONDITIONS[i]}", "runs": [part for part in parts if part["own"]], **note}


def _run(text: str, state: str) -> Payload:
    return {"own": text, "state": state}


def curves(p: Params, r: ModelResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """Against strength, noise at every place; dotted what a square would give; two standard errors of what noise adds."""
    base = float(np.exp(r.clean.mean()))
    excess, error = r.excess
    lines = [theory(GRID[[0, -1]], np.full(2, base), "@without", color=MUTED, dash="dash", width=1.5)]
    lines += [mark for i, a in enumerate(r.quadratic()) if np.isfinite(a) for mark in [_square(i, float(a), base)]]
    dots = [
        series(i, GRID, base * np.exp(excess[i, :-1]), f"@place.on_{name}", 2 * error[i, :-1] * base * np.exp(excess[i, :-1]))
        for i, name in enumerate(PLACES)
    ]
    top = base * float(np.exp(excess.max()))
    chosen = [upright(r.strength, base, top, "@chosen")] if r.strength >= GRID[0] else []
    return chart(*lines, *dots, *chosen, x="@strength_axis", y="@perplexity_axis", xaxis=_decades(), yaxis=_decades())


def _square(i: int, a: float, base: float) -> Payload:
    x = np.geomspace(GRID[0], min(float(GRID[-1]), (STEEPEST / a) ** 0.5), FINE)
    line = theory(x, base * np.exp(a * x**2), "@square", color=SERIES[i], dash="dot", width=1.5)
    return line | {"legendgroup": "square", "showlegend": False}


def _decades() -> Payload:
    return {"type": "log", "dtick": "D2", "exponentformat": "power"}


def errors(p: Params, r: ModelResult) -> Chart:  # noqa: ARG001
    """Every head and query: measured against predicted, exactly and to second order."""
    known = r.exact if (r.exact > 0).any() else r.leading
    x, y = known.ravel(), r.measured.ravel()
    seen = (x > TINY) & (x < HUGE) & (y > TINY)
    low, high = (float(f(x[seen])) for f in (np.min, np.max)) if seen.any() else (TINY, 1.0)
    ends = np.array([low, high])
    marks = [theory(ends, ends, "@equal")]
    if known is r.exact:
        other = r.leading.ravel()
        marks.append(_points(other, y, (other > TINY) & (other < HUGE) & (y > TINY), "@second_order", MUTED, "x"))
    marks.append(_points(x, y, seen, "@exact" if known is r.exact else "@second_order", MEASURED, "circle"))
    return chart(*marks, x="@predicted_axis", y="@measured_axis", xaxis=logarithmic(x[seen]), yaxis=logarithmic(y[seen]))


def _points(x: Array, y: Array, shown: Array, name: str, colour: str, symbol: str) -> Payload:
    look = {"mode": "markers", "marker": {"color": colour, "symbol": symbol, "size": 5, "opacity": 0.6}}
    return {"type": "scatter", "x": typed(x[shown]), "y": typed(y[shown]), "name": name, **look}


def agreement(p: Params, r: ModelResult) -> Chart:  # noqa: ARG001
    """Measured over predicted of every head; those outside the strip are marked."""
    names = tuple(f"{layer + 1}.{head + 1}" for layer in range(LAYERS) for head in range(HEADS))
    size = [root(each) if each.shape[2] else np.zeros(len(names)) for each in (r.measured, r.leading, r.exact)]
    places = np.arange(float(len(names)))
    marks = [band(SMALL, LARGE, -0.6, len(names) - 0.4, "@agrees")]
    for name, predicted, colour in (("@second_order", size[1], MUTED), ("@exact", size[2], MEASURED)):
        some = predicted > 0
        ratio = np.divide(size[0], predicted, out=np.ones_like(predicted), where=some)
        inside = (ratio >= SMALL) & (ratio <= LARGE)
        if some.any():
            marks.append(_ratios(places[some], ratio[some], inside[some], name, colour))
    return chart(*marks, x="@head_axis", y="@ratio_axis", xaxis=categories(names), yaxis={"rangemode": "tozero"}, height=320)


def _ratios(x: Array, y: Array, inside: Array, name: str, colour: str) -> Payload:
    symbols = ["circle" if each else "x" for each in inside]
    look = {"mode": "markers", "marker": {"color": colour, "symbol": symbols, "size": 9}}
    return {"type": "scatter", "x": typed(x), "y": typed(y), "name": name, **look}


def maps(p: Params, r: ModelResult) -> Stage:  # noqa: ARG001
    """Attention of one head at the end of the text: queries upwards, keys to the right; noise is drawn anew in every frame."""
    view = (0.0, float(len(r.before)), 0.0, float(len(r.before)))
    labels = tuple(f"{draw + 1} / {len(r.after)}" for draw in range(len(r.after)))
    return Stage((Panel("@before", view, (heat(r.before[None]),)), Panel("@after", view, (heat(r.after),))), labels)


def lengths(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Bits a character by how far from the begin: mean of the seeds and its interval, and what was computed just now."""
    x = np.arange(float(len(SPANS)))
    half = STUDENT * r.by_span.std(1, ddof=1) / r.by_span.shape[1] ** 0.5
    lines = [series(i, x, r.by_span[i].mean(0), f"@scale.{name}", half[i]) for i, name in enumerate(SCALES)]
    if r.live.shape[1]:
        lines += [_now(i, x, r.live[i].mean(0)) for i in range(len(SCALES))]
    axis = categories(tuple(f"{begin + 1}–{end}" for begin, end in SPANS))
    return chart(*lines, x="@span_axis", y="@bits_axis", xaxis=axis)


def _now(i: int, x: Array, y: Array) -> Payload:
    look = {"mode": "markers", "marker": {"color": SERIES[i], "symbol": "diamond-open", "size": 9}}
    return {"type": "scatter", "x": typed(x), "y": typed(y), "name": f"@now.{SCALES[i]}", **look}


def spreading(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Entropy of attention against the number of characters that a query sees."""
    middle = np.sqrt(np.array(PARTS[:-1], float) * np.array(PARTS[1:]))
    marks = [theory(middle, np.log(middle), "@even", color=MUTED, dash="dash", width=1.5)]
    if r.entropy.shape[1]:
        marks += [series(i, middle, r.entropy[i].mean(0), f"@scale.{name}") for i, name in enumerate(SCALES)]
        marks.append(upright(float(LENGTH), 0.0, float(np.log(middle[-1])), "@trained"))
    return chart(*marks, x="@seen_axis", y="@entropy_axis", xaxis={"type": "log", "dtick": 1})


def rounding(p: Params, r: ComparisonResult) -> Rows:  # noqa: ARG001
    """Numbers of few bits: how large their error is, what it costs, and whether theory foresees what it does to a head."""
    full: tuple[str | float, ...] = ("@format.float32", 0.0, round(r.perplexity_clean, 4), round(r.perplexity_clean, 4), "")
    rows = [(f"@format.{name}", *_shown(row)) for name, row in zip(FORMATS, r.formats, strict=False)]
    return Rows(FORMAT_HEAD, (full, *rows) if rows else ())


def _shown(row: Array) -> tuple[float, float, float, float]:
    moved, logits, values, ratio = row.tolist()
    return float(f"{moved:.2g}"), round(logits, 4), round(values, 4), round(ratio, 2)


def models(p: Params, r: ComparisonResult) -> Rows:  # noqa: ARG001
    """Bits a character of the held-out plays, of what was compared."""
    rows = tuple(
        (f"@model.{name}", round(float(a), 3), round(float(b), 3)) for name, (a, b) in zip(MODELS, r.quality, strict=True)
    )
    gain, half = r.gain
    found: tuple[str | float, ...] = (f"@verdict.{r.verdict}", round(gain, 3), round(half, 3))
    return Rows(MODEL_HEAD, (*rows, found), (len(rows),))


MODEL = Experiment(
    "attention_model",
    Params,
    Computation(compute, (writing, curves, agreement, errors, maps), ModelResult),
    Computation(compare, (lengths, spreading, rounding, models), ComparisonResult),
    warm,
)

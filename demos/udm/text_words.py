"""Words come back: step by step, how often each, and which rule, order and guidance keeps the law that is asked for."""

from itertools import pairwise

import numpy as np

from core.udm.words import Params, WordsResult, compute
from core.udm.words.comparison import GAMMAS, PLACES, ComparisonResult, compare
from core.udm.words.vocabulary import HOLE, spelt
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MUTED, SERIES, Chart, Lines, Payload, band, bars, chart, runs, series, theory, typed

Array = np.ndarray

LOW, HIGH = 0.6, 5.4  # of the axis of places
UNIT = {"range": [0, 1.05]}  # of total variations


def walks(p: Params, r: WordsResult) -> Lines:  # noqa: ARG001  a drawing takes both
    """The first draws, from x_T on; what a step has written is marked."""
    return Lines(tuple(_walk(path, set(r.words)) for path in r.walks))


def _walk(path: Array, words: set[str]) -> Payload:
    """One draw: its last state is its title."""
    end = spelt(path[-1])
    tokens = [(c, "hole" if place == HOLE else "kept") for c, place in zip(spelt(path[0]), path[0], strict=True)]
    for before, after in pairwise(path):
        tokens.append((" → ", "kept"))
        tokens += [(c, _state(old, new)) for c, old, new in zip(spelt(after), before, after, strict=True)]
    return {"title": end, "runs": runs(tokens), "note": "@is_word" if end in words else "@is_no_word", "number": 0}


def _state(old: int, new: int) -> str:
    if new == HOLE:
        return "hole"
    return "kept" if new == old else "new"


def shares(p: Params, r: WordsResult) -> Chart:  # noqa: ARG001
    """How often each word was drawn, beside what is asked for and what the rule ends at in closed form."""
    x, share = np.arange(1, len(r.words) + 1), r.counts / r.samples
    error = np.sqrt(share * (1 - share) / r.samples)
    hover = {"text": r.words, "hovertemplate": "%{text}: %{y:.4f}"}
    look = {"mode": "markers", "marker": {"color": MEASURED, "size": 5}, "error_y": bars(error)}
    dots: Payload = {"type": "scatter", "x": typed(x), "y": typed(share), "name": "@drawn"} | look
    lines = [theory(x, r.target, "@asked") | hover]
    if r.expected >= 0:
        lines.append(theory(x, r.theory, "@reached", color=MUTED, dash="dash", width=1.8) | hover)
    return chart(*lines, dots | hover, x="@rank_axis", y="@share_axis", height=320)


def by_places(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Distance against letters a step for every rule; dots are drawn, lines are closed forms."""
    return _against_places(r, [f"@way.{name}" for name in r.rules], r.by_rule)


def by_order(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """The same for the orders in which holes are filled."""
    return _against_places(r, [f"@order.{name}" for name in r.orders], r.by_order)


def _against_places(r: ComparisonResult, names: list[str], rows: Array) -> Chart:
    x, strip = np.array(PLACES, float), band(float(r.floor[0]), float(r.floor[1]), LOW, HIGH, "@floor")
    marks = [mark for i, name in enumerate(names) for mark in _pair(i, x, rows[i], name)]
    axes = {"xaxis": {"dtick": 1, "range": [LOW, HIGH]}, "yaxis": UNIT}
    return chart(strip, *marks, x="@places_axis", y="@distance_axis", height=380, **axes)


def by_gamma(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Distance from the class's own law against the strength of guidance: whole words, and letter by letter."""
    x = np.array(GAMMAS)
    names = ("@knows.joint", "@knows.factorised")
    marks = [mark for i, rows in enumerate(r.by_gamma) for mark in _pair(i, x, rows, names[i])]
    inside = [
        series(i + 2, x[row >= 0], row[row >= 0], f"@inside.{i}", mode="lines", opacity=0.7) for i, row in enumerate(r.in_class)
    ]
    return chart(*marks, *inside, x="@gamma_axis", y="@gamma_y_axis", yaxis=UNIT, height=340)


def _pair(i: int, x: Array, rows: Array, name: str) -> list[Payload]:
    """Dots of what was drawn, and the line of the closed form where there is one."""
    measured, expected = rows
    quiet = {"showlegend": False, "hoverinfo": "skip"}
    known, done = expected >= 0, measured >= 0
    lines = [theory(x[known], expected[known], name, color=SERIES[i], width=1.8) | quiet] if known.any() else []
    return [*lines, series(i, x[done], measured[done], name, mode="markers")]


TEXT_WORDS = Experiment(
    "udm_text_words",
    Params,
    Computation(compute, (walks, shares), WordsResult, live=True),
    Computation(compare, (by_places, by_order, by_gamma), ComparisonResult),
)

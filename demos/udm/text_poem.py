"""Lines of Tang poems by a trained network: step by step, read word by word, and how likely they are beside real ones."""

from itertools import pairwise

import numpy as np

from core.udm.poem.comparison import NAMES, PLACES, WAYS, ComparisonResult, compare
from core.udm.poem.experiment import compute, warm
from core.udm.poem.lines import HOLE, LENGTH, Vocabulary, vocabulary
from core.udm.poem.params import Params
from core.udm.poem.result import PoemResult
from demos._experiment import Computation, Experiment
from demos._plot import (
    MEASURED,
    MODEL,
    MUTED,
    THEORY,
    Chart,
    Lines,
    Payload,
    Rows,
    band,
    bars,
    chart,
    runs,
    series,
    theory,
    typed,
)

Array = np.ndarray

LOW, HIGH = 0.6, 5.4  # of the axis of places
HEAD = ("@line_head", "@pinyin_head", "@gloss_head", "@log_p_head", "@nearest_head", "@common_head")


def walks(p: Params, r: PoemResult) -> Lines:  # noqa: ARG001  a drawing takes both
    """The lines from x_T on; what a step has written is marked."""
    known = vocabulary()
    return Lines(tuple(_walk(path, known) for path in r.walks))


def _walk(path: Array, known: Vocabulary) -> Payload:
    """One line: its last state is its title."""
    tokens = [(known.spelt([c]), "hole" if c == HOLE else "kept") for c in path[0]]
    for before, after in pairwise(path):
        tokens.append((" → ", "kept"))
        tokens += [(known.spelt([new]), _state(old, new)) for old, new in zip(before, after, strict=True)]
    return {"title": known.spelt(path[-1]), "runs": runs(tokens), "note": "", "number": 0}


def _state(old: int, new: int) -> str:
    if new == HOLE:
        return "hole"
    return "kept" if new == old else "new"


def reading(p: Params, r: PoemResult) -> Rows:  # noqa: ARG001
    """Every line with its pronunciation, word by word, and the training line that is nearest to it."""
    known = vocabulary()
    rows = tuple((*_read(line, known), *_scores(r, i, known)) for i, line in enumerate(r.lines))
    return Rows(HEAD, rows, tuple(np.flatnonzero(r.distance == 0).tolist()))


def _read(line: Array, known: Vocabulary) -> tuple[str, str, str]:
    """Characters, pinyin, glosses."""
    pinyin = (known.pinyin[c] if c != HOLE else "□" for c in line)
    glosses = ((known.glosses[c] or "?") if c != HOLE else "□" for c in line)
    return known.spelt(line), " ".join(pinyin), " · ".join(glosses)


def _scores(r: PoemResult, i: int, known: Vocabulary) -> tuple[str | float, str, str | float]:
    """Log-probability, nearest training line, characters in common; nothing before the last step."""
    if not len(r.log_p):
        return "", "", ""
    return round(float(r.log_p[i]), 1), known.spelt(r.nearest[i]), LENGTH - int(r.distance[i])


def likelihood(p: Params, r: PoemResult) -> Chart:  # noqa: ARG001
    """Log-probability of these lines, of lines by frequency alone, and of the held-out lines."""
    known, top = vocabulary(), float(r.held_out.max())
    middle = (r.edges[1:] + r.edges[:-1]) / 2
    clouds = (
        ("@by_frequency", r.by_frequency, r.log_p_frequency, 0.2, MUTED, "x"),
        ("@drawn", r.lines, r.log_p, 0.35, MODEL, "circle"),
    )
    marks = [
        _cloud(name, [known.spelt(line) for line in lines[: len(log_p)]], log_p, top * height, colour, symbol)
        for name, lines, log_p, height, colour, symbol in clouds
    ]
    held_out = theory(middle, r.held_out, "@held_out")
    return chart(held_out, *marks, x="@log_p_axis", y="@share_axis", height=300)


def _cloud(name: str, texts: list[str], x: Array, height: float, colour: str, symbol: str) -> Payload:
    """One dot a line, all at one height."""
    look = {"mode": "markers", "marker": {"color": colour, "symbol": symbol, "size": 8, "opacity": 0.8}}
    hover = {"text": texts, "hovertemplate": "%{text}: %{x:.1f}"}
    return {"type": "scatter", "x": typed(x), "y": typed(np.full(len(x), height)), "name": name} | look | hover


def by_way(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Mean log-probability of the lines of every way against characters a step, one standard error."""
    low, high = r.log_p_usual
    return _against_places(r.log_p, r.stderr, (float(low), float(high)), "@mean_log_p_axis")


def variety(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """How many different characters the lines have."""
    low, high = r.diversity_usual
    return _against_places(r.diversity, None, (float(low), float(high)), "@diversity_axis")


def _against_places(rows: Array, error: Array | None, strip: tuple[float, float], axis: str) -> Chart:
    x = np.array(PLACES, float)
    marks = [
        series(i, x, row, f"@way.{name}", None if error is None else error[i])
        for i, (name, row) in enumerate(zip(WAYS, rows, strict=False))
    ]
    axes = {"xaxis": {"dtick": 1, "range": [LOW, HIGH]}}
    return chart(band(*strip, LOW, HIGH, "@strip"), *marks, x="@places_axis", y=axis, height=380, **axes)


def perplexity(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Of the held-out lines: by frequency, by the character before, by the network in two orders; two standard errors."""
    names = [f"@model.{name}" for name in NAMES]
    colours = [MUTED, THEORY, MODEL, MEASURED]
    error = bars(1.96 * r.perplexity[:, 1]) | {"width": 4}
    body = {"type": "bar", "orientation": "h", "y": names, "x": r.perplexity[:, 0].tolist(), "marker": {"color": colours}}
    return chart(body | {"error_x": error}, x="@perplexity_axis", y="@model_axis", yaxis={"autorange": "reversed"}, height=260)


TEXT_POEM = Experiment(
    "udm_text_poem",
    Params,
    Computation(compute, (walks, reading, likelihood), PoemResult),
    Computation(compare, (by_way, variety, perplexity), ComparisonResult),
    warm,
)

"""Counts of words, summed by naive Bayes; dials turn the sum into attention, and both sides stand beside each other."""

import numpy as np

from core.bayes.language import LanguageResult, Params, compute
from core.bayes.language.experiment import warm
from core.bayes.language.ladder import STAGES, LadderResult, ladder
from core.bayes.language.perplexity import score
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, SERIES, SYMBOLS, THEORY, Array, Chart, Lines, Payload, bars, chart, runs, typed
from demos.attention.marks import categories, strokes

HEADS = (THEORY, MEASURED, MODEL)
NEIGHBOUR = SERIES[4]  # of the residual
WORDS = tuple(colour for colour in SERIES if colour not in (NEIGHBOUR, MUTED))


def votes(p: Params, r: LanguageResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """What each word so far adds to each likely next word, stacked on what is known without any word; a mark at the sum."""
    total = r.log_prior + r.evidence.sum(0) + r.neighbour
    share = r.bayes[r.shown]
    names = [f"{word}  {_percent(float(each))}" for word, each in zip(r.candidates, share, strict=True)]
    rows = np.arange(len(names))
    parts = [_part("@log_prior", rows, r.log_prior, MUTED)]
    parts += [
        _part(_name(r, i), rows, r.evidence[i], WORDS[i % len(WORDS)]) for i in range(len(r.context)) if r.evidence[i].any()
    ]
    parts += [_part("@residual_part", rows, r.neighbour, NEIGHBOUR)] if r.residual else []
    look = {"mode": "markers", "marker": {"color": SERIES[9], "symbol": "diamond-tall", "size": 11}}
    parts.append({"type": "scatter", "x": typed(total), "y": typed(rows), "name": "@total", **look})
    axis = {"tickvals": rows.tolist(), "ticktext": names, "autorange": "reversed", "zeroline": False, "showgrid": False}
    return chart(*parts, x="@log_p_axis", y="@next_axis", yaxis=axis, barmode="relative", height=420)


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _name(r: LanguageResult, i: int) -> str:
    """A word so far, or that the text does not have it."""
    return r.context[i] if r.known[i] else "@unknown_word"


def _part(name: str, rows: Array, width: Array, colour: str) -> Payload:
    body = {"type": "bar", "orientation": "h", "y": typed(rows), "x": typed(width), "name": name}
    return body | {"marker": {"color": colour}, "hovertemplate": "%{x:.2f}"}


def listening(p: Params, r: LanguageResult) -> Chart:  # noqa: ARG001
    """How much each head listens to each word so far."""
    at = np.arange(len(r.context))
    marks = [
        {"type": "bar", "x": typed(at), "y": typed(row), "name": f"@head.h{i + 1}", "marker": {"color": HEADS[i]}}
        for i, row in enumerate(r.weights)
    ]
    if r.residual or not marks:
        last = np.where(at == at[-1], r.residual, 0.0)
        marks.append(
            {"type": "bar", "x": typed(at), "y": typed(last), "name": "@residual_part", "marker": {"color": NEIGHBOUR}}
        )
    axis = categories(tuple(_name(r, i) for i in range(len(at))))
    return chart(
        *marks, x="@context_axis", y="@weight_axis", xaxis=axis, yaxis={"rangemode": "tozero"}, barmode="group", height=300
    )


def two_sides(p: Params, r: LanguageResult) -> Chart:  # noqa: ARG001
    """The next word by naive Bayes and by attention, and how far they are apart over the whole vocabulary."""
    bayes, attention = r.bayes[r.shown], r.attention[r.shown]
    look = {"mode": "markers", "marker": {"color": MEASURED, "symbol": "diamond", "size": 9}}
    at = np.arange(float(len(bayes)))
    by_attention = {"type": "scatter", "x": typed(at), "y": typed(attention), "name": "@by_attention", **look}
    apart = {"text": f"max |Δp| = {r.metrics()['identity_error']:.1e}", "x": 1, "y": 1, "xref": "paper", "yref": "paper"}
    apart |= {"xanchor": "right", "yanchor": "top", "showarrow": False, "font": {"size": 17}}
    return chart(
        strokes(bayes.tolist(), "@by_bayes"),
        by_attention,
        x="@next_axis",
        y="@p_axis",
        xaxis=categories(tuple(r.candidates)),
        yaxis={"rangemode": "tozero"},
        annotations=[apart],
        height=340,
    )


def writing(p: Params, r: LanguageResult) -> Lines:  # noqa: ARG001
    """The words as they were read, and how naive Bayes and this model go on."""
    unknown = r.known.count(False)
    read = [(f"{word} ", "kept" if known else "hole") for word, known in zip(r.context, r.known, strict=True)]
    return Lines(
        (
            _line("@as_read", read, "@unknown_note" if unknown else "", unknown),
            _line(
                "@goes_on.naive_bayes", _new(r.written_naive_bayes), "@perplexity_note", r.metrics()["perplexity_naive_bayes"]
            ),
            _line("@goes_on.own", _new(r.written), "@perplexity_note", r.metrics()["perplexity"]),
        )
    )


def _new(words: list[str]) -> list[tuple[str, str]]:
    return [("… ", "kept"), *((f"{word} ", "new") for word in words)]


def _line(title: str, tokens: list[tuple[str, str]], note: str, number: float) -> Payload:
    return {"title": title, "runs": runs(tokens), "note": note, "number": number}


def rungs(p: Params, r: LadderResult) -> Chart:  # noqa: ARG001
    """Perplexity of held-out words at every stage, two standard errors each way."""
    marks = [_climb(1, r.own, "@your_dials")] if len(r.own) else []
    axis = categories(tuple(f"@stage.{name}" for name in STAGES))
    return chart(_climb(0, r.surprise, "@tuned_dials"), *marks, x="@stage_axis", y="@perplexity_axis", xaxis=axis, height=400)


def _climb(i: int, rows: Array, name: str) -> Payload:
    scores = [score(row.astype(float)) for row in rows]
    x = np.arange(len(rows)) + 0.16 * (i - 0.5)
    look = {"mode": "markers", "marker": {"color": (THEORY, MEASURED)[i], "symbol": SYMBOLS[2 * i], "size": 9}}
    error = bars(np.array([2 * each.stderr for each in scores]))
    return {
        "type": "scatter",
        "x": typed(x),
        "y": typed(np.array([each.perplexity for each in scores])),
        "name": name,
        "error_y": error,
        **look,
    }


ATTENTION = Experiment(
    "bayes_attention",
    Params,
    Computation(compute, (votes, two_sides, listening, writing), LanguageResult, live=True),
    Computation(ladder, (rungs,), LadderResult),
    warm,
)

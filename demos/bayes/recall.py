"""A small network asked about more contexts than it was trained to hold: who speaks, and how often the answer is right."""

import numpy as np

from core.bayes.recall import Params, RecallResult, compute
from core.bayes.recall.experiment import warm
from core.bayes.recall.problems import TIMES
from core.bayes.recall.result import BETAS, JOINED, POOLED, WAYS
from core.intervals import wilson
from demos._experiment import Computation, Experiment
from demos._plot import (
    MEASURED,
    MODEL,
    MUTED,
    SERIES,
    SYMBOLS,
    THEORY,
    Array,
    Chart,
    Lines,
    Payload,
    Rows,
    chart,
    packed,
    shares,
    theory,
    typed,
)
from demos.attention.marks import upright
from demos.bayes.lines import ABOVE, chosen_first, row, short

COLOURS = dict(zip(WAYS, (THEORY, MEASURED, MODEL, SERIES[3], MUTED, SERIES[8]), strict=True))
SIGNS = dict(zip(WAYS, ("diamond", "square", "circle", "triangle-up", SYMBOLS[4], SYMBOLS[5]), strict=True))
SURE, GUESS = 0.0, float(np.log(10))  # nats: of one sign alone, and of ten digits alike
SPREAD = 1.05  # marks at one number of contexts stand beside each other
HEAD = ("@way_head", "@share_head", "@low_head", "@high_head", "@theory_head", "@p_head")


def answers(p: Params, r: RecallResult) -> Lines:
    """The question, what the records say, each way to answer it, and each of the visitor's contexts alone."""
    asked = [row("@asked", [(f"{r.question[1:]}?", "kept")]), row("@by_records", [(_plain(r.truth), "kept")], _note(r))]
    ways = [
        row(f"@way.{name}", [(_plain(r.answers[name]), _state(r, r.answers[name]))])
        for name in chosen_first(p.pooling.value, WAYS)
    ]
    alone = [
        row(_label(r, i), [(f"{short(text)} → ", "kept"), (_plain(said), _state(r, said))], "@entropy_note", float(entropy))
        for i, (text, said, entropy) in enumerate(zip(r.contexts, r.alone, r.entropies[:, 0], strict=True))
        if i < len(r.names)
    ]
    return Lines((*asked, *ways, *alone))


def _plain(answer: str) -> str:
    return answer.removesuffix(";")


def _note(r: RecallResult) -> str:
    return "" if r.truth else "@no_record"


def _state(r: RecallResult, said: str) -> str:
    """Whether an answer is the records' own; where they have none, it is what the network makes up."""
    return "hole" if not r.truth else "new" if said == r.truth else "changed"


def _label(r: RecallResult, i: int) -> str:
    """S and its number, of a random context R."""
    return f"S{r.names[i]}" if i < len(r.names) else f"R{i - len(r.names) + 1}"


def voices(p: Params, r: RecallResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """How unsure each context is of each sign of the answer; a ring at the one of least entropy."""
    rows = np.asarray(r.entropies, "<f4")
    z = {"dtype": "f4", "bdata": packed(rows), "shape": f"{rows.shape[0]}, {rows.shape[1]}"}
    bar = {"title": {"text": "@entropy_axis", "side": "right"}, "thickness": 12}
    look: Payload = {"type": "heatmap", "z": z, "zmin": SURE, "zmax": GUESS, "colorscale": "Viridis", "reversescale": True}
    ring = {"mode": "markers", "marker": {"symbol": "circle-open", "size": 15, "color": MEASURED, "line": {"width": 3}}}
    spoke = {"type": "scatter", "x": typed(np.arange(len(r.spoke))), "y": typed(r.spoke), "name": "@speaks", **ring}
    across = {"tickvals": list(range(len(r.signs))), "ticktext": list(r.signs), "range": [-0.5, len(r.signs) - 0.5]}
    down = {"tickvals": list(range(len(rows))), "ticktext": [_label(r, i) for i in range(len(rows))]}
    down |= {"range": [len(rows) - 0.5, -0.5]}
    quiet = {"showgrid": False, "zeroline": False}
    return chart(
        look | {"colorbar": bar, "hovertemplate": "%{z:.2f}<extra></extra>"},
        spoke,
        x="@sign_axis",
        y="@context_axis",
        xaxis=across | quiet,
        yaxis=down | quiet,
        legend=ABOVE,
        height=200 + 22 * len(rows),
    )


def recalled(p: Params, r: RecallResult) -> Chart:
    """Share of right answers against the number of contexts: lines are theory, marks are measured, with 95 % intervals."""
    x = r.numbers.astype(float)
    marks = [upright(float(r.held), 0.0, 1.0, "@held_line"), upright(float(TIMES * r.held), 0.0, 1.0, "@eight_line", THEORY)]
    marks.append(theory(x[[0, -1]], np.full(2, r.chance), "@chance_line", color=MUTED, dash="dash", width=1.5))
    if p.task.kind == "latest":
        marks.append(theory(x[[0, -1]], np.full(2, 0.5), "@half_line", color=MUTED, dash="dashdot", width=1.5))
    if r.questions:
        marks += [_line(p, i, x, r.predicted[i]) for i in range(len(POOLED))]
        marks += [_measured(r, i) for i in range(len(WAYS))]
    axis = {"type": "log", "tickvals": x.tolist(), "ticktext": [f"{n:g}" for n in x]}
    view = {"range": [-0.03, 1.05]}
    return chart(*marks, x="@number_axis", y="@right_axis", xaxis=axis, yaxis=view, legend=ABOVE, height=470)


def _line(p: Params, i: int, x: Array, y: Array) -> Payload:
    name = POOLED[i]
    line = theory(x, y, f"@way.{name}", color=COLOURS[name], width=3.5 if name == p.pooling.value else 1.8)
    return line | {"legendgroup": name, "showlegend": False}


def _measured(r: RecallResult, i: int) -> Payload:
    """Dots with Wilson's intervals; texts that are joined have no theory, their dots are connected."""
    name, x = WAYS[i], r.numbers * SPREAD ** (i - 2.5)
    marks = shares(x, r.right[i] / r.questions, _intervals(r, i), f"@way.{name}", COLOURS[name], SIGNS[name])
    dashed = {"mode": "lines+markers", "line": {"color": COLOURS[name], "dash": "dot", "width": 1.5}}
    return marks | {"legendgroup": name} | (dashed if name in JOINED else {})


def by_beta(p: Params, r: RecallResult) -> Chart:
    """The same at eight times the trained number, against beta."""
    x, marks = np.array(BETAS), [upright(p.beta, 0.0, 1.0, "@own_beta")]
    for i, name in enumerate(POOLED[: len(r.right_beta)] if r.questions else ()):
        interval = np.array([wilson(float(hits), r.questions) for hits in r.right_beta[i]])
        dots = shares(x + 0.04 * (i - 1), r.right_beta[i] / r.questions, interval, f"@way.{name}", COLOURS[name], SIGNS[name])
        marks += [_line(p, i, x, r.predicted_beta[i]), dots | {"legendgroup": name}]
    view = {"range": [-0.03, 1.05]}
    return chart(*marks, x="@beta_axis", y="@right_axis", yaxis=view, legend=ABOVE, height=340)


def _intervals(r: RecallResult, i: int) -> Array:
    return np.array([wilson(float(hits), r.questions) for hits in r.right[i]])


def comparison(p: Params, r: RecallResult) -> Rows:
    """At eight times the trained number: every way, its interval, its theory, and a paired test against the joined text."""
    if not r.questions:
        return Rows(HEAD, ())
    rows = []
    for i, name in enumerate(WAYS):
        low, high = _intervals(r, i)[r.looked].tolist()
        pooled = name in POOLED
        known: tuple[str | float, ...] = (float(r.predicted[i, r.looked]), r.p_value(i)) if pooled else ("–", "–")
        rows.append((f"@way.{name}", float(r.right[i, r.looked] / r.questions), low, high, *known))
    return Rows(HEAD, tuple(rows), (WAYS.index(p.pooling.value),))


RECALL = Experiment(
    "nbce_recall", Params, Computation(compute, (answers, voices, recalled, by_beta, comparison), RecallResult), warm=warm
)

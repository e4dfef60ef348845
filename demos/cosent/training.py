"""Two kinds of models learn real ratings under every loss: how well, how far they differ, and whether scores are ratings."""

import numpy as np

from core.cosent.train.calibration import BINS
from core.cosent.train.experiment import compute, warm
from core.cosent.train.guesses import GuessResult, guesses
from core.cosent.train.params import Objective, TrainParams
from core.cosent.train.published import FEATURE, MEASURES, NETWORKS, SETS, TABLE
from core.cosent.train.result import TrainResult
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
    Payload,
    Rows,
    bars,
    chart,
    spots,
    theory,
    typed,
)

NAMES = [each.value for each in Objective]
MODELS = {"interaction": MODEL, "feature": THEORY}
FINE = 3  # digits in the tables
DOWNWARDS = {"type": "category", "dtick": 1, "tickfont": {"size": 11}, "autorange": "reversed"}
WHERE = ("top", "bottom")  # of its mark stands a number, by series
NARROW, SEEN = 0.15, 12.0  # Spearman and hundredths of it that are always in sight; what a band loses beyond is only width
PERCENT = 100  # the article counts in hundredths


def learning(p: TrainParams, r: TrainResult) -> Chart:
    """Spearman's correlation on held-out pairs, step by step, of the model that is looked at under every loss."""
    lines: list[Payload] = []
    for i in reversed(_mine(r)):
        mean = r.spearman[:, i].mean(-1)
        stands_out = i in (r.chosen, r.rival)
        colour = SERIES[NAMES.index(r.losses[i])]
        if stands_out and len(r.steps):
            half = r.half(r.spearman[:, i])
            lines.append(_strip(r.steps, mean - half, mean + half, colour))
        look = {"mode": "lines+markers", "marker": {"color": colour, "size": 7 if stands_out else 4}}
        lines.append(theory(r.steps, mean, f"@objective.{r.losses[i]}", color=colour, width=3 if stands_out else 1.3) | look)
    if len(r.encoder):
        own = np.full(2, r.encoder.mean())
        lines.append(theory(np.array([0.0, p.steps]), own, "@encoder_line", color=MUTED, dash="dash", width=2))
    return chart(
        *lines,
        x="@step_axis",
        y="@spearman_axis",
        xaxis={"range": [0, p.steps * 1.02]},
        yaxis={"range": [min(float(r.spearman[:, _mine(r)].mean(-1).min(initial=0)), 0) - 0.05, 1.02]},
        legend={"traceorder": "reversed"},
        height=400,
    )


def _mine(r: TrainResult) -> list[int]:
    """Runs of the model that is looked at."""
    return [i for i, model in enumerate(r.models) if model == r.models[r.chosen]]


def _strip(x: Array, low: Array, high: Array, colour: str) -> Payload:
    """A pale band."""
    corners = {"x": typed(np.append(x, x[::-1])), "y": typed(np.append(high, low[::-1]))}
    look = {"mode": "lines", "line": {"width": 0}, "fill": "toself", "fillcolor": f"{colour}26", "hoverinfo": "skip"}
    return {"type": "scatter", "showlegend": False, **corners, **look}


def answer(p: TrainParams, r: TrainResult) -> Rows:  # noqa: ARG001  a drawing takes both
    """Does CoSENT help? Computed: an interval that has 0 in it shows no difference."""
    head = ("@columns.model", "@columns.cosent", "@columns.cross_entropy", "@columns.gain", "@columns.half", "@columns.verdict")
    rows: list[tuple[str | float, ...]] = []
    for model in MODELS if len(r.steps) else ():
        both = [float(r.spearman[-1, r.place(model, loss)].mean()) for loss in ("cosent", "cross_entropy")]
        mean, half = r.helps(model)
        rows.append((f"@model.{model}", *map(_rounded, (*both, mean, half)), f"@verdict.{_verdict(mean, half)}"))
    return Rows(head, tuple(rows), (0,))


def _verdict(mean: float, half: float) -> str:
    """An interval without width, of a handful of pairs that give the same number twice, shows nothing either."""
    return "none" if abs(mean) <= half or half == 0 else "gain" if mean > 0 else "loss"


def _rounded(value: float) -> float:
    return round(float(value), FINE)


def against(p: TrainParams, r: TrainResult) -> Chart:  # noqa: ARG001
    """The loss that is looked at minus every other, seed by seed, with 95 % intervals."""
    others = [i for i in _mine(r) if i != r.chosen] if len(r.steps) else []
    found = np.array([[each[-1] for each in r.gain(r.chosen, i)] for i in others]).reshape(-1, 2)
    names = [f"@objective.{r.losses[i]}" for i in others]
    lines = _forest(names, {"@difference": (found, MEASURED)}) if others else []
    return chart(*lines, x="@difference_axis", y="@minus_axis", yaxis=DOWNWARDS, height=320)


def _forest(names: list[str], series: dict[str, tuple[Array, str]]) -> list[Payload]:
    """A line at nothing, and for every series a mark and an interval [n, 2] a row, its number above it."""
    lines = [theory(np.zeros(len(names)), np.zeros(0), "@no_difference", color=MUTED, dash="dash", width=2) | {"y": names}]
    for k, (name, (found, colour)) in enumerate(series.items()):
        said = [f"{mean:+.3f} ± {half:.3f}".replace("-", "−") for mean, half in found]
        marks: Payload = {"type": "scatter", "x": typed(found[:, 0]), "y": names, "name": name, "error_x": bars(found[:, 1])}
        marks |= {"mode": "markers+text", "text": said, "textposition": f"{WHERE[k]} center", "cliponaxis": False}
        lines.append(marks | {"marker": {"color": colour, "size": 10, "symbol": SYMBOLS[k], "opacity": 1}})
    return lines


def stops(p: TrainParams, r: TrainResult) -> Chart:
    """CoSENT minus cross-entropy wherever one might have stopped, in both models, with a 95 % band."""
    lines: list[Payload] = []
    reach = NARROW
    for model, colour in MODELS.items() if len(r.steps) else ():
        mean, half = r.gain(r.place(model, "cosent"), r.place(model, "cross_entropy"))
        lines += [_strip(r.steps, mean - half, mean + half, colour), theory(r.steps, mean, f"@model.{model}", color=colour)]
        reach = max(reach, 1.2 * float(np.abs(mean).max()))
    lines.append(theory(np.array([0.0, p.steps]), np.zeros(2), "@no_difference", color=MUTED, dash="dash", width=2))
    axes = {"xaxis": {"range": [0, p.steps * 1.02]}, "yaxis": {"range": [-reach, reach]}}
    return chart(*lines, x="@step_axis", y="@difference_axis", height=320, **axes)


def scores(p: TrainParams, r: TrainResult) -> Rows:  # noqa: ARG001
    """Both models under every loss; means over the seeds. Press a head to sort."""
    names = ("spearman", "half", "pearson", "auc", "accuracy", "calibration")
    head = ("@columns.model", "@columns.loss", *(f"@columns.{name}" for name in names))
    if not r.finished:
        return Rows(head, ())
    rows: list[tuple[str | float, ...]] = []
    for i, (model, loss) in enumerate(zip(r.models, r.losses, strict=True)):
        found = r.spearman[-1, i]
        cells = (found.mean(), r.half(found), r.pearson[i].mean(), r.auc[i].mean(), r.accuracy[i].mean(), r.calibration[1, i])
        rows.append((f"@model.{model}", f"@objective.{loss}", *map(_rounded, cells)))
    pearson, auc, right = r.encoder_scores.mean(1)[:3]
    own = (r.encoder.mean(), r.half(r.encoder), pearson, auc, right)
    rows.append(("@encoder_alone", "@untrained", *map(_rounded, own), "–"))
    return Rows(head, tuple(rows), (r.chosen,))


def trusted(p: TrainParams, r: TrainResult) -> Chart:  # noqa: ARG001
    """Mean rating against the estimate, in tenths of the estimate: as scores come (open), and fitted on learnt pairs."""
    lines: list[Payload] = [theory(np.array([0.0, 1.0]), np.array([0.0, 1.0]), "@perfect", color=MUTED, dash="dash", width=2)]
    for i in (r.rival, r.chosen) if r.finished else ():
        colour = SERIES[NAMES.index(r.losses[i])]
        for way, (name, symbol) in enumerate((("as_it_comes", "circle-open"), ("fitted", "circle"))):
            table = r.reliability[way, i]
            kept = table[table[:, 2] > 0]
            x, y = kept[:, 0] / kept[:, 2], kept[:, 1] / kept[:, 2]
            size = 5 + 13 * np.sqrt(kept[:, 2] / table[:, 2].sum())
            marks = spots(x, y, f"@{name}.{r.losses[i]}", colour, symbol)
            marks["marker"] |= {"size": size.round(1).tolist()}
            lines.append(
                marks | {"mode": "lines+markers", "line": {"color": colour, "width": 1.5, "dash": ("dot", "solid")[way]}}
            )
    axis = {"range": [0, 1], "dtick": 2 / BINS}
    return chart(*lines, x="@estimate_axis", y="@rating_axis", xaxis=axis, yaxis=axis, height=400)


def readings(p: TrainParams, r: TrainResult) -> Rows:  # noqa: ARG001
    """Held-out pairs of the first seed: places from 1, most alike, by people, the encoder, the loss looked at and its rival."""
    mine, other = f"@objective.{r.losses[r.chosen]}", f"@objective.{r.losses[r.rival]}"
    head = ("@columns.why", "@columns.first", "@columns.second", "@columns.people", "@columns.encoder", mine, other)
    rows = zip(r.why, r.first, r.second, r.ranks.T, strict=True)
    return Rows(head, tuple((f"@why.{why}", _own(one), _own(two), *map(float, places)) for why, one, two, places in rows))


def _own(text: str) -> str:
    """A visitor's text is no key of ours."""
    return f"\u200b{text}" if text.startswith("@") else text


def article(p: TrainParams, r: TrainResult) -> Chart:  # noqa: ARG001
    """What CoSENT gained over cross-entropy in the article's table, set by set, and here."""
    rows = [f"@set.{name}" for name in SETS]
    here = [f"@here.{model}" for model in MODELS]
    lines = [theory(np.zeros(len(rows + here)), np.zeros(0), "@no_difference", color=MUTED, dash="dash") | {"y": rows + here}]
    for i, network in enumerate(NETWORKS):
        for k, measure in enumerate(MEASURES):
            base, cosent = (np.array(each) for each in TABLE[network][measure])
            said = [f"{one:.2f} → {two:.2f}" for one, two in zip(base, cosent, strict=True)]
            symbol, colour = ("circle", "diamond")[i] + "-open" * k, SERIES[1 + 3 * i]
            marks = spots(cosent - base, np.zeros(0), f"@published.{network}_{measure}", colour, symbol, 10)
            lines.append(marks | {"y": rows, "text": said, "hovertemplate": "%{text}"})
    known = np.array([FEATURE[1] - FEATURE[0]])
    lines.append(spots(known, np.zeros(0), "@published.feature", THEORY, "star", 14) | {"y": [f"@set.{SETS[-1]}"]})
    for name, model in zip(here, MODELS, strict=True) if len(r.steps) else ():
        mean, half = (PERCENT * each for each in r.helps(model))
        marks = spots(np.array([mean]), np.zeros(0), name, MODELS[model], "square", 10)
        lines.append(marks | {"y": [name], "error_x": bars(np.array([half]))})
    return chart(*lines, x="@hundredths_axis", y="@set_axis", xaxis={"range": [-SEEN, SEEN]}, yaxis=DOWNWARDS, height=400)


def guessed(p: TrainParams, r: GuessResult) -> Chart:  # noqa: ARG001
    """CoSENT over cross-entropy in both models, one thing changed at a time."""
    names = [f"@setting.{name}" for name in r.names]
    every = {f"@model.{model}": (r.gain[:, i, 0], colour) for i, (model, colour) in enumerate(MODELS.items())}
    lines = _forest(names, every) if names else []
    return chart(*lines, x="@difference_axis", y="@setting_axis", yaxis=DOWNWARDS, height=620)


def together(p: TrainParams, r: GuessResult) -> Rows:  # noqa: ARG001
    """Spearman's correlation under each loss and under their sum, with what the sum gains over cross-entropy alone."""
    names = ("setting", "model", "cosent", "cross_entropy", "both", "sum_gain", "half", "verdict")
    rows: list[tuple[str | float, ...]] = []
    for g, name in enumerate(r.names):
        for i, model in enumerate(MODELS):
            mean, half = map(float, r.gain[g, i, 1])
            cells = map(_rounded, (*r.reached[g, i], mean, half))
            rows.append((f"@setting.{name}", f"@model.{model}", *cells, f"@verdict.{_verdict(mean, half)}"))
    return Rows(tuple(f"@columns.{name}" for name in names), tuple(rows))


TRAIN = Experiment(
    "cosent_train",
    TrainParams,
    Computation(compute, (answer, learning, against, stops, scores, trusted, readings, article), TrainResult),
    Computation(guesses, (guessed, together), GuessResult),
    warm,
)

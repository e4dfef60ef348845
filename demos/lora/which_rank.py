"""Which rank do I need? Spectra of differences beside the law of noise, and ranks to take home."""

import json

import numpy as np

from core.lora.rank import RankParams, RankResult, compute, noise
from core.lora.rank.transition import TransitionResult, expected_count, transition
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, SERIES, THEORY, Chart, Lines, Payload, Rows, chart, spots, theory, typed
from demos.lora.lines import log_axis

SIGMAS = 1.96  # of a mean: 95 %
SMALLEST = 1e-12  # of the largest, on a logarithmic axis
FEW = 12  # layers that are all numbered on the axis
LONGEST = 600  # letters of an argument that are shown
FINE = 240  # points of a curve
SHARES = ("energy_rank_1", "energy_rank_4", "energy_rank_16")  # columns of the table


def spectrum(_: RankParams, r: RankResult) -> Chart:
    """Singular values of the layer drawn, on what theory says of noise."""
    if not len(r.spectrum):
        return chart(x="@direction_axis", y="@singular_axis")
    number, floor = np.arange(1, len(r.spectrum) + 1), SMALLEST * float(r.spectrum[0])
    seen, wanted = np.maximum(r.spectrum, floor), np.maximum(r.expected, floor)
    rank, ends = int(r.suggested[r.chosen]), np.array([0.9, 1.1 * len(r.spectrum)])
    colours = [MEASURED if i < rank else MUTED for i in range(len(seen))]
    dots = {"type": "scatter", "mode": "markers", "x": typed(number), "y": typed(seen), "name": _measured(r)}
    lines = [theory(number, wanted, "@noise_theory" if not r.truth else "@scene_theory")]
    if r.truth:
        lines.append(_planted(r))
    lines.append(dots | {"marker": {"color": colours, "size": 6}})
    levels = ((r.threshold, "@threshold_line", "dash"), (r.random_edge, "@random_line", "dot"))
    lines += [theory(ends, np.full(2, y), name, color=SERIES[3], dash=dash, width=1.5) for y, name, dash in levels if y > floor]
    x, y = log_axis(*DOUBLES), {"type": "log", "dtick": "D2", "range": _decades(seen)}
    x["range"] = [float(np.log10(0.9)), float(np.log10(1.1 * len(seen)))]
    return chart(*lines, x="@direction_axis", y="@singular_axis", xaxis=x, yaxis=y, legend=ABOVE, height=400)


DOUBLES = tuple(2**k for k in range(10))
ABOVE: Payload = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}


def _measured(r: RankResult) -> str:
    return "@measured" if r.truth else "@layer_dots"


def _planted(r: RankResult) -> Payload:
    """What was planted, without the noise."""
    mark = {"symbol": "line-ew", "size": 11, "line": {"color": MODEL, "width": 2.5}}
    number = np.arange(1, len(r.truth) + 1)
    return {"type": "scatter", "mode": "markers", "x": typed(number), "y": r.truth, "name": "@planted_marks", "marker": mark}


def _decades(seen: np.ndarray) -> list[float]:
    """From a little below the bulk of the values to a little above the largest."""
    low = max(float(np.quantile(seen, 0.1)) / 2, float(seen[0]) * 1e-5)
    return [float(np.log10(low)), float(np.log10(seen[0] * 1.6))]


def kept_energy(p: RankParams, r: RankResult) -> Chart:
    """Share kept by rank."""
    ranks = np.arange(len(r.cumulative))
    many, at = np.arange(1, r.others.shape[1] + 1), int(r.suggested[r.chosen])
    lines = [
        theory(many, row, r.layers[i], color=f"{MUTED}55", width=1) | {"showlegend": False} for i, row in enumerate(r.others)
    ]
    last = max(len(ranks) - 1, 2)
    lines.append(theory(np.array([0, last]), np.full(2, p.energy), "@asked_line", color=SERIES[3], dash="dash", width=1.5))
    lines.append(theory(ranks, r.cumulative_random, "@random_theory"))
    lines.append(theory(ranks, r.cumulative, _measured(r), color=MEASURED, width=3))
    ring = {"symbol": "circle-open", "size": 16, "color": MEASURED, "line": {"width": 2.5}}
    here = {"type": "scatter", "mode": "markers", "x": [at], "y": [float(r.kept[r.chosen])], "marker": ring}
    lines.append(here | {"name": "@suggested_mark"})
    x, y = {"range": [0, min(last, 1.3 * max(at, 16)) + 0.5]}, {"range": [0, 1.03]}
    return chart(*lines, x="@rank_axis", y="@energy_axis", xaxis=x, yaxis=y, legend=ABOVE, height=380)


def by_layer(_: RankParams, r: RankResult) -> Chart:
    """Both rules for every layer; the rule chosen is filled."""
    number = np.arange(1, len(r.layers) + 1)
    found = (("energy", r.rank_by_energy, MEASURED, "circle"), ("threshold", r.rank_by_threshold, THEORY, "diamond"))
    marks: list[Payload] = []
    for rule, ranks, colour, symbol in found:
        shape = symbol if rule == r.rule else f"{symbol}-open"
        mark = {"type": "scatter", "mode": "markers", "x": typed(number), "y": typed(ranks), "name": f"@rule.{rule}"}
        sizes = [13 if i == r.chosen else 8 for i in range(len(number))]
        mark |= {
            "marker": {"color": colour, "symbol": shape, "size": sizes, "opacity": 1, "line": {"width": 2, "color": colour}}
        }
        marks.append(mark | {"text": r.layers, "hovertemplate": "%{text}<br>r = %{y}<extra>%{fullData.name}</extra>"})
    top = max(float(np.max([r.rank_by_energy, r.rank_by_threshold])), 4.0)
    x = {"range": [0.4, r.total + 0.6]} | ({"dtick": 1} if r.total < FEW else {})
    y = {"range": [-0.05 * top, 1.1 * top]}
    return chart(*marks, x="@layer_axis", y="@rank_axis", xaxis=x, yaxis=y, legend=ABOVE, height=320)


def layers(_: RankParams, r: RankResult) -> Rows:
    """The table by layer; the one drawn stands out."""
    found = {"suggested": r.suggested, "kept": r.kept, "error": r.error, "error_theory": r.error_theory}
    about = {"change": r.change, "numerical": r.numerical_rank, **{name: getattr(r, name) for name in SHARES}}
    about |= {"adapter": r.adapter_parameters, "full": r.full_parameters}
    rows: list[tuple[str | float, ...]] = []
    for i, (name, shape) in enumerate(zip(r.layers, r.shapes, strict=True)):
        rows.append((i + 1, name, *_cells(found, i), shape, *_cells(about, i)))
    return Rows(tuple(f"@head.{name}" for name in ("number", "name", *found, "shape", *about)), tuple(rows), (r.chosen,))


def _cells(columns: dict[str, np.ndarray], i: int) -> list[float]:
    return [_rounded(float(each[i])) for each in columns.values()]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}") if value < 1000 else value


def config(_: RankParams, r: RankResult) -> Lines:
    """Arguments of LoraConfig, as Python has them."""
    if not r.peft:
        return Lines(({"title": "@no_adapter", "runs": [], "note": "@no_adapter_why", "number": ""},))
    rows = [(name, _short(json.dumps(value))) for name, value in r.peft.items()]
    return Lines(
        tuple({"title": name, "runs": [{"own": text, "state": "kept"}], "note": "", "number": ""} for name, text in rows)
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def seen(_: RankParams, r: TransitionResult) -> Chart:
    """Singular value of one direction in noise, and how well its direction is known, against its strength."""
    ratio, strength = _ratio(r), np.linspace(0.05, 3.05, FINE)
    short, long = noise.alignment(strength, ratio)
    marks = [theory(strength, noise.observed(strength, ratio), "@seen_theory")]
    marks += [theory(strength, np.maximum(short, 0), "@short_theory", color=MODEL, dash="dash", width=2)]
    marks += [theory(strength, np.maximum(long, 0), "@long_theory", color=SERIES[3], dash="dot", width=2)]
    marks.append(spots(r.strength, r.seen, "@seen_dots", MEASURED, "circle", error=SIGMAS * r.seen_stderr))
    pairs = (("@short_dots", MODEL, "square"), ("@long_dots", SERIES[3], "diamond"))
    for i, (name, colour, symbol) in enumerate(pairs):
        error = SIGMAS * r.aligned_stderr[:, i]
        marks.append(spots(r.strength, r.aligned[:, i], name, colour, symbol, error=error) | {"showlegend": False})
    height = np.array([0, 3.6])
    marks.append(theory(np.full(2, r.visible), height, "@visible_line", color=MUTED, dash="dash", width=1.5))
    return chart(*marks, x="@strength_axis", y="@seen_axis", yaxis={"range": [0, 3.7]}, height=400)


def recovered(_: RankParams, r: TransitionResult) -> Chart:
    """Directions that the threshold finds against the noise."""
    levels = np.geomspace(0.04, 2.2, FINE)
    marks = [theory(levels, expected_count(r.planted, levels, _ratio(r)), "@found_theory", shape="hv")]
    marks.append(spots(r.level, r.recovered, "@found_dots", MEASURED, "circle", error=SIGMAS * r.recovered_stderr))
    if r.own > 0:
        top = np.array([0.0, len(r.planted) + 0.5])
        marks.append(theory(np.full(2, r.own), top, "@own_noise", color=MUTED, dash="dash", width=1.5))
    x = log_axis(0.05, 0.1, 0.2, 0.5, 1, 2)
    return chart(*marks, x="@noise_axis", y="@found_axis", xaxis=x, yaxis={"rangemode": "tozero"}, height=360)


def _ratio(r: TransitionResult) -> float:
    return min(r.shape) / max(r.shape)


def warm() -> None:
    """The first decomposition of a process also loads the linear algebra; of the shipped networks the first layers are read."""
    list(compute(RankParams(seed=1)))
    next(compute(RankParams(source="longer", seed=1)))


RANK = Experiment(
    "lora_rank",
    RankParams,
    Computation(compute, (spectrum, kept_energy, by_layer, layers, config), RankResult),
    Computation(transition, (seen, recovered), TransitionResult),
    warm,
)

"""LoRA on a real network: a recogniser of digits learns a new world, by every method and rank at once."""

from typing import Any

import numpy as np

from core.lora.digits.comparison import SeedsResult, seeds_compared
from core.lora.digits.experiment import compute, warm
from core.lora.digits.params import Params
from core.lora.digits.result import ENOUGH, DigitsResult, half_interval
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, SERIES, SYMBOLS, THEORY, Chart, Grid, Payload, Rows, bars, chart, theory, typed
from demos.lora.lines import log_axis
from demos.lora.seeds import RANKS, SHARE, bands, gentleness, paired

Array = np.ndarray

COLUMNS, NOTHING = 8, 1e-6
HOVER = "%{text}<br>%{x:.4g}, %{y:.3f}<extra>%{fullData.name}</extra>"


def pictures(p: Params, r: DigitsResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """Pictures of the new world; a mark says what is read: by the pretrained network, in the end by the adapter looked at."""
    read = r.read_after if len(r.read_after) else r.read_before
    marks = tuple({"text": str(said), "good": bool(said == label)} for said, label in zip(read, r.labels, strict=False))
    return Grid(r.pictures[None], COLUMNS, marks=marks)


def by_rank(p: Params, r: DigitsResult) -> Chart:
    """Accuracy of the method looked at against its rank, in both worlds; lines: full fine-tuning, and it cut to that rank."""
    lines: list[Payload] = []
    if len(r.shown):
        new, old = r.accuracies()
        mine = [i for i, name in enumerate(r.methods) if name == p.method.kind]
        lines.append(_level(float(r.before[0]), "@before", color=MUTED, dash="dot", width=1.5))
        lines.append(_level(float(new[r.methods.index("full")]), "@full_new", color=MODEL))
        lines.append(_dots(r.ranks[mine], new[mine], r.count, "@world_new", MEASURED))
        lines.append(_dots(r.ranks[mine], old[mine], r.count, "@world_old", MUTED) | {"cliponaxis": False})
    if r.finished:
        lines.append(theory(r.cut_ranks, r.cut_new, "@cut_new", dash="dash"))
    return chart(*lines, x="@rank_axis", y="@accuracy_axis", xaxis=RANKS, yaxis=SHARE, height=360)


def _level(share: float, name: str, **look: Any) -> Payload:
    """The same at every rank."""
    return theory(np.array([1.0, 16.0]), np.repeat(share, 2), name, **look)


def learning(p: Params, r: DigitsResult) -> Chart:
    """Accuracy on the new world step by step: all in grey, full fine-tuning and the adapter looked at stand out."""
    lines = [
        theory(r.shown, r.new[:, i], f"@method.{name}", color=f"{MUTED}88", width=1) | {"showlegend": False}
        for i, name in enumerate(r.methods)
        if i != r.chosen and name != "full"
    ]
    for i in dict.fromkeys((r.methods.index("full"), r.chosen)):
        look = {"color": MEASURED, "width": 4} if i == r.chosen else {"color": MODEL}
        lines.append(theory(r.shown, r.new[:, i], f"@method.{r.methods[i]}", **look))
    x = {"range": [0, p.steps]}
    return chart(*lines, x="@step_axis", y="@accuracy_new_axis", xaxis=x, yaxis=SHARE, height=320)


def by_parameters(p: Params, r: DigitsResult) -> Chart:  # noqa: ARG001
    """Accuracy on the new world against the numbers trained at a time, every adapter one dot."""
    dots = _adapters(r, r.trained, r.accuracies()[0]) if len(r.shown) else []
    x = log_axis(100, 1000, 10_000, 100_000) | {"range": [1.8, 5.9]}
    return chart(*dots, x="@trained_axis", y="@accuracy_new_axis", xaxis=x, yaxis=SHARE, height=360)


def both_worlds(p: Params, r: DigitsResult) -> Chart:  # noqa: ARG001
    """What is left of the old world against what was learnt of the new one, every adapter one dot; the cross: before."""
    dots: list[Payload] = []
    if len(r.shown):
        cross = {"type": "scatter", "mode": "markers", "x": typed(r.before[:1]), "y": typed(r.before[1:]), "name": "@before"}
        dots = [*_adapters(r, *r.accuracies()), cross | {"marker": {"color": THEORY, "symbol": "x", "size": 11}}]
    return chart(*dots, x="@accuracy_new_axis", y="@accuracy_old_axis", xaxis=SHARE, yaxis=SHARE, height=380)


def _adapters(r: DigitsResult, x: Array, y: Array) -> list[Payload]:
    """A trace for each method, 95 % bars; the adapter looked at has a ring."""
    lines: list[Payload] = []
    for k, name in enumerate(dict.fromkeys(r.methods)):
        mine = [i for i, each in enumerate(r.methods) if each == name]
        sizes = [16 if i == r.chosen else 9 for i in mine]
        look = {
            "marker": {"color": SERIES[k], "symbol": SYMBOLS[k], "size": sizes, "opacity": 1},
            "error_y": bars(half_interval(y[mine], r.count)),
        }
        dots = {"type": "scatter", "mode": "markers", "x": typed(x[mine]), "y": typed(y[mine]), "name": f"@method.{name}"}
        hover = {"text": [f"r = {r.ranks[i]}" for i in mine], "hovertemplate": HOVER}
        lines.append(dots | look | hover)
    return lines


def spectrum(p: Params, r: DigitsResult) -> Chart:  # noqa: ARG001
    """How much of each layer's full update its first singular directions hold; dots: the same of the adapter looked at."""
    lines: list[Payload] = []
    for k, energy in enumerate(r.energies() if r.finished else ()):
        number = np.arange(1, int(min(r.sizes[k])) + 1)
        own = np.cumsum(r.learnt[k, : len(number)] ** 2)
        own = own[: 1 + np.argmax(own >= (1 - NOTHING) * own[-1])]  # where a product is at 1, it stays there
        lines.append(theory(number, energy[: len(number)], f"@layer.{r.layers[k]}", color=SERIES[k]))
        dots = {
            "type": "scatter",
            "mode": "markers",
            "x": typed(number[: len(own)]),
            "y": typed(own / max(float(own[-1]), 1e-300)),
        }
        lines.append(dots | {"name": "@learnt_energy", "marker": {"color": SERIES[k], "size": 5}, "showlegend": k == 0})
    lines.append(theory(np.array([1.0, 128.0]), np.full(2, ENOUGH), "@enough", color=MUTED, dash="dot", width=1.5))
    x = log_axis(1, 2, 4, 8, 16, 32, 64, 128)
    return chart(*lines, x="@direction_axis", y="@energy_axis", xaxis=x, yaxis=SHARE, height=360)


def needed(p: Params, r: DigitsResult) -> Rows:
    """Layer by layer: its size, the rank that holds 90 % of the full update, what rank r holds, what a random step catches."""
    head = ("@layer_name", "@inputs", "@outputs", "@rank_needed_column", "@kept_column", "@theory_column", "@measured_column")
    if not r.finished:
        return Rows(head, ())
    place, rank = int(np.argmin(np.abs(r.cut_ranks - p.rank))), r.rank_needed()
    shares = np.stack([r.energies()[:, p.rank - 1], r.captured_expected()[:, place], r.captured[:, place]], 1).round(3)
    return Rows(
        head,
        tuple(
            (f"@layer.{name}", *map(int, r.sizes[k]), int(rank[k]), *map(float, shares[k])) for k, name in enumerate(r.layers)
        ),
    )


def first_step(p: Params, r: DigitsResult) -> Chart:  # noqa: ARG001
    """Share of the first gradient that random subspaces of rank r catch: line by formula, dots measured, 95 % bars."""
    lines: list[Payload] = []
    for k, name in enumerate(r.layers if r.finished else ()):
        lines.append(theory(r.cut_ranks, r.captured_expected()[k], f"@layer.{name}", color=SERIES[k]))
        dots = {"type": "scatter", "mode": "markers", "x": typed(r.cut_ranks), "y": typed(r.captured[k]), "name": "@measured"}
        look = {"marker": {"color": SERIES[k], "size": 8}, "error_y": bars(1.96 * r.captured_error[k]), "showlegend": k == 0}
        lines.append(dots | look)
    return chart(*lines, x="@rank_axis", y="@captured_axis", xaxis=RANKS, yaxis=SHARE, height=340)


def _dots(x: Array, y: Array, count: int, name: str, colour: str) -> Payload:
    """Shares of so many pictures with their 95 % intervals."""
    dots = {"type": "scatter", "mode": "markers", "x": typed(x), "y": typed(y), "name": name}
    return dots | {"marker": {"color": colour, "size": 9, "opacity": 1}, "error_y": bars(half_interval(y, count))}


DIGITS = Experiment(
    "lora_digits",
    Params,
    Computation(compute, (pictures, by_rank, learning, by_parameters, both_worlds, spectrum, needed, first_step), DigitsResult),
    Computation(seeds_compared, (gentleness, paired, bands), SeedsResult),
    warm,
)

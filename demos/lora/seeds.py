"""Drawings of the companion of lora_digits: the same over several seeds, paired. Their words are in digits.toml."""

import numpy as np

from core.lora.digits.comparison import SeedsResult, interval
from core.lora.digits.params import Params
from demos._plot import MEASURED, MUTED, Chart, Payload, bars, chart, theory, typed
from demos.lora.lines import log_axis, names

Array = np.ndarray

SHARE = {"range": [-0.02, 1.02]}
RANKS = log_axis(1, 2, 4, 8, 16) | {"range": [-0.05, 1.26]}
RACERS = ("full", "full_slow", "projection_fresh", "lora", "lora_slow", "relora", "parallel")
DOWNWARDS = names() | {"autorange": "reversed"}
LARGE = {"color": MEASURED, "size": 11, "opacity": 1}


def gentleness(p: Params, r: SeedsResult) -> Chart:  # noqa: ARG001  a drawing takes both
    """What is left of the old world when the new loss has halved: a small dot a seed, a large one their mean."""
    left = {f"@racer.{name}": _known(r.gentle[:, r.names.index(name)]) for name in RACERS}
    left = {name: each for name, each in left.items() if len(each)}
    each_seed = np.concatenate([*left.values(), np.zeros(0)])
    rows = [name for name, each in left.items() for _ in each]
    seeds = _points(each_seed, rows, "@one_seed", {"color": MUTED, "size": 6})
    means = _intervals(left, "@mean_of_seeds")
    lines = [_across(r.before, list(left), "@before", "dot"), seeds, means] if left else []
    return chart(*lines, x="@gentle_axis", y="@method_axis", yaxis=DOWNWARDS, height=320)


def paired(p: Params, r: SeedsResult) -> Chart:  # noqa: ARG001
    """Differences seed by seed, with the 95 % interval of their mean; across the line, no difference is shown."""
    rows = {
        "@pair.fresh_full": r.gentler("projection_fresh", "full"),
        "@pair.fresh_slow": r.gentler("projection_fresh", "full_slow"),
        "@pair.fresh_paced": r.paced("projection_fresh"),
        "@pair.lora_full": r.gentler("lora", "full"),
        "@pair.slow_slow": r.gentler("lora_slow", "full_slow"),
        "@pair.serial_parallel": r.better("relora", "parallel"),
    }
    rows = {name: each for name, each in rows.items() if len(each) > 1}
    found = list(map(interval, rows.values()))
    said = [f"{mean:+.3f} ± {half:.3f}".replace("-", "−") for mean, half in found]
    words = {"mode": "markers+text", "text": said, "textposition": "top center", "cliponaxis": False}
    lines = [_across(0.0, list(rows), "@no_difference", "dash"), _intervals(rows, "@difference") | words] if rows else []
    x = {"range": _room(found)} if rows else {}
    return chart(*lines, x="@difference_axis", y="@pair_axis", xaxis=x, yaxis=DOWNWARDS, height=340)


def _room(found: list[tuple[float, float]]) -> list[float]:
    """All (mean, half) intervals and zero, and the words above those at either end."""
    low, high = min(0.0, *(mean - half for mean, half in found)), max(0.0, *(mean + half for mean, half in found))
    margin = 0.25 * max(high - low, 1e-3)
    return [low - margin, high + margin]


def bands(p: Params, r: SeedsResult) -> Chart:  # noqa: ARG001
    """Accuracy against rank over seeds: mean, and a band of one standard deviation each way."""
    lines: list[Payload] = []
    for name, rows, colour in (("@world_new", r.new, MEASURED), ("@world_old", r.old, MUTED)):
        if len(rows):
            lines += _band(r.ranks[r.by_rank], rows[:, r.by_rank], name, colour)
    return chart(*lines, x="@rank_axis", y="@accuracy_axis", xaxis=RANKS, yaxis=SHARE, height=320)


def _band(x: Array, rows: Array, name: str, colour: str) -> list[Payload]:
    """The mean of rows [S, R] and one standard deviation each way."""
    mean, spread = rows.mean(0), rows.std(0)
    corners = {"x": typed(np.append(x, x[::-1])), "y": typed(np.append(mean + spread, (mean - spread)[::-1]))}
    look = {"mode": "lines", "line": {"width": 0}, "fill": "toself", "fillcolor": f"{colour}33", "hoverinfo": "skip"}
    line = theory(x, mean, name, color=colour) | {"mode": "lines+markers", "marker": {"color": colour, "size": 8}}
    return [{"type": "scatter", "name": name, "showlegend": False, **corners, **look}, line]


def _intervals(rows: dict[str, Array], name: str) -> Payload:
    """The mean of every row with its 95 % interval."""
    found = np.array([interval(each) for each in rows.values()]).reshape(-1, 2)
    return _points(found[:, 0], list(rows), name, LARGE) | {"error_x": bars(found[:, 1])}


def _points(x: Array, rows: list[str], name: str, marker: Payload) -> Payload:
    return {"type": "scatter", "mode": "markers", "x": typed(x), "y": rows, "name": name, "marker": marker}


def _across(x: float, rows: list[str], name: str, dash: str) -> Payload:
    """A line through all rows, which it puts in their order."""
    return theory(np.full(len(rows), x), np.zeros(0), name, dash=dash) | {"y": rows}


def _known(values: Array) -> Array:
    """Without those that never got there."""
    return values[values >= 0]

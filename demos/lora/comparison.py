"""Drawings of the comparison that follows: against size, learning rate, forgetting, cost. Their words are in matrix.toml."""

import numpy as np

from core.lora.comparison import ComparisonResult
from core.lora.matrix import Params
from demos._plot import MEASURED, MODEL, SERIES, Chart, Payload, bars, chart, theory, typed
from demos.lora.lines import LINES, TOP, cut, grey, log_axis, names


def by_parameters(p: Params, r: ComparisonResult) -> Chart:
    """Final loss against the numbers trained, one dot a rank; the line with dots is the method looked at, dashed its floor."""
    lines = [*_all(p, r, r.trained, r.by_rank, "full")]
    if r.known[r.chosen]:
        lines.append(theory(r.trained[:, r.chosen], r.floors[:, r.chosen], "@own_floor", dash="dash"))
    x = log_axis(10, 20, 50, 100, 200, 500, 1000)
    return chart(*lines, x="@trained_axis", y="@loss_axis", xaxis=x, yaxis={"range": [0, TOP]}, height=360)


def by_rate(p: Params, r: ComparisonResult) -> Chart:
    """Final loss against the learning rate: where each method works best, and where it leaves the picture."""
    x = np.broadcast_to(10.0 ** r.rates[:, None], r.by_rate.shape)
    lines = _all(p, r, x, r.by_rate, "full", "lora")
    lines += [theory(np.full(2, limit), np.array([0, TOP]), "@stable_limit", dash="dash") for limit in r.stable]
    return chart(
        *lines, x="@rate_axis", y="@loss_axis", xaxis=log_axis(0.001, 0.01, 0.1, 1), yaxis={"range": [0, TOP]}, height=360
    )


def _all(p: Params, r: ComparisonResult, x: np.ndarray, y: np.ndarray, *others: str) -> list[Payload]:
    """Every method in grey; on top the one looked at, and some to compare it with."""
    lines = [grey(x[:, i], y[:, i], name) for i, name in enumerate(r.methods) if name not in others and i != r.chosen]
    for name in (*(other for other in others if other != p.method.kind), p.method.kind):
        i, mine = r.methods.index(name), name == p.method.kind
        colour, size = (MEASURED, 9) if mine else (LINES[name], 6)
        line = theory(x[:, i], cut(y[:, i]), f"@method.{name}", color=colour, width=size / 3)
        lines.append(line | {"mode": "lines+markers", "marker": {"color": colour, "size": size}})
    return lines


def forgetting(p: Params, r: ComparisonResult) -> Chart:
    """What each method has forgotten of the old task at equal progress on the new one, over that of full fine-tuning."""
    seen, mean, error = r.share_forgotten()
    order = np.argsort(-mean, kind="stable")
    rows = [f"@method.{seen[i]}" for i in order]
    sizes = [15 if seen[i] == p.method.kind else 9 for i in order]
    dots = {"type": "scatter", "mode": "markers", "x": typed(mean[order]), "y": rows, "name": "@measured"}
    dots |= {"marker": {"color": MEASURED, "size": sizes, "opacity": 1}, "error_x": bars(error[order])}
    one = theory(np.ones(2), np.zeros(2), "@like_full", color=MODEL, dash="dash") | {"y": [rows[0], rows[-1]] if rows else []}
    x = log_axis(0.2, 0.5, 1, 2, 5, 10)
    return chart(dots, one, x="@forgetting_axis", y="@method_axis", yaxis=names(), xaxis=x, height=520)


def price(_: Params, r: ComparisonResult) -> Chart:
    """FLOPs and peak memory of X (AB) and of (XA) B over those of full fine-tuning; lines by formula, dots counted."""
    looks = (("flops_merged", 0, "solid"), ("flops_split", 2, "solid"), ("bytes_merged", 0, "dot"), ("bytes_split", 2, "dot"))
    lines: list[Payload] = []
    for i, (name, colour, dash) in enumerate(looks):
        lines.append(theory(r.cost_ranks, r.cost_expected[:, i], f"@{name}", color=SERIES[colour], dash=dash))
        mark = {"color": MEASURED, "symbol": "circle" if dash == "solid" else "square", "size": 8}
        dots = {"type": "scatter", "mode": "markers", "x": typed(r.cost_ranks), "y": typed(r.cost_measured[:, i])}
        lines.append(dots | {"name": "@counted", "marker": mark, "showlegend": i == 0})
    x = log_axis(*r.cost_ranks.tolist())
    return chart(*lines, x="@rank_axis", y="@price_axis", xaxis=x, yaxis={"rangemode": "tozero"}, height=380)

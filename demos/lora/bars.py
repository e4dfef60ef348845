"""Singular values that fill up: outlines of what is wanted, and inside them what is there so far."""

from collections.abc import Sequence

import numpy as np

from demos._plot import MEASURED, THEORY, Chart, Payload, chart, typed

ROOM = 1.15  # of the tallest outline
MOST_BARS = 24


def filling(wanted: np.ndarray, spectra: np.ndarray, labels: Sequence[str], title: str) -> Chart:
    """wanted [k]; spectra [F, k], one frame each; the first MOST_BARS of them are shown."""
    shown, top = wanted[:MOST_BARS], ROOM * float(wanted[0])
    number = np.arange(1, len(shown) + 1)
    outline = {"color": "rgba(0,0,0,0)", "line": {"color": THEORY, "width": 2}}
    want = {"type": "bar", "x": typed(number), "y": typed(shown), "name": "@wanted", "marker": outline, "width": 0.86}
    frames = [{"data": [{}, _fill(row)]} for row in np.clip(spectra[:, : len(shown)], 0, 2 * top)]
    fill = {"type": "bar", "x": typed(number), "name": "@learnt", "marker": {"color": MEASURED}, "width": 0.6}
    bars = chart(
        want, fill | _fill(np.clip(spectra[-1, : len(shown)], 0, 2 * top)), x="@direction_axis", y=title, barmode="overlay",
        yaxis={"range": [0, top]}, xaxis={"dtick": 1 if len(shown) <= 24 else 4},
    )  # fmt: skip
    return Chart(bars.data, bars.layout, tuple(frames), tuple(labels))


def _fill(row: np.ndarray) -> Payload:
    return {"y": typed(row)}

"""Singular values that fill up: outlines of what is wanted, and inside them what is there so far."""

from collections.abc import Sequence

import numpy as np

from demos._plot import MEASURED, THEORY, Chart, Payload, chart, typed

ROOM, MOST = 1.15, 2.5  # of the tallest bar; of the tallest outline, for noise may be much larger
MOST_BARS = 24


def filling(wanted: np.ndarray, spectra: np.ndarray, labels: Sequence[str], title: str) -> Chart:
    """wanted [k]; spectra [F, k], one frame each; the first MOST_BARS of them are shown."""
    shown = wanted[:MOST_BARS]
    top = ROOM * min(max(float(wanted[0]), float(spectra.max())), MOST * float(wanted[0]))
    rows, number = np.minimum(spectra[:, : len(shown)], 2 * top), np.arange(1, len(shown) + 1)
    outline = {"color": "rgba(0,0,0,0)", "line": {"color": THEORY, "width": 2}}
    want = {"type": "bar", "x": typed(number), "y": typed(shown), "name": "@wanted", "marker": outline, "width": 0.86}
    fill = {"type": "bar", "x": typed(number), "name": "@learnt", "marker": {"color": MEASURED}, "width": 0.6}
    axes = {"yaxis": {"range": [0, top]}, "xaxis": {"tick0": 1, "dtick": 2}, "barmode": "overlay"}
    last = chart(want, fill | _fill(rows[-1]), x="@direction_axis", y=title, **axes)
    return Chart(last.data, last.layout, tuple({"data": [{}, _fill(row)]} for row in rows), tuple(labels))


def _fill(row: np.ndarray) -> Payload:
    return {"y": typed(row)}

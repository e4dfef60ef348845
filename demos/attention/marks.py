"""Marks that both experiments draw."""

from typing import Any

import numpy as np

from demos._plot import MEASURED, MUTED, THEORY, Array, Payload, bars, packed, typed, within

View = tuple[float, float, float, float]
HALF = 0.32  # of a theory's stroke over its category
FULL = 65535
LEAST = 1e-6  # of a relative error: below it there is nothing to see on a logarithmic axis
FEW = 3  # words that fit side by side
DECADES = 2.0  # that a picture has room to tick finely


def measured(x: Array, y: Array, error: Array, name: str = "@monte_carlo", **more: Any) -> Payload:
    """Dots with bars of two standard errors each way."""
    look = {"mode": "markers", "marker": {"color": MEASURED, "symbol": "diamond", "size": 8}}
    return {"type": "scatter", "x": typed(x), "y": typed(y), "name": name, "error_y": bars(2 * error), **look} | more


def shown(values: Array) -> Array:
    """What a logarithmic axis has a place for; a gap where there is nothing to see."""
    return np.where(values < LEAST, np.nan, values)


def strokes(values: list[float | None], name: str, color: str = THEORY, dash: str = "solid") -> Payload:
    """A short line over each category that has a value."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, value in enumerate(values):
        if value is not None:
            x += [place - HALF, place + HALF, None]
            y += [value, value, None]
    line = {"color": color, "width": 3, "dash": dash}
    return {"type": "scatter", "x": x, "y": y, "name": name, "mode": "lines", "line": line}


def upright(x: float, low: float, high: float, name: str, color: str = MUTED) -> Payload:
    """A line at one place of the x axis."""
    line = {"color": color, "width": 1.5, "dash": "dot"}
    return {"type": "scatter", "x": [x, x], "y": [low, high], "name": name, "mode": "lines", "line": line}


def categories(names: tuple[str, ...]) -> Payload:
    """An axis with a word at 0, 1, 2, ..."""
    return {
        "tickangle": -30 if len(names) > FEW else 0,  # on a phone many would lie on each other
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [-0.6, len(names) - 0.4],
        "showgrid": False,
        "zeroline": False,
    }


def logarithmic(*values: Array) -> Payload:
    """An axis for positive values: few decades are ticked at 1, 2 and 5, many at 1."""
    every = np.concatenate(values)
    every = every[every >= LEAST]
    decades = np.log10(every.max() / every.min()) if len(every) else 0.0
    return {"type": "log", "dtick": "D2" if decades < DECADES else 1, "exponentformat": "power"}


def tokens(places: Array, weights: Array, view: View, role: str) -> Payload:
    """[n, 2] places in data units, [k, n] weights: an area each, through time."""
    root = np.sqrt(np.clip(weights, 0, 1)) * FULL
    spots = packed(within(places, view))
    return {"layer": "tokens", "shape": list(root.shape), "data": packed(root.astype("<u2")), "places": spots, "role": role}

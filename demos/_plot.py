"""The one look of every picture: theory is a line, a measurement is dots with a band, a trained model is a picture.

Pictures are plain JSON for the browser, not plotly objects: building those costs more than most computations here.
A text that starts with @ is a key of the experiment's words; the browser shows it in the reader's language.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import numpy as np

from core.picture import jpeg

THEORY, MEASURED, MODEL, MUTED = "#0072B2", "#D55E00", "#009E73", "#7F7F7F"  # Okabe and Ito
SERIES = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#7F7F7F",
    "#B8A800",
    "#8B5A2B",
    "#000000",
    "#882255",
)
# One fewer than colours: number 12 has the first colour and the second symbol.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "pentagon", "hexagon", "triangle-down")

Array = np.ndarray
Payload = dict[str, Any]


class Picture(Protocol):
    """Anything a drawing returns; its type decides which component of the page shows it."""

    def payload(self) -> Payload: ...


@dataclass(frozen=True)
class Chart:
    """A Plotly figure; frames replace the data of its traces one by one."""

    data: tuple[Payload, ...]
    layout: Payload
    frames: tuple[Payload, ...] = ()
    labels: tuple[str, ...] = ()

    def payload(self) -> Payload:
        body: Payload = {"data": list(self.data), "layout": self.layout}
        return body | ({"frames": list(self.frames), "labels": list(self.labels)} if self.frames else {})


@dataclass(frozen=True)
class Panel:
    """One part of a stage: layers over the same view (x from, x to, y from, y to). bare: no axes."""

    title: str
    view: tuple[float, float, float, float]
    layers: tuple[Payload, ...]
    bare: bool = False


@dataclass(frozen=True)
class Stage:
    """Particles, densities and fields seen from above, through time; labels name the key frames."""

    panels: tuple[Panel, ...]
    labels: tuple[str, ...] = ("",)

    def payload(self) -> Payload:
        panels = [{"title": p.title, "view": list(p.view), "layers": list(p.layers), "bare": p.bare} for p in self.panels]
        return {"kind": "stage", "frames": len(self.labels), "labels": list(self.labels), "panels": panels}


@dataclass(frozen=True, eq=False)
class Grid:
    """Pictures in rows, through time, grey ones as ink or colour ones.

    marks: {"text", "note", "good", "hint"} a picture, below it; backs: shown when a grey one is chosen.
    """

    frames: Array  # [k, n, height, width] uint8, 255 is ink; or [k, n, height, width, 3] uint8 colours
    columns: int
    labels: tuple[str, ...] = ("",)
    marks: tuple[Payload, ...] = ()
    rows: tuple[str, ...] = ()
    backs: Array | None = None  # [n, height, width] uint8
    captions: tuple[str, ...] = field(default=())  # of the backs
    largest: int = 104  # px of a picture's width
    quality: int = 85  # of the file that colour pictures travel in

    def payload(self) -> Payload:
        body: Payload = {"kind": "grid", "frames": len(self.frames), "labels": list(self.labels), "columns": self.columns}
        body |= {"shape": list(self.frames.shape[:4]), "marks": list(self.marks), "largest": self.largest, **self._pixels()}
        if self.rows:
            body["rows"] = list(self.rows)
        if self.backs is not None:
            body["backs"] = {"shape": list(self.backs.shape), "data": packed(self.backs), "texts": list(self.captions)}
        return body

    def _pixels(self) -> Payload:
        """Grey ones byte by byte; colour ones of all frames below each other as one JPEG file."""
        if self.frames.ndim == 4:
            return {"data": packed(self.frames)}
        sheet = self.frames.reshape(-1, *self.frames.shape[3:])
        return {"sheet": f"data:image/jpeg;base64,{base64.b64encode(jpeg(sheet, self.quality)).decode()}"}


@dataclass(frozen=True)
class Lines:
    """Sentences of a visitor, one a row: a title, runs of characters with what happened to them, and a number in words.

    rows: {"title", "runs": [{"own": characters, "state": kept, hole, changed, new, gone or moved}], "note", "number"}; what is
    under "own" is nobody's key and is said as it is. With a "link", the address of another scene, the note leads there.
    """

    rows: tuple[Payload, ...]

    def payload(self) -> Payload:
        return {"kind": "lines", "rows": list(self.rows)}


@dataclass(frozen=True)
class Rows:
    """A table to read and to sort: a head of keys, rows of keys and numbers, and the numbers of the rows that stand out."""

    head: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    marked: tuple[int, ...] = ()

    def payload(self) -> Payload:
        return {"kind": "rows", "head": list(self.head), "rows": [list(row) for row in self.rows], "marked": list(self.marked)}


def packed(array: Array) -> str:
    """Little endian bytes as base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def runs(tokens: Iterable[tuple[str, str]]) -> list[Payload]:
    """Of a row of lines: characters and what happened to them, neighbours of one state together."""
    return [{"own": "".join(text for text, _ in run), "state": state} for state, run in groupby(tokens, itemgetter(1))]


def typed(array: Array) -> Payload:
    """An array as plotly.js reads it: float32 is finer than any screen."""
    return {"dtype": "f4", "bdata": packed(np.asarray(array, "<f4"))}


def heat(density: Array) -> Payload:
    """[k, h, w] of any scale, row 0 at the bottom: every frame is shown from zero to its own maximum."""
    top = density.reshape(len(density), -1).max(axis=1)[:, None, None]
    grey = np.sqrt(density / np.where(top > 0, top, 1)) * 255
    return {"layer": "heat", "shape": list(density.shape), "data": packed(grey.astype(np.uint8))}


def thinned(path: Array, most: int = 10_000) -> Array:
    """[F, n, 2] -> every so many frames, the last kept, with at most so many points in all; the browser interpolates."""
    last = len(path) - 1
    strides = [stride for stride in range(1, last + 1) if last % stride == 0]
    fits = (stride for stride in strides if (last // stride + 1) * path.shape[1] <= most)
    return path[:: next(fits, last)]


def arrows(field_: Array) -> Payload:
    """[k, n, n, 2] vectors on the cell centres of the view, row 0 at the bottom; long ones are shown as one length."""
    length = np.linalg.norm(field_, axis=-1, keepdims=True)
    scale = np.quantile(length, 0.9) or 1.0
    small = field_ / np.maximum(length, scale) * 127
    return {"layer": "arrows", "shape": list(field_.shape), "data": packed(small.astype(np.int8)), "scale": 1 / 127}


def dots(points: Array, view: tuple[float, float, float, float], role: str, classes: Array | None = None) -> Payload:
    """[k, n, 2] in data units, to a 65535th of the view; what is outside is put on its edge."""
    body: Payload = {"layer": "dots", "shape": list(points.shape), "data": packed(within(points, view)), "role": role}
    return body if classes is None else body | {"classes": packed(classes.astype(np.uint8))}


def within(points: Array, view: tuple[float, float, float, float]) -> Array:
    """[..., 2] in data units to a 65535th of the view; what is outside is put on its edge."""
    low, high = np.array([view[0], view[2]]), np.array([view[1], view[3]])
    return (np.clip((2 * points - low - high) / (high - low), -1, 1) * 32767).astype("<i2")


def beacon(places: Array, view: tuple[float, float, float, float], role: str, radius: float) -> Payload:
    """[k, 2] places of one large mark through time; radius in px."""
    return {"layer": "beacon", "shape": [len(places), 2], "data": packed(within(places, view)), "role": role, "radius": radius}


def columns(heights: Array, role: str, wanted: Array | None = None, names: tuple[str, ...] = ()) -> Payload:
    """[k, n] of any scale from zero to the largest, through time: upright, or lying beside names; wanted [n]: outlines."""
    top = float(max(heights.max(), 0.0 if wanted is None else wanted.max())) or 1.0
    share = (np.clip(heights / top, 0, 1) * 32767).astype("<i2")
    body: Payload = {"layer": "columns", "shape": list(share.shape), "data": packed(share), "role": role, "names": list(names)}
    return body if wanted is None else body | {"wanted": [round(float(each) / top, 4) for each in wanted]}


def handles(parameter: str, points: Any, labels: tuple[str, ...] = ()) -> Payload:
    """Points of a parameter that can be dragged."""
    return {"layer": "handles", "parameter": parameter, "points": [list(map(float, p)) for p in points], "labels": list(labels)}


def theory(x: Array, y: Array, name: str = "@theory", **style: Any) -> Payload:
    """A line."""
    line = {"color": THEORY, "width": 2.5} | style
    return {"type": "scatter", "x": typed(x), "y": typed(y), "name": name, "mode": "lines", "line": line}


def band(low: float, high: float, start: float, end: float, name: str) -> Payload:
    """A grey strip from low to high over all of [start, end]: what lies in it cannot be told from the best there is."""
    corners = {"x": [start, end, end, start], "y": [low, low, high, high]}
    look = {"mode": "lines", "line": {"width": 0}, "fill": "toself", "fillcolor": f"{MUTED}55", "hoverinfo": "skip"}
    return {"type": "scatter", "name": name, **corners, **look}


def series(i: int, x: Array, y: Array, name: str, error: Array | None = None, **more: Any) -> Payload:
    """Line and marks number i of several that share axes: they differ by colour and by shape."""
    colour, symbol = SERIES[i % len(SERIES)], SYMBOLS[i % len(SYMBOLS)]
    body = {"type": "scatter", "x": typed(x), "y": typed(y), "name": name, "mode": "lines+markers"}
    body |= {"line": {"color": colour, "width": 2}, "marker": {"color": colour, "symbol": symbol, "size": 7}}
    return body | ({} if error is None else {"error_y": bars(error)}) | more


def spots(x: Array, y: Array, name: str, colour: str, symbol: str, size: int = 8, error: Array | None = None) -> Payload:
    """Separate marks, with an error each way."""
    body: Payload = {"type": "scatter", "mode": "markers", "x": typed(x), "y": typed(y), "name": name}
    body["marker"] = {"color": colour, "symbol": symbol, "size": size}
    return body | ({} if error is None else {"error_y": bars(error)})


def shares(x: Array, y: Array, interval: Array, name: str, colour: str, symbol: str) -> Payload:
    """Dots with their intervals [n, 2], which are longer towards a half."""
    up, down = (typed(np.abs(side - y)) for side in (interval[:, 1], interval[:, 0]))
    error = {"type": "data", "array": up, "arrayminus": down, "symmetric": False, "thickness": 1.2, "width": 0}
    body = {"type": "scatter", "mode": "markers", "x": typed(x), "y": typed(y), "name": name, "error_y": error}
    return body | {"marker": {"color": colour, "symbol": symbol, "size": 8}}


def bars(error: Array) -> Payload:
    """Error each way."""
    return {"type": "data", "array": typed(error), "thickness": 1.2, "width": 0}


def chart(*data: Payload, x: str, y: str, **layout: Any) -> Chart:
    """The marks on axes titled x and y; fonts and greys are the browser's, for they follow the theme."""
    axes = {
        "xaxis": {"title": {"text": x}} | layout.pop("xaxis", {}),
        "yaxis": {"title": {"text": y}} | layout.pop("yaxis", {}),
    }
    return Chart(data, axes | layout)

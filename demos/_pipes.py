"""A network of pipes as a layer of a stage: lines coloured by temperature, what they join, and a stopwatch."""

from dataclasses import dataclass, field
from math import ceil, floor
from typing import Literal

import numpy as np

from demos._plot import Array, Payload, packed

Place = tuple[float, float]  # of the view


@dataclass(frozen=True, eq=False)
class Line:
    """One pipe along a polyline of nodes. Frames F, segments M; flow: 1 along the nodes, -1 against them, 0 at rest."""

    nodes: tuple[Place, ...]
    water: Array  # [F, M] degrees
    wall: Array  # [F, M] degrees
    flow: Array  # [F] int


@dataclass(frozen=True)
class Symbol:
    """Something that pipes join; states [F] index `says`. words: where they are, from the place, to either side or centred.

    size: of a room, whose place is its upper left corner; number: of a room; opens: what a click adds to a table,
    {"parameter", "row" after the time, "most" rows, "busy" rows of other tables}; cold: of a tap.
    """

    kind: Literal["heater", "tank", "pump", "valve", "tap", "mains", "note", "room"]
    at: Place
    label: str = ""
    says: tuple[str, ...] = ()
    states: tuple[int, ...] = ()
    words: Place = (0.0, -1.0)
    size: Place | None = None
    number: int | None = None
    opens: Payload | None = None
    cold: bool = False
    inside: Array | None = field(default=None, compare=False)  # [F, M] degrees of a tank from its bottom to its top

    def payload(self) -> Payload:
        body: Payload = {"kind": self.kind, "at": list(self.at), "label": self.label, "says": list(self.says)}
        body |= {"states": list(self.states), "words": list(self.words), "cold": self.cold}
        more = {"size": self.size, "number": self.number, "opens": self.opens}
        more |= {"layers": None if self.inside is None else self.inside.shape[1]}
        return body | {name: value for name, value in more.items() if value is not None}


@dataclass(frozen=True)
class Clock:
    """A stopwatch: times [F] in seconds from its start, when it stops if ever, what it says before, while and after it runs.

    reads: where the temperature of the last segment of line number `line` is written; day: it shows the time of day alone.
    """

    times: tuple[float, ...]
    stops: float | None
    at: Place
    reads: Place
    says: tuple[str, str, str]
    line: int = 0
    day: bool = False


def pipes(lines: tuple[Line, ...], symbols: tuple[Symbol, ...], clock: Clock, bar: Place) -> Payload:
    """Degrees to a 255th of their range; bar: where the scale of colours is."""
    tanks = [(symbol.inside, symbol.inside) for symbol in symbols if symbol.inside is not None]
    every = np.concatenate([np.stack(pair, -1) for pair in [*((line.water, line.wall) for line in lines), *tanks]], axis=1)
    low, high = floor(float(every.min())), ceil(float(every.max()))
    grey = np.round((every - low) / max(high - low, 1) * 255).astype(np.uint8)
    ends = np.cumsum([line.water.shape[1] for line in lines])
    body: Payload = {"layer": "pipes", "shape": list(grey.shape), "data": packed(grey), "low": low, "high": high}
    told: Payload = {
        "times": [round(t, 2) for t in clock.times],
        "stops": clock.stops,
        "at": list(clock.at),
        "reads": list(clock.reads),
    }
    told |= {"says": list(clock.says), "segment": int(ends[clock.line]) - 1, "day": clock.day}
    body |= {"lines": [_line(line) for line in lines], "symbols": [symbol.payload() for symbol in symbols]}
    return body | {"clock": told, "bar": list(bar)}


def _line(line: Line) -> Payload:
    nodes = [list(node) for node in line.nodes]
    return {"nodes": nodes, "count": line.water.shape[1], "flows": [int(way) for way in line.flow]}

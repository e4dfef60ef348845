"""A red front that crawls to the tap against a stopwatch, small."""

from dataclasses import replace

from core.hotwater.params import Params
from core.hotwater.tap import TapResult
from demos._plot import Panel, Payload, Stage
from demos._tab import Face
from demos.hotwater.house import VIEW, house
from demos.hotwater.tap import TAP

STRIDE = 5
CLOCK, READS = (10.5, 7.3), (10.5, 4.1)  # between the lines, where there is room


def draw(p: Params, r: TapResult) -> Stage:
    """Every so many frames, without the names."""
    films = {name: getattr(r, name)[::STRIDE].copy() for name in ("film_time", "water", "wall", "states", "tank")}
    few = replace(r, **films)
    return Stage((Panel("", VIEW, (_bare(house(p, few)),), bare=True),), tuple(f"{t:.0f} s" for t in few.film_time))


def _bare(layer: Payload) -> Payload:
    symbols = [symbol | {"label": "", "says": []} for symbol in layer["symbols"] if symbol["kind"] != "note"]
    return layer | {"symbols": symbols, "clock": layer["clock"] | {"at": list(CLOCK), "reads": list(READS)}}


FACE = Face(TAP, draw)

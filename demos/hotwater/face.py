"""A red front that crawls to the tap, small."""

from dataclasses import replace

from core.hotwater.params import Params
from core.hotwater.tap import TapResult
from demos._plot import Stage
from demos._tab import Face
from demos.hotwater.tap import TAP, network

STRIDE = 5


def draw(p: Params, r: TapResult) -> Stage:
    """Every so many frames."""
    films = {name: getattr(r, name)[::STRIDE].copy() for name in ("film_time", "water", "wall", "states", "tank")}
    return network(p, replace(r, **films))


FACE = Face(TAP, TAP.main, draw)

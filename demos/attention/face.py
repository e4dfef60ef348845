"""Shaken tokens and an output that stays, small."""

from core.attention.noise import NoiseResult, Params
from demos._plot import Panel, Stage, beacon
from demos._tab import Face
from demos.attention.marks import tokens
from demos.attention.noise import NOISE, VIEW

DRAWS = 8


def draw(p: Params, r: NoiseResult) -> Stage:  # noqa: ARG001  a drawing takes both
    """Left before, right while the logits are shaken, draw by draw."""
    places, clean = r.values[r.shown], r.output[None]
    before = (tokens(places, r.weights[None, r.shown], VIEW, "theory"), beacon(clean, VIEW, "theory", 4))
    after = (tokens(places, r.shaken[:DRAWS], VIEW, "measured"), beacon(r.outputs[:DRAWS], VIEW, "measured", 4))
    labels = tuple(f"{draw + 1} / {DRAWS}" for draw in range(DRAWS))
    return Stage((Panel("", VIEW, before, bare=True), Panel("", VIEW, after, bare=True)), labels)


FACE = Face(NOISE, draw)

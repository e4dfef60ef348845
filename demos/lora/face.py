"""Singular values of an update that fill the outlines of what the data ask for, as far as the rank goes; small."""

from core.lora.matrix import MatrixResult, Params
from demos._plot import Panel, Stage, columns
from demos._tab import Face
from demos.lora.matrix import MATRIX

VIEW = (0.0, 2.0, 0.0, 1.0)
SHOWN = 12


def draw(p: Params, r: MatrixResult) -> Stage:  # noqa: ARG001  a drawing takes both
    """While it trains."""
    bars = columns(r.spectra[:, :SHOWN], "measured", r.wanted[:SHOWN])
    return Stage((Panel("", VIEW, (bars,), bare=True),), tuple(f"t = {step}" for step in r.frames))


FACE = Face(MATRIX, draw)

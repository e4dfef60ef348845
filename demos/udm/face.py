"""A picture and another of the same mean colour, blurred until nothing tells them apart, and one under noise; small."""

import numpy as np

from core.udm.forward import Params
from core.udm.information import InformationResult
from demos._plot import Grid
from demos._tab import Face
from demos.udm.forward import FORWARD

STRIDE, QUALITY = 2, 60


def draw(p: Params, r: InformationResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """Blur of both, noise of the first; every second frame."""
    frames = np.concatenate([r.twins[::STRIDE, 0], r.twins[::STRIDE, 1, :1]], 1)
    labels = tuple(f"t = {t:.3g}" for t in r.frames[::STRIDE])
    return Grid(frames, frames.shape[1], labels, quality=QUALITY)


FACE = Face(FORWARD, FORWARD.companion, draw)

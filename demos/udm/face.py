"""A picture and another of the same mean colour under blur, and the first under noise; small."""

import numpy as np

from core.udm.forward import Params
from core.udm.information import InformationResult
from demos._plot import Grid
from demos._tab import Face
from demos.udm.forward import FORWARD

LAST, QUALITY = 6, 60


def draw(p: Params, r: InformationResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """Blur of both, noise of the first, as long as there is something to see."""
    frames = np.concatenate([r.twins[:LAST, 0], r.twins[:LAST, 1, :1]], 1)
    labels = tuple(f"t = {t:.3g}" for t in r.frames[:LAST])
    return Grid(frames, frames.shape[1], labels, quality=QUALITY)


FACE = Face(FORWARD, draw, companion=True)

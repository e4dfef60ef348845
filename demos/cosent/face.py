"""Pairs of texts that CoSENT brings into order, step by step; small."""

import numpy as np

from core.cosent.loss import cosent
from core.cosent.pairs import LossResult
from core.cosent.params import LossParams
from demos._plot import Array, Panel, Payload, Stage, beacon, packed, within
from demos._tab import Face
from demos.cosent.order import LOSS

STEPS, RATE, EDGE, STRETCHED = 24, 0.6, 4.5, 1.2  # stretched: the labels, to fill the picture
ROLES = ("muted", "theory", "measured")  # of the labels, the lowest first


def descent(scores: Array, labels: Array, scale: float) -> Array:
    """[STEPS + 1, N] scores while gradient descent lowers the loss."""
    path = [scores]
    for _ in range(STEPS):
        path.append(path[-1] - RATE * cosent(path[-1], labels, scale)[1])
    return np.array(path)


def draw(p: LossParams, r: LossResult) -> Stage:
    """Scores to the right, labels upwards; an arrow for every two pairs that begin in the wrong order."""
    path = descent(r.scores, r.labels, p.scale)
    placed = np.stack([path, np.broadcast_to(STRETCHED * r.labels, path.shape)], -1)
    view = (-EDGE, EDGE, STRETCHED * float(r.labels.min()) - 1, STRETCHED * float(r.labels.max()) + 1)
    low, high = np.nonzero((r.labels[:, None] < r.labels) & (r.scores[:, None] >= r.scores))
    ends = within(np.concatenate([placed[:, low], placed[:, high]], -1).reshape(len(path), -1, 2), view).reshape(len(path), -1)
    arrows: Payload = {"layer": "links", "shape": list(ends.shape), "data": packed(ends), "role": "muted", "alpha": 0.5}
    arrows |= {"widths": [1.4] * len(low), "apart": True}
    role = [ROLES[i % len(ROLES)] for i in np.unique(r.labels, return_inverse=True)[1]]
    marks = tuple(beacon(placed[:, i], view, role[i], 6) for i in range(len(role)))
    return Stage((Panel("", view, (arrows, *marks), bare=True),), tuple(f"{i} / {STEPS}" for i in range(len(path))))


FACE = Face(LOSS, draw)

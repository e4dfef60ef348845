"""Pairs of texts that CoSENT brings into order, step by step; small."""

import numpy as np

from core.cosent.loss import cosent
from core.cosent.pairs import LossResult
from core.cosent.params import LossParams
from demos._plot import Array, Panel, Stage, beacon
from demos._tab import Face
from demos.cosent.order import LOSS

STEPS, RATE, EDGE = 24, 0.6, 4.5
ROLES = ("muted", "theory", "measured")  # of the labels, the lowest first


def descent(scores: Array, labels: Array, scale: float) -> Array:
    """[STEPS + 1, N] scores while gradient descent lowers the loss."""
    path = [scores]
    for _ in range(STEPS):
        path.append(path[-1] - RATE * cosent(path[-1], labels, scale)[1])
    return np.array(path)


def draw(p: LossParams, r: LossResult) -> Stage:
    """Scores to the right, labels upwards."""
    path = descent(r.scores, r.labels, p.scale)
    placed = np.stack([path, np.broadcast_to(r.labels, path.shape)], -1)
    view = (-EDGE, EDGE, float(r.labels.min()) - 0.6, float(r.labels.max()) + 0.6)
    role = [ROLES[i % len(ROLES)] for i in np.unique(r.labels, return_inverse=True)[1]]
    marks = tuple(beacon(placed[:, i], view, role[i], 6) for i in range(len(role)))
    return Stage((Panel("", view, marks, bare=True),), tuple(f"{i} / {STEPS}" for i in range(len(path))))


FACE = Face(LOSS, LOSS.main, draw)

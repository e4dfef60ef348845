"""A few held-out pairs to read: where two losses disagree most, the worst placed, and what people called most alike."""

from typing import Any

import numpy as np

from core.cosent.train.experiment import Task, places
from core.cosent.train.result import TrainResult

Array = np.ndarray

EACH = 4  # pairs of every reason


def shown(task: Task, scores: Array, about: TrainResult) -> dict[str, Any]:
    """Fields of TrainResult; scores [R, P] of the first seed's held-out pairs by every run."""
    rows = task.splits[0].held_out
    if len(scores) <= max(about.chosen, about.rival):
        return {}
    label = task.rated.label[rows]
    every = np.stack([places(each) for each in (label, task.rated.cosines()[rows], scores[about.chosen], scores[about.rival])])
    apart = {"disagree": np.abs(every[2] - every[3]), "worst": np.abs(every[2] - every[0]), "alike": label}
    taken: list[tuple[int, str]] = []
    for why, size in apart.items():
        left = [int(i) for i in np.argsort(-size, kind="stable") if int(i) not in {each for each, _ in taken}]
        taken += [(i, why) for i in left[:EACH]]
    at = np.array([i for i, _ in taken])
    pairs = [(task.rated.texts[task.rated.first[i]], task.rated.texts[task.rated.second[i]]) for i in rows[at]]
    return {
        "first": [one for one, _ in pairs],
        "second": [other for _, other in pairs],
        "why": [why for _, why in taken],
        "label": label[at],
        "ranks": every[:, at].copy(),
    }

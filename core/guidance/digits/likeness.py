"""How much pictures resemble a drawing, and how much real digits would that are as varied as they."""

from functools import cache

import numpy as np

from core.digits.data import split
from core.digits.judge import Verdict, judged
from core.guidance.digits import standard
from core.guidance.digits.result import diversity

FEWEST = 4  # of the most similar real digits


def likeness(features: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """[n] cosine of judge features [n, 64] with those of the drawing [64], both less the centre of the real digits."""
    centre = standard.real().centre
    away, wanted = features - centre, goal - centre
    return (away @ wanted / (np.linalg.norm(away, axis=1) * np.linalg.norm(wanted))).astype(np.float32)


def likeness_of_real(goal: np.ndarray, variety: float, digit: int) -> float:
    """Mean likeness to the drawing of the held-out digits most similar to it, as many as are as varied as asked.

    variety: as result.diversity has it of pictures standardised as this digit. Guidance that sacrifices variety for likeness
    is thus compared with real digits that did the same.
    """
    features = _held_out().features
    alike = likeness(features, goal)
    order = np.argsort(-alike)
    standardised = standard.real().standardised(features[order], np.full(len(order), digit))
    counts = np.unique(np.geomspace(FEWEST, len(order), 40).astype(int))
    varieties = np.maximum.accumulate([diversity(standardised[:count]) for count in counts])
    count = float(np.interp(variety, varieties, counts))
    return float(alike[order[: round(count)]].mean())


@cache
def _held_out() -> Verdict:
    """The judge's view of digits that no network was trained on."""
    return judged(split("validation").pictures)

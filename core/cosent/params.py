"""What may be asked of a handful of pairs, with bounds."""

from enum import Enum
from typing import ClassVar, Self

import numpy as np
from pydantic import model_validator

from core.cosent.peers import REACH
from core.faults import rule
from core.lists import Points, points
from core.parameters import Parameters, choice, seed, slider

Array = np.ndarray
HALF = 2  # labels go in steps of 1 / HALF
KNOTS, RAISED = (-REACH, 1.0, 2.0, 3.0, REACH), (-REACH, 1.0, 7.0, 10.0, REACH + 7.0)


class Relabel(Enum):
    """What is made of the labels before a loss sees them."""

    AS_PLACED = "as_placed"
    STRETCHED = "stretched"  # 1, 2, 3 become 1, 7, 10


class LossParams(Parameters):
    """Of /cosent_loss."""

    rules: ClassVar[tuple[str, ...]] = ("labels_equal",)

    pairs: Points = points(
        ((0.5, 1.0), (-1.5, 1.0), (-0.5, 2.0), (1.6, 2.0), (-2.6, 3.0), (3.0, 3.0)),
        -REACH,
        REACH,
        2,
        12,
        "pairs of texts as (score, label); labels are rounded to halves",
    )
    scale: float = slider(1.0, 0.1, 20.0, 0.1, "", "lambda: 1 for the logit of an interaction model, 20 for cosines")
    relabel: Relabel = choice(Relabel.AS_PLACED, "labels as they are placed, or 1, 2, 3 turned into 1, 7, 10")
    cut: float = slider(2.0, -REACH, REACH, 0.5, "", "labels from this one on are positive, for losses of two classes")
    separation: float = slider(
        1.5, 0.0, 4.0, 0.05, "", "of the many: how far apart the two classes' mean scores are, in deviations"
    )
    positives: float = slider(0.3, 0.02, 0.98, 0.01, "of the pairs", "of the many: share of positives", advanced=True)
    samples: int = slider(200, 20, 2000, 10, "pairs", "of the many: how many there are", advanced=True)
    margin: float = slider(0.5, 0.0, 5.0, 0.1, "", "margin of the triplet loss", advanced=True)
    seed: int = seed()

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        placed = {label for _, label in self.snapped()}
        if len(placed) < 2:
            raise rule("labels_equal", "should have at least two different labels", "pairs", 2, f"{placed.pop():g}")
        return self

    def snapped(self) -> Points:
        """The pairs with their labels rounded to halves."""
        return tuple((score, round(label * HALF) / HALF) for score, label in self.pairs)

    def scores(self) -> Array:
        """[N]"""
        return np.array([score for score, _ in self.pairs])

    def placed(self) -> Array:
        """[N] labels as they are placed."""
        return np.array([label for _, label in self.snapped()])

    def labelled(self, placed: Array) -> Array:
        """Labels, or the cut, as the losses see them."""
        return placed if self.relabel is Relabel.AS_PLACED else stretched(placed)


def stretched(label: Array) -> Array:
    """1, 2, 3 become 1, 7, 10; what is between and beyond keeps its order."""
    return np.interp(label, KNOTS, RAISED)

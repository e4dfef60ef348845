"""Which digit is corrupted, and the picture set of the exact posterior."""

from dataclasses import dataclass

import numpy as np

from core.digits import sketch
from core.digits.data import split
from core.udm.restoration.exact import PictureSet, picture_set
from core.udm.restoration.params import Drawn, Params, Real

Array = np.ndarray

UNKNOWN = -1  # the label of a drawing


@dataclass(frozen=True, eq=False)
class Subject:
    """The digit [28, 28] in [-1, 1], what it is, and the pictures [N, 28, 28] that the exact posterior knows."""

    clean: Array
    label: int
    pictures: Array


def subject(p: Params) -> Subject:
    """Of these parameters."""
    known = picture_set(p.set_size)
    if isinstance(p.digit, Drawn):
        return Subject(sketch.picture(p.digit.drawing).astype(float), UNKNOWN, known.pictures)
    clean, label = real(p.digit, known), int(p.digit.kind)
    return Subject(clean, label, known.pictures)


def real(asked: Real, known: PictureSet) -> Array:
    """[28, 28] float64; a small picture set has fewer digits of a class, which are then counted round."""
    digits = known if asked.known else split("test")
    places = np.flatnonzero(digits.labels == int(asked.kind))
    return digits.pictures[places[asked.example % len(places)]].astype(float)

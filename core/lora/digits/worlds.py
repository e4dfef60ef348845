"""New worlds for a recogniser of digits: the same digits turned, in other contrast or of other thickness, or an alphabet of
the visitor's own. Importing this imports neither scipy nor torch."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import model_validator

from core.digits import sketch
from core.digits.sketch import LETTERS, pack, stroke
from core.faults import rule
from core.parameters import Variant, slider
from core.parameters import sketch as drawn

Array = np.ndarray
Corners = tuple[tuple[float, float], ...]

REACH = 3  # points; the thickest pen adds so many on each side


class Rotated(Variant):
    kind: Literal["rotated"] = "rotated"
    angle: float = slider(90.0, -180.0, 180.0, 5.0, "°", "every digit is turned by this, counter-clockwise")

    def of(self, pictures: Array) -> Array:
        """[n, 28, 28] -> the same, turned; the corners that come in are paper."""
        from scipy.ndimage import rotate  # noqa: PLC0415  the preset pages open without it

        return rotate(pictures, self.angle, (2, 1), reshape=False, order=1, cval=-1.0, prefilter=False).astype(np.float32)


class Contrast(Variant):
    kind: Literal["contrast"] = "contrast"
    contrast: float = slider(-1.0, -1.0, 1.0, 0.1, doc="every point is multiplied by this; -1 is reverse video")

    def of(self, pictures: Array) -> Array:
        """[n, 28, 28] -> the same with other contrast."""
        return np.float32(self.contrast) * pictures


class Thick(Variant):
    kind: Literal["thick"] = "thick"
    thickness: float = slider(2.0, -1.5, REACH, 0.25, doc="points added to every stroke on each side; negative thins")

    def of(self, pictures: Array) -> Array:
        """[n, 28, 28] -> the same with thicker ink, or with thicker paper."""
        ink = (pictures + 1) / 2
        grown = grow(ink, self.thickness) if self.thickness >= 0 else 1 - grow(1 - ink, -self.thickness)
        return (2 * grown - 1).astype(np.float32)


def grow(ink: Array, radius: float) -> Array:
    """[n, 28, 28] in 0..1 -> the largest ink within a soft disc: one point beyond the radius it no longer counts."""
    wide = np.pad(ink, ((0, 0), (REACH + 1,) * 2, (REACH + 1,) * 2))
    grown, side = ink, ink.shape[1]
    for down in range(-REACH - 1, REACH + 2):
        for across in range(-REACH - 1, REACH + 2):
            weight = min(radius + 1 - np.hypot(down, across), 1.0)
            if weight > 0 and (down or across):
                top, left = REACH + 1 + down, REACH + 1 + across
                grown = np.maximum(grown, weight * wide[:, top : top + side, left : left + side])
    return grown


def pen(*strokes: Corners) -> str:
    """Letters of a drawing of several strokes."""
    return pack(np.max([stroke(corners) for corners in strokes], axis=0))


LAMBDA = pen(((7.0, 22.0), (14.0, 6.0), (21.0, 22.0)))
LAMBDA_TOO = pen(((5.0, 20.0), (12.0, 7.0), (22.0, 23.0)))
CROSS = pen(((7.0, 7.0), (21.0, 21.0)), ((21.0, 7.0), (7.0, 21.0)))
CROSS_TOO = pen(((9.0, 6.0), (19.0, 22.0)), ((22.0, 9.0), (6.0, 18.0)))
GATE = pen(((8.0, 22.0), (8.0, 7.0), (20.0, 7.0), (20.0, 22.0)))
GATE_TOO = pen(((6.0, 21.0), (8.0, 8.0), (21.0, 6.0), (22.0, 23.0)))


class Alphabet(Variant):
    """Three letters of the visitor's own in the place of 0, 1 and 2: one drawing of each is learnt, another one is read."""

    kind: Literal["alphabet"] = "alphabet"
    letter_1: str = drawn(LAMBDA, LETTERS, "first letter, read as 0: the drawing that is learnt from")
    letter_1_again: str = drawn(LAMBDA_TOO, LETTERS, "first letter, drawn again: never learnt from, only read")
    letter_2: str = drawn(CROSS, LETTERS, "second letter, read as 1: the drawing that is learnt from")
    letter_2_again: str = drawn(CROSS_TOO, LETTERS, "second letter, drawn again: never learnt from, only read")
    letter_3: str = drawn(GATE, LETTERS, "third letter, read as 2: the drawing that is learnt from")
    letter_3_again: str = drawn(GATE_TOO, LETTERS, "third letter, drawn again: never learnt from, only read")

    NAMES: ClassVar[tuple[str, ...]] = ("letter_1", "letter_2", "letter_3")

    @model_validator(mode="after")
    def _drawn_twice(self) -> "Alphabet":
        """One drawing cannot be learnt from and tested on: two are asked for of every letter."""
        for name in self.NAMES:
            for place in (name, f"{name}_again"):
                if not sketch.unpack(getattr(self, place)).any():
                    count = sum(bool(sketch.unpack(getattr(self, each)).any()) for each in (name, f"{name}_again"))
                    said = "is blank: a letter needs two drawings, one to learn from and one that is only read"
                    raise rule("one_drawing", said, place, 2, str(count))
        return self

    def of(self, which: str) -> Array:
        """[3, 28, 28] in [-1, 1]: the drawings that are learnt ("train") or those that are read ("test")."""
        names = self.NAMES if which == "train" else [f"{name}_again" for name in self.NAMES]
        return np.stack([sketch.picture(getattr(self, name)) for name in names])


World = Rotated | Contrast | Thick | Alphabet

"""What may be asked of the encoding model, with bounds."""

from enum import Enum
from typing import Literal

from core.digits.sketch import DRAWN_SEVEN, LETTERS
from core.parameters import Parameters, Variant, choice, seed, sketch, slider, variant


class Model(Enum):
    """Trained alike but for the normalisation of E's output."""

    NORMALISED = "normalised"
    FREE = "free"


class Predictor(Enum):
    """What stands for x_0 on the way back."""

    MEAN = "mean"  # of q(x_0 | x_t)
    PART = "part"  # one of the pictures that q is a mixture of, drawn by its weight
    DRAW = "draw"  # a draw of q, the deviation of every pixel included, but for that of the last one, which is grain


def _strength() -> float:
    """One definition for all that have it."""
    return slider(0.3, 0.01, 1.0, 0.01, doc="strength t of the noise on the code: a = cos(pi t / 2), b = sin(pi t / 2)")


class Reconstruct(Variant):
    """Held-out digits: encoded, noised, decoded."""

    kind: Literal["reconstruct"] = "reconstruct"
    t: float = _strength()


class Drawing(Variant):
    """The same with a drawing."""

    kind: Literal["drawing"] = "drawing"
    t: float = _strength()
    drawing: str = sketch(DRAWN_SEVEN, LETTERS, "28 x 28 points, two in a byte, as URL-safe base64")


class Sample(Variant):
    """From noise to digits: predict x_0, encode the prediction, step back; again."""

    kind: Literal["sample"] = "sample"
    steps: int = slider(20, 1, 50, 1, doc="steps from t = 1 to t = 0")
    fresh: float = slider(0.0, 0.0, 1.0, 0.05, doc="share s of new noise: 0 is the invertible rule, 1 the naive one")
    predictor: Predictor = choice(Predictor.DRAW, "what stands for x_0 on the way back")


class Interpolate(Variant):
    """From one held-out digit to another, on a straight way and on a great circle between their codes."""

    kind: Literal["interpolate"] = "interpolate"
    t: float = _strength()
    first: int = slider(3, 0, 9, 1, doc="digit at the left end")
    second: int = slider(8, 0, 9, 1, doc="digit at the right end")


Task = Reconstruct | Drawing | Sample | Interpolate


class Params(Parameters):
    """Of /udm_encode."""

    model: Model = choice(Model.NORMALISED, "whether E's output was normalised while E and q were trained")
    task: Task = variant(Reconstruct(), "what the model is asked to do")
    seed: int = seed()

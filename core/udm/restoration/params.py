"""What may be asked of digits that come back from a corruption."""

from enum import Enum
from typing import Literal

from core.digits.sketch import DRAWN_SEVEN, LETTERS
from core.parameters import Parameters, Variant, choice, seed, sketch, slider, switch, variant
from core.udm.restoration.forward import Kind

EXAMPLES = 100  # held-out digits of each class


class Predictor(Enum):
    """What stands for x_0 in every step."""

    NETWORK = "network"  # trained, its mean
    EXACT_MEAN = "exact_mean"  # of the picture set
    EXACT_DRAWN = "exact_drawn"  # a draw from the posterior of the picture set


class Real(Variant):
    """A real digit of this class."""

    kind: Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] = "5"
    example: int = slider(0, 0, EXAMPLES - 1, 1, doc="which of its hundred held-out digits", advanced=True)
    known: bool = switch(False, "take the digit from the picture set of the exact posterior instead", advanced=True)


class Drawn(Variant):
    """A digit of one's own."""

    kind: Literal["drawn"] = "drawn"
    drawing: str = sketch(DRAWN_SEVEN, LETTERS, "28 x 28 points, two in a byte, as URL-safe base64")


Digit = Real | Drawn


class Params(Parameters):
    """Of /udm_reverse_digits."""

    corruption: Kind = choice(Kind.BLUR, "what has corrupted the digit")
    t: float = slider(1.0, 0.05, 1.0, 0.05, doc="where the way back starts: 1 is from nothing, when x_0 is lost")
    sigma: float = slider(0.0, 0.0, 0.1, 0.005, doc="a breath of noise, at the start and on the way; deviation")
    digit: Digit = variant(Real(), "the digit x_0")
    predictor: Predictor = choice(Predictor.NETWORK, "what predicts x_0 from x_t")
    steps: int = slider(10, 2, 40, 1, doc="steps of the way back", advanced=True)
    fresh: float = slider(0.5, 0.0, 1.0, 0.05, doc="share s of new noise of the partial rule", advanced=True)
    restarts: int = slider(8, 2, 16, 1, doc="how often every rule starts; restart i is the same for any number", advanced=True)
    set_size: int = slider(1000, 10, 1000, 10, doc="training digits in the picture set of the exact posterior", advanced=True)
    seed: int = seed()

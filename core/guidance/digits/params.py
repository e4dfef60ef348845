"""What may be asked of the digit model, with bounds."""

from enum import Enum
from typing import ClassVar, Literal

from core.digits.sketch import DRAWN_SEVEN, LETTERS
from core.guidance.methods import APG, CFGPlusPlus, ClassifierFree, Ddpm, Interval, Ode, Sde, ZeroStar
from core.parameters import Offers, Parameters, Variant, choice, seed, sketch, slider, switch, variant

DIGITS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


class Reader(Enum):
    """Whose gradient classifier guidance follows."""

    NOISED = "noised"  # trained on noised pictures: p_t(y | x_t)
    CLEAN = "clean"  # trained on clean pictures, applied to the denoised guess: the cheap proxy


class Asked(Variant):
    """One digit for all pictures; "all": another digit for each; "any": whatever comes."""

    kind: Literal["all", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "any"] = "all"


class Mix(Variant):
    """Something between two digits: their two conditional predictions are blended."""

    kind: Literal["mix"] = "mix"
    first: int = slider(4, 0, 9, 1, doc="one digit")
    second: int = slider(9, 0, 9, 1, doc="the other digit")
    share: float = slider(0.5, 0.0, 1.0, 0.05, doc="share of the other digit")


class Classifier(Variant):
    """The unconditional model, pushed by the gradient of a digit recogniser."""

    kind: Literal["classifier"] = "classifier"
    reader: Reader = choice(Reader.NOISED, "what the recogniser was trained on")


class ClassifierMean(Variant):
    """The same with a shift of the ancestral step's mean, gradient taken there: the article's derived form."""

    kind: Literal["classifier_mean"] = "classifier_mean"


class Similarity(Variant):
    """Towards a drawing: the gradient of the cosine between encodings of the noised picture and of the drawing."""

    kind: Literal["similarity"] = "similarity"
    drawing: str = sketch(DRAWN_SEVEN, LETTERS, "28 x 28 points, two in a byte, as URL-safe base64")


class Weaker(Variant):
    """Autoguidance: away from the same network as it was early in its training."""

    kind: Literal["autoguidance"] = "autoguidance"


class Projected(APG):
    radius: float = slider(8.0, 0.5, 40.0, 0.5, "norm of a picture", "cap of the norm of the guidance", advanced=True)
    momentum: float = slider(-0.5, -0.9, 0.9, 0.05, doc="weight of earlier guidance; negative works against it", advanced=True)


class PlusPlus(CFGPlusPlus):
    lambda_per_gamma: float = slider(0.5, 0.01, 1.0, 0.01, doc="lambda over gamma: the fewer the steps, the more each must do")


class Fast(Variant):
    """Multistep solver in the logarithm of the noise level: one evaluation a step, order 2."""

    kind: Literal["fast"] = "fast"


class Ddim(Variant):
    """Euler's rule for the probability-flow ODE."""

    kind: Literal["ddim"] = "ddim"
    trap: bool = switch(False, "clip the guess and keep the noise that belongs to the unclipped one")


Digit = Asked | Mix
Method = ClassifierFree | Classifier | Similarity | Interval | Projected | Weaker | PlusPlus | ZeroStar | ClassifierMean
Sampler = Fast | Ddim | Ddpm | Ode | Sde


class Params(Parameters):
    """Sixteen handwritten digits, guided."""

    offers: ClassVar[Offers] = {
        "digit": ("method", dict.fromkeys(("cfg", "interval", "apg", "cfg_plus_plus", "cfg_zero_star"), ("all", *DIGITS, "mix"))
                  | dict.fromkeys(("classifier", "classifier_mean", "autoguidance"), ("all", *DIGITS))
                  | {"similarity": ("any", *DIGITS)}),
        "sampler": ("method", {"cfg_plus_plus": ("ddim",), "classifier_mean": ("ddpm",)}
                    | {"cfg_zero_star": ("fast", "ddim", "ode")}),
    }  # fmt: skip

    digit: Digit = variant(Asked(), "the digit to draw")
    method: Method = variant(ClassifierFree(), "how the model is guided")
    gamma: float = slider(
        2.0, 0.0, 10.0, 0.1, doc="strength: 1 is the plain conditional model; the w of Ho and Salimans is gamma - 1"
    )
    count: int = slider(16, 1, 16, 1, "pictures", "how many; picture i is the same for every count")
    sampler: Sampler = variant(Fast(), "how noise becomes a picture")
    steps: int = slider(6, 5, 50, 1, doc="steps of the sampler", advanced=True)
    seed: int = seed()

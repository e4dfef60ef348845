"""What may be asked of words: the model, what its posterior knows, the rule, and where guidance leads."""

from enum import Enum
from typing import ClassVar, Literal

from core.given import Pattern, pattern
from core.parameters import Offers, Parameters, Variant, choice, seed, slider, variant
from core.udm.places import Order, Rule
from core.udm.words.vocabulary import LENGTH, MOST, Kind


class Knows(Enum):
    """What the posterior is: of the whole word, or of every place for itself, as a network gives it."""

    JOINT = "joint"
    FACTORISED = "factorised"


class Start(Enum):
    """x_T of the edit model."""

    REPLACED = "replaced"  # a word with every letter replaced by another one
    ANY = "any"


class Mask(Variant):
    """Letters become holes."""

    kind: Literal["mask"] = "mask"
    order: Order = choice(Order.RANDOM, "which holes the improved rule fills first")
    given: Pattern = pattern("_" * LENGTH, "letters that are given, _ for the others", advanced=True)


class Edit(Variant):
    """Letters become other letters."""

    kind: Literal["edit"] = "edit"
    start: Start = choice(Start.REPLACED, "where it starts", advanced=True)


class Free(Variant):
    """No guidance."""

    kind: Literal["free"] = "free"


class Guided(Variant):
    """softmax(gamma log p_c + (1 - gamma) log p_u)."""

    kind: Literal["plural", "vowel", "double"] = "plural"
    gamma: float = slider(1.0, 0.0, 4.0, 0.1, "", "guidance strength: 0 is the unconditional model, 1 the conditional one")

    @property
    def members(self) -> Kind:
        return Kind(self.kind)


Corruption = Mask | Edit
Guidance = Free | Guided


class Params(Parameters):
    """Of /udm_text_words."""

    offers: ClassVar[Offers] = {"rule": ("corruption", {"mask": ("improved", "baseline")})}

    corruption: Corruption = variant(Mask(), "what corrupts a word")
    knows: Knows = choice(Knows.FACTORISED, "what the prediction knows")
    rule: Rule = choice(Rule.IMPROVED, "how x_t and the predicted x_0 give x_{t-k}")
    places: int = slider(1, 1, LENGTH, 1, "", "places k that a step gives back")
    guidance: Guidance = variant(Free(), "the class of words that is asked for")
    words: int = slider(128, 20, MOST, 1, "", "words, the most frequent ones", advanced=True)
    samples: int = slider(1500, 200, 2000, 100, "", "words drawn", advanced=True)
    seed: int = seed()

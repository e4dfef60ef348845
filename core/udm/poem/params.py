"""What may be asked of a line: the model, the rule, how many places a step gives back, and the characters that are given."""

from typing import Annotated, ClassVar, Literal

from core.given import pattern, written_in
from core.parameters import Offers, Parameters, Variant, choice, seed, slider, variant
from core.udm.places import Order, Rule
from core.udm.poem.lines import LENGTH, SIZE, vocabulary

LETTERS = vocabulary().characters + "_"
FREQUENT = f"should have only the {SIZE} most frequent simplified characters of Tang poems, and _ for a hole"
Line = Annotated[str, written_in(LETTERS, "pattern_character", FREQUENT, SIZE)]


class Mask(Variant):
    """Characters become holes."""

    kind: Literal["mask"] = "mask"
    order: Order = choice(Order.RANDOM, "which holes the improved rule fills first")


class Edit(Variant):
    """Characters become other characters."""

    kind: Literal["edit"] = "edit"


Corruption = Mask | Edit


class Params(Parameters):
    """Of /udm_text_poem."""

    offers: ClassVar[Offers] = {
        "rule": ("corruption", {"mask": ("improved", "baseline"), "edit": ("pairs", "improved", "baseline")})
    }

    corruption: Corruption = variant(Mask(), "what corrupts a line")
    rule: Rule = choice(Rule.IMPROVED, "how x_t and the predicted x_0 give x_{t-k}")
    places: int = slider(1, 1, LENGTH, 1, "", "places k that a step gives back")
    given: Line = pattern("_" * LENGTH, "characters that are given, _ for the others", letters=LETTERS)
    count: int = slider(8, 8, 16, 1, "", "lines drawn", advanced=True)
    temperature: float = slider(1.0, 0.5, 1.5, 0.05, "", "the logits are divided by it: below 1 is bolder", advanced=True)
    seed: int = seed()

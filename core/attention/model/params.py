"""What may be asked of the character model: a text, where the noise goes, how strong it is."""

from enum import Enum
from typing import Annotated

from core.attention.model.shape import HEADS, LAYERS
from core.attention.model.text import ALPHABET
from core.given import Sentence, sentence, written_in
from core.parameters import Parameters, choice, seed, slider

LETTERS = ALPHABET[1:] + ALPHABET[0]
TYPED = "should have only letters, digits and signs of an English keyboard, blanks and line ends"
LONGEST = 2000  # characters of a text of one's own
QUESTION = "To be, or not to be,--that is the question:--"

Text = Annotated[Sentence, written_in(LETTERS, "text_character", TYPED, len(LETTERS))]


class Where(Enum):
    """Parts of the network that the noise reaches."""

    ALL = "all_layers"
    LAYER = "one_layer"
    HEAD = "one_head"


class Amount(Enum):
    """What the strength is a multiple of."""

    SAME = "same_number"  # 1: one deviation everywhere
    RELATIVE = "own_size"  # the root mean square of what is shaken


class Scale(Enum):
    """Of the attention logits."""

    CONSTANT = "constant"  # 1 / sqrt d
    LOG = "log_length"  # log n / (log 64 sqrt d)


class Measured(Enum):
    """Text whose perplexity is measured."""

    SCENE = "scene"
    OWN = "text"


class Params(Parameters):
    """Of /attention_model."""

    strength: float = slider(0.5, 0.0, 3.0, 0.05, "", "deviation of the noise, in the unit chosen by amount")
    text: Text = sentence(QUESTION, LONGEST, "text that the model reads and goes on with", letters=LETTERS)
    amount: Amount = choice(Amount.SAME, "unit of the strength: one for all places, or of each its own root mean square")
    where: Where = choice(Where.ALL, "which attention the noise reaches")
    layer: int = slider(2, 1, LAYERS, 1, "", "layer whose attention is drawn, and which noise reaches if it reaches one alone")
    head: int = slider(1, 1, HEADS, 1, "", "head of that layer, likewise", advanced=True)
    scale: Scale = choice(Scale.CONSTANT, "what the products of queries and keys are multiplied by", advanced=True)
    measured: Measured = choice(Measured.SCENE, "text whose perplexity is measured", advanced=True)
    characters: int = slider(1024, 256, 8192, 256, "characters", "of the scene that are measured", advanced=True)
    written: int = slider(160, 40, 400, 20, "characters", "that the model writes", advanced=True)
    temperature: float = slider(
        0.6, 0.1, 1.5, 0.05, "", "the model's logits are divided by it: below 1 is bolder", advanced=True
    )
    seed: int = seed()

"""What may be asked of the model of words, with bounds."""

from typing import Literal

from core.bayes.language.text import MOST_WORDS
from core.given import Sentence, sentence
from core.parameters import Parameters, Variant, seed, slider, variant

LONGEST_TEXT, LONGEST_CONTEXT = 1500, 200
JACK = (
    "This is the house that Jack built. This is the malt that lay in the house that Jack built. This is the rat that ate the "
    "malt that lay in the house that Jack built. This is the cat that killed the rat that ate the malt that lay in the house "
    "that Jack built. This is the dog that worried the cat that killed the rat that ate the malt that lay in the house that "
    "Jack built. This is the cow with the crumpled horn that tossed the dog that worried the cat that killed the rat that ate "
    "the malt that lay in the house that Jack built. This is the maiden all forlorn that milked the cow with the crumpled horn "
    "that tossed the dog that worried the cat that killed the rat that ate the malt that lay in the house that Jack built. "
    "This is the man all tattered and torn that kissed the maiden all forlorn that milked the cow with the crumpled horn that "
    "tossed the dog that worried the cat that killed the rat that ate the malt that lay in the house that Jack built."
)


class Book(Variant):
    """Alice's Adventures in Wonderland, by Lewis Carroll."""

    kind: Literal["book"] = "book"
    context: Sentence = sentence(
        "and yet I don't know he went", LONGEST_CONTEXT, "words so far; the last eight say what comes next"
    )


class Own(Variant):
    """Any text."""

    kind: Literal["own"] = "own"
    own_text: Sentence = sentence(JACK, LONGEST_TEXT, "text to count in; a Chinese character is a word")
    own_context: Sentence = sentence("the dog that worried the", LONGEST_CONTEXT, "words so far, for a text of your own")


class Dials(Variant):
    """From naive Bayes, all at zero and one head, to attention."""

    kind: Literal["dials"] = "dials"
    averaging: float = slider(
        0.0, 0.0, 1.0, 0.05, doc="from the sum over n words (0) to their average (1): weights add up to n^(1 - averaging)"
    )
    position: float = slider(0.0, 0.0, 3.0, 0.1, doc="how fast the weight falls with distance: logit minus this a word")
    content: float = slider(0.0, 0.0, 6.0, 0.25, doc="how much the words themselves decide: logit plus this times q . k")
    heads: int = slider(1, 1, 3, 1, doc="tables by distance: 1 to 8; 1 to 2 and 3 to 8; 1 to 2, 3 to 4 and 5 to 8")
    residual: float = slider(0.0, 0.0, 1.0, 0.05, doc="weight of log p(x_t|x_{t-1}), counted of neighbours alone")


class Bigram(Variant):
    """The last word alone."""

    kind: Literal["bigram"] = "bigram"


class Unigram(Variant):
    """No word at all."""

    kind: Literal["unigram"] = "unigram"


class Params(Parameters):
    """Of /bayes_attention."""

    text: Book | Own = variant(Book(), "text whose words are counted")
    model: Dials | Bigram | Unigram = variant(Dials(), "how the words so far are combined")
    smoothing: float = slider(20.0, 1.0, 100.0, 1.0, doc="words that are counted after every word in advance", advanced=True)
    dimension: int = slider(
        MOST_WORDS,
        1,
        MOST_WORDS,
        1,
        "dimensions",
        "of values and readout: tables are cut to so many singular values",
        advanced=True,
    )
    seed: int = seed()

    @property
    def letters(self) -> str:
        """The text to count in; empty: the book."""
        return self.text.own_text if isinstance(self.text, Own) else ""

    @property
    def so_far(self) -> str:
        """The words so far."""
        return self.text.own_context if isinstance(self.text, Own) else self.text.context

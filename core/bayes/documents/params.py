"""What may be asked of documents of one's own."""

from typing import Annotated

from core.bayes.documents.texts import parted, unmarked
from core.bayes.pooling import Pooling
from core.given import Sentence, read_by, sentence
from core.parameters import Parameters, choice, seed, slider

LONGEST_TEXT, LONGEST_QUESTION = 4000, 120  # letters; a link carries both
DOCUMENTS = (
    "The bakery on Mill Lane is run by Anna Lindqvist. She bakes the bread for the whole village every morning at four.\n\n"
    "The roof of the school was damaged by the storm in March. It was mended by Tomas Brandt, a carpenter from the next "
    "valley.\n\n"
    "In April it rained on nineteen days. The river rose by two metres, and the lower fields were under water for a week."
)


class Params(Parameters):
    """Of /nbce_documents."""

    pooling: Pooling = choice(Pooling.LEAST_ENTROPY, "how the documents are made one")
    documents: Annotated[Sentence, read_by(parted)] = sentence(
        DOCUMENTS, LONGEST_TEXT, "your documents, at most eight, with a blank line between two"
    )
    question: Annotated[Sentence, read_by(unmarked)] = sentence(
        "Who mended the roof of the school?", LONGEST_QUESTION, "what is asked about them"
    )
    beta: float = slider(0.25, 0.0, 2.0, 0.25, "", "how much of the law without any document is taken off")
    eta: float = slider(0.1, 0.0, 2.0, 0.05, "nats", "lead of the document that spoke last, with least entropy")
    seed: int = seed()

    @property
    def texts(self) -> tuple[str, ...]:
        """The documents one by one."""
        return parted(self.documents)

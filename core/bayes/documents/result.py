"""What documents of one's own say together: the answers, and token by token how unsure each document is."""

from dataclasses import dataclass

import numpy as np

from core.bayes.pooling import Pooling
from core.result import Result

Array = np.ndarray

JOINED = ("joined", "shuffled")  # all documents as one text: as they were given, and in another order
WAYS = (*(pooling.value for pooling in Pooling), *JOINED)


@dataclass(frozen=True, eq=False)
class DocumentsResult(Result):
    """c documents; t tokens of the answer of the chosen pool, as far as it goes. Empty: not read or not said yet."""

    chosen: str  # of WAYS
    documents: list[str]  # c
    lengths: Array  # [c] tokens of each with its question
    order: Array  # [c] numbers of the documents in the shuffled text
    entropy_alone: float  # nats of the first token, read without a document
    identity_error: list[float]  # of the first token: mean at beta = c - 1 less naive Bayes, largest difference of log p
    first: Array  # [c] nats of the first token
    vocabulary: int
    answers: dict[str, str]  # of WAYS
    refused: dict[str, int]  # of JOINED: tokens of a text that has no room in the model
    pieces: list[str]  # t
    entropies: Array  # [c, t] nats
    alone: Array  # [t] nats, without a document
    shares: Array  # [c, t] probability that each document gives the token that was said
    spoke: Array  # [t] the document of least entropy, with stickiness

    def spoken(self) -> Array:
        """[c] share of the tokens at which each document has the least entropy, with stickiness."""
        return np.bincount(self.spoke, minlength=len(self.documents)) / max(len(self.spoke), 1)

    def metrics(self) -> dict[str, float]:
        """As far as they are known."""
        found = {"documents_read": float(len(self.first)), "entropy_alone": self.entropy_alone}
        found |= dict(zip(("identity_error",), self.identity_error, strict=False))
        if not self.pieces:
            return found
        speaker = self.entropies[self.spoke, np.arange(len(self.spoke))]
        found |= {"answer_tokens": float(len(self.pieces)), "entropy": float(speaker.mean())}
        found |= {"documents_spoke": float(len(set(self.spoke.tolist())))}
        return found | {f"share_{number}": float(share) for number, share in enumerate(self.spoken(), 1)}

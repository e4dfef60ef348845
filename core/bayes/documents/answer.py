"""One answer out of several documents, token by token (Su Jianlin, kexue.fm/archives/9617 and 9632)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.bayes.documents.language import LONGEST, Language, Reader
from core.bayes.pooling import Pooling, entropy, normalised
from core.bayes.recall.sticky import along, speaking

Array = np.ndarray

TOP = 0.95  # of the pooled law is kept before the prior is taken off: what is below is a tail that beta would blow up


@dataclass(frozen=True)
class Answer:
    """Text and tokens, and for each token how unsure every document was and which one spoke."""

    text: str
    pieces: list[str]
    entropies: Array  # [c, t] nats, of normalised laws
    alone: Array  # [t] nats, without a document
    shares: Array  # [c, t] probability of the token by each document
    spoke: Array  # [t], of least entropy with stickiness


def asked(language: Language, documents: list[str], question: str) -> Reader:
    """Of the question without a document, which is the prior, and of every document with the question.

    Raises core.faults.FileError for a document that is too long.
    """
    return Reader(language, [language.prompt(text, question) for text in ("", *documents)])


def answering(reader: Reader, pooling: Pooling, beta: float, eta: float) -> Iterator[Answer]:
    """The answer so far after each token: greedy, to the model's end or LONGEST tokens. The reader is that of asked()."""
    language, said, logs = reader.language, list[int](), reader.first()
    unsure, shares = np.zeros((len(logs), 0)), np.zeros((len(logs) - 1, 0))
    while True:
        unsure = np.concatenate([unsure, entropy(logs)[:, None]], 1)
        spoke = speaking(unsure[1:], eta)
        said.append(int(next_law(logs[1:], logs[0], pooling, beta, spoke[-1]).argmax()))
        shares = np.concatenate([shares, np.exp(logs[1:, said[-1:]])], 1)
        pieces = [language.spelt([token]) for token in said]
        yield Answer(language.spelt(said), pieces, unsure[1:].copy(), unsure[0].copy(), shares, spoke)
        if said[-1] == language.end or len(said) == LONGEST:
            return
        logs = reader.then([said[-1]] * len(logs))


def answered(language: Language, documents: list[str], question: str, pooling: Pooling, beta: float, eta: float) -> Answer:
    """The whole answer. Raises core.faults.FileError for a document that is too long."""
    *_, whole = answering(asked(language, documents, question), pooling, beta, eta)
    return whole


def next_law(logs: Array, prior: Array, pooling: Pooling, beta: float, speaker: int) -> Array:
    """[m] normalised log p of the next token of documents [c, m]; -inf outside the top TOP of the pooled law."""
    chosen = logs[[speaker]] if pooling is Pooling.LEAST_ENTROPY else logs
    kind = Pooling.MEAN if pooling is Pooling.LEAST_ENTROPY else pooling  # of one: itself
    fused = along(chosen[:, None], prior[None], kind, beta, 0.0, entropy(chosen)[:, None])[0]
    alone = along(chosen[:, None], prior[None], kind, 0.0, 0.0, entropy(chosen)[:, None])[0]
    return normalised(np.where(top(alone), fused, -np.inf))


def top(logs: Array) -> Array:
    """[m] bool: the likeliest values of a law that together have at least TOP; always one."""
    order = np.argsort(-logs, kind="stable")
    before = np.cumsum(np.exp(logs[order])) - np.exp(logs[order])
    kept = np.zeros(len(logs), bool)
    kept[order[before < TOP]] = True
    return kept


def as_one(documents: list[str]) -> str:
    """All documents as one text: what NBCE is compared with."""
    return "\n\n".join(documents)


def joined(language: Language, documents: list[str], question: str) -> str:
    """The answer to all documents as one text."""
    return answered(language, [as_one(documents)], question, Pooling.MEAN, 0.0, 0.0).text

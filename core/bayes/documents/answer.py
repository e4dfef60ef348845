"""One answer out of several documents, token by token (Su Jianlin, kexue.fm/archives/9617 and 9632)."""

from dataclasses import dataclass

import numpy as np

from core.bayes.documents.language import Language, Reader
from core.bayes.pooling import Pooling, entropy, normalised
from core.bayes.recall.sticky import along, speaking

Array = np.ndarray

LONGEST = 40  # tokens of an answer
TOP = 0.95  # of the pooled law is kept before the prior is taken off: what is below is a tail that beta would blow up


@dataclass(frozen=True)
class Answer:
    """Text and tokens, and for each token how unsure every document was and which one spoke."""

    text: str
    pieces: list[str]
    entropies: Array  # [c, t] nats, of normalised laws
    spoke: Array  # [t], of least entropy with stickiness


def answered(language: Language, documents: list[str], question: str, pooling: Pooling, beta: float, eta: float) -> Answer:
    """Greedy. Raises core.faults.FileError for a document that is too long."""
    prompts = [language.prompt(text, question) for text in ("", *documents)]  # the first without a document: the prior
    reader, said = Reader(language, prompts), list[int]()
    logs, entropies = reader.first(), np.zeros((len(documents), 0))
    while len(said) < LONGEST and language.end not in said:
        prior, each = logs[0], logs[1:]
        entropies = np.concatenate([entropies, entropy(each)[:, None]], 1)
        law = next_law(each, prior, pooling, beta, speaking(entropies, eta)[-1])
        said.append(int(law.argmax()))
        logs = reader.then([said[-1]] * len(prompts))
    pieces = [language.spelt([token]) for token in said]
    return Answer(language.spelt(said), pieces, entropies, speaking(entropies, eta))


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


def joined(language: Language, documents: list[str], question: str) -> str:
    """The answer to all documents as one text: what NBCE is compared with."""
    return answered(language, ["\n\n".join(documents)], question, Pooling.MEAN, 0.0, 0.0).text

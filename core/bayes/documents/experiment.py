"""Experiment nbce_documents: one answer out of documents of one's own, by a language model, and what each document knows."""

from collections.abc import Iterator
from dataclasses import replace
from math import factorial

import numpy as np

from core.bayes.documents.answer import Answer, answering, as_one, asked
from core.bayes.documents.language import LONGEST, Language, Reader, opened
from core.bayes.documents.params import Params
from core.bayes.documents.result import JOINED, WAYS, DocumentsResult
from core.bayes.pooling import Pooling, entropy, fused, naive_bayes
from core.faults import FileError

Array = np.ndarray
Parts = Iterator[tuple[float, DocumentsResult]]

STAGES = 2 + len(WAYS)  # the question alone, the documents, then every way to answer
SHOWN = 4  # tokens that are shown at a time


def compute(p: Params) -> Parts:
    """(fraction done, what is known): the question alone, first tokens after each document, the chosen answer, the others.

    Greedy: nothing is by lot but the order of the shuffled text, which p.seed numbers.
    Raises ModuleNotFoundError where a package is missing.
    """
    language = opened()
    r = begun(language, p)
    yield 1 / STAGES, r
    reader = asked(language, list(p.texts), p.question)
    for share in reader.reading():
        yield (1 + 0.9 * share) / STAGES, r
    r = after_documents(r, reader)
    yield 2 / STAGES, r
    for stage, way in enumerate(chosen_first(p), 2):
        for share, more in answers(language, reader, p, way, r):
            yield 1.0 if stage + share == STAGES else (stage + share) / STAGES, more
        r = more


def chosen_first(p: Params) -> list[str]:
    """WAYS, in the order in which they are computed and shown."""
    return [p.pooling.value, *(way for way in WAYS if way != p.pooling.value)]


def begun(language: Language, p: Params) -> DocumentsResult:
    """What is known once the question was read without any document."""
    prompts = [len(language.prompt(text, p.question)) for text in p.texts]
    alone = Reader(language, [language.prompt("", p.question)]).first()
    nothing = np.zeros((len(p.texts), 0))
    return DocumentsResult(
        chosen=p.pooling.value,
        documents=list(p.texts),
        lengths=np.array(prompts),
        order=shuffled(len(p.texts), p.seed),
        entropy_alone=float(entropy(alone)[0]),
        identity_error=[],
        first=np.zeros(0),
        vocabulary=alone.shape[1],
        answers={},
        refused={},
        pieces=[],
        entropies=nothing,
        alone=np.zeros(0),
        shares=nothing.copy(),
        spoke=np.zeros(0, np.int64),
    )


def shuffled(count: int, seed: int) -> Array:
    """[c] numbers in another order than 0, 1, .., if there is one; seeds count through all of them."""
    place, left = 1 + seed % max(1, factorial(count) - 1), list(range(count))  # among all orders, sorted; number 0 is as given
    order = [left.pop(place // factorial(len(left) - 1) % len(left)) for _ in range(count)]
    return np.array(order)


def after_documents(r: DocumentsResult, reader: Reader) -> DocumentsResult:
    """With the laws of the first token."""
    prior, *each = reader.first()
    logs = np.array(each)
    error = np.abs(fused(logs, prior, Pooling.MEAN, len(logs) - 1) - naive_bayes(logs, prior)).max()
    return replace(r, first=entropy(logs), identity_error=[float(error)])


def answers(language: Language, reader: Reader, p: Params, way: str, r: DocumentsResult) -> Parts:
    """(share of this way, with its answer so far)."""
    if way in JOINED:
        order = r.order.tolist() if way == "shuffled" else range(len(r.documents))
        try:
            reader = asked(language, [as_one([r.documents[i] for i in order])], p.question)
        except FileError as error:
            yield 1.0, replace(r, refused=r.refused | {way: int(error.value)})
            return
        found = answering(reader, Pooling.MEAN, 0.0, 0.0)
    else:
        found = answering(reader, Pooling(way), p.beta, p.eta)
    answer = next(found)
    for number, answer in enumerate(found, 2):
        if number % SHOWN == 0:
            yield number / (LONGEST + 1), with_answer(r, way, answer)
    yield 1.0, with_answer(r, way, answer)


def with_answer(r: DocumentsResult, way: str, answer: Answer) -> DocumentsResult:
    """The text; of the chosen pool token by token."""
    r = replace(r, answers=r.answers | {way: answer.text})
    if way != r.chosen:
        return r
    return replace(
        r,
        pieces=answer.pieces,
        entropies=answer.entropies,
        alone=answer.alone,
        shares=answer.shares,
        spoke=answer.spoke,
    )


def warm() -> None:
    """Open the model and read the question of the defaults, so that the first visitor does not wait for it."""
    next(compute(Params()))

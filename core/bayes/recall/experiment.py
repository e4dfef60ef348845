"""Experiment nbce_recall: one answer out of many contexts, by a network that was trained to hold only a few."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.bayes.pooling import Pooling, entropy
from core.bayes.recall.params import Params
from core.bayes.recall.problems import BASE, TIMES, numbers, trained
from core.bayes.recall.read import Read
from core.bayes.recall.result import BETAS, POOLED, WAYS, RecallResult
from core.digits.door import AT_WORK

FIRST = 0.02  # of the way, when the own question is answered
CHANCE = {"value": 1e-3, "both": 1e-6, "latest": 1e-3, "between": 0.55, "refuse": 1e-3}


def compute(p: Params) -> Iterator[tuple[float, RecallResult]]:
    """(fraction done, what is known): the own question, then the curves by more and more random questions.

    All randomness is p.seed's. Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    from core.bayes.recall.reading import AT_ONCE, reading  # noqa: PLC0415  torch takes seconds

    with AT_WORK:
        r = own_part(p)
    yield FIRST, r
    parts, whole = list[Read](), p.queries // AT_ONCE
    for number in range(whole):
        with AT_WORK:
            parts.append(reading(p.task.kind, p.size, p.seed, number))
        done = (number + 1) / whole
        yield FIRST + (1 - FIRST) * done if done < 1 else 1.0, with_curves(p, r, parts)


def own_part(p: Params) -> RecallResult:
    """The visitor's question; no curves."""
    from core.bayes.recall.own import own, said_codes, truth  # noqa: PLC0415
    from core.bayes.recall.weights import network  # noqa: PLC0415

    found, task = own(network(p.network), p), p.task.kind
    counts = numbers(p.size, task)
    codes = said_codes(found.chosen.said)
    return RecallResult(
        chosen=p.pooling.value,
        contexts=found.contexts,
        names=found.names,
        question=p.question,
        truth=truth(p),
        alone=found.alone,
        answers=found.answers,
        signs=found.chosen.said,
        entropies=entropy(found.chosen.logs),
        logs=found.chosen.logs[:, np.arange(len(codes)), codes].copy(),
        spoke=found.spoke,
        identity_error=found.identity_error,
        numbers=np.array(counts),
        right=np.zeros((len(WAYS), len(counts)), np.int64),
        predicted=np.zeros((len(POOLED), len(counts))),
        right_beta=np.zeros((len(Pooling), len(BETAS)), np.int64),
        predicted_beta=np.zeros((len(Pooling), len(BETAS))),
        only=np.zeros((2, len(POOLED)), np.int64),
        known=np.zeros(0),
        unknown=np.zeros(0),
        questions=0,
        chance=CHANCE[task],
        held=trained(p.size),
        looked=counts.index(TIMES * trained(p.size)),
    )


def with_curves(p: Params, r: RecallResult, parts: list[Read]) -> RecallResult:
    """The curves over all questions that were read so far."""
    from core.bayes.recall.curves import Way, gathered, right, ways  # noqa: PLC0415
    from core.bayes.recall.predicted import theory  # noqa: PLC0415  scipy takes its time

    every, task, counts = gathered(parts), p.task.kind, r.numbers.tolist()
    base = BASE[task]
    each = ways(p.beta)
    pooled = np.array([[right(every, way, count, p.eta) for count in counts] for way in each.values()])  # [4, n, q]
    hits = np.concatenate([pooled, every.joined]).sum(-1)
    best = every.joined[hits[len(POOLED) :, r.looked].argmax(), r.looked]
    ahead = pooled[:, r.looked]
    first = every.entropies[:, :, 0]
    here = counts[r.looked]
    along = [[Way(pooling, beta) for beta in BETAS] for pooling in Pooling]
    return replace(
        r,
        right=hits,
        predicted=np.array([theory(every, task, base, way, p.eta, counts) for way in each.values()]),
        right_beta=np.array([[right(every, way, here, p.eta).sum() for way in row] for row in along]),
        predicted_beta=np.array([[theory(every, task, base, way, p.eta, [here])[0] for way in row] for row in along]),
        only=np.array([(ahead & ~best).sum(-1), (~ahead & best).sum(-1)]),
        known=first[:, :1].ravel().copy(),
        unknown=first[:, base:].ravel().copy(),
        questions=every.answer.shape[0],
    )


def warm() -> None:
    """Import what is heavy and answer once, so that the first visitor does not wait for it."""
    next(compute(Params()))

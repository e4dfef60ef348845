"""The article's guesses, tested: would CoSENT gain with a weaker encoder, a harder task, or beside the cross-entropy?

The companion of the experiment cosent_train. Each setting differs from the chosen one in a single thing; the learning rate is
among them, for a loss that merely learns faster must not be taken for a better one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.cosent.train.experiment import reading, start, task_of
from core.cosent.train.paired import half_interval, quantile
from core.cosent.train.params import Model, Objective, TrainParams
from core.cosent.train.split import SplitError
from core.faults import ParameterError
from core.result import Result

Array = np.ndarray

FEWER, RATE = 0.2, 0.5  # share that is learnt; powers of ten of the learning rate
SLOWEST, FASTEST = -4.0, -1.5
COMPARED = (Objective.COSENT, Objective.CROSS_ENTROPY, Objective.BOTH)
RUNS = tuple((model, objective) for model in Model for objective in COMPARED)


@dataclass(frozen=True, eq=False)
class GuessResult(Result):
    """G settings, as many as are done; both models, the interaction model first."""

    names: list[str]  # [G] what is different
    reached: Array  # [G, 2, 3] Spearman's correlation under CoSENT, cross-entropy and their sum, mean over the seeds
    gain: Array  # [G, 2, 2, 2] of CoSENT, and of the sum, over cross-entropy: mean and half of the 95 % interval

    def metrics(self) -> dict[str, float]:
        """In how many of the settings an interval is above or below nothing."""
        low, high = (self.gain[..., 0] + sign * self.gain[..., 1] for sign in (-1, 1))
        found: dict[str, float] = {"settings": float(len(self.names))}
        for i, model in enumerate(each.value for each in Model):
            found |= {f"better_{model}": float((low[:, i, 0] > 0).sum()), f"worse_{model}": float((high[:, i, 0] < 0).sum())}
        return found


def guesses(p: TrainParams) -> Iterator[tuple[float, GuessResult]]:
    """(share of the settings done, what they say)."""
    rows: dict[str, tuple[Array, Array]] = {}
    yield 0.0, _result(rows)
    every = settings(p)
    for i, (name, each) in enumerate(every.items(), 1):
        rows[name] = _tested(each)
        yield i / len(every), _result(rows)


def settings(p: TrainParams) -> dict[str, TrainParams]:
    """What is different -> everything; what would change nothing, or cannot be parted, is left out."""
    rate = p.log_learning_rate
    changes: dict[str, dict[str, Any]] = {
        "chosen": {},
        "weaker": {"encoder": "first"},
        "classes": {"labels": "classes"},
        "fewer": {"learnt": FEWER},
        "slower": {"log_learning_rate": max(rate - RATE, SLOWEST)},
        "faster": {"log_learning_rate": min(rate + RATE, FASTEST)},
    }
    if p.task.kind != "own":
        changes |= {name: {"task": name} for name in ("lee", "wordsim", "simlex")}
    found: dict[str, TrainParams] = {}
    for name, change in changes.items():
        try:
            if (made := p.replace(**change)) not in found.values():
                found[name] = made
        except (ParameterError, SplitError):
            continue
    return found


def _tested(p: TrainParams) -> tuple[Array, Array]:
    """([2, 3] reached, [2, 2, 2] gains)."""
    task = task_of(p)
    for _, rated in reading(task.rated, p.layer):
        task = replace(task, rated=rated)
    training = start(p, task, RUNS)
    list(training.run())
    last = training.points[-1][2].reshape(len(Model), len(COMPARED), p.seeds)
    apart = last[:, [0, 2]] - last[:, 1:2]
    ratio = sum(len(split.held_out) for split in task.splits) / sum(len(split.learnt) for split in task.splits)
    return last.mean(-1), np.stack([apart.mean(-1), half_interval(apart, quantile(p.seeds), ratio)], -1)


def _result(rows: dict[str, tuple[Array, Array]]) -> GuessResult:
    reached = [each for each, _ in rows.values()]
    gain = [each for _, each in rows.values()]
    return GuessResult(
        names=list(rows),
        reached=np.stack(reached) if rows else np.zeros((0, 2, 3)),
        gain=np.stack(gain) if rows else np.zeros((0, 2, 2, 2)),
    )

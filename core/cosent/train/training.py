"""One training of the experiment: the program step by step, and what is known at each look."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core.cosent.scores import spearman
from core.cosent.train.calibration import BINS, error, fitted, reliability, sigmoid
from core.cosent.train.examples import shown
from core.cosent.train.experiment import SCORES, Run, Task, judge, preview
from core.cosent.train.params import Model, Objective, TrainParams
from core.cosent.train.program import Program, Recipe, Side
from core.cosent.train.result import TrainResult
from core.digits.door import AT_WORK

Array = np.ndarray

LOOKS = 14  # the closer the earlier: ranks move fast at first
EARLY = 1.6


class Training:
    """From the preview to the last number; runs of the interaction model come first."""

    def __init__(self, p: TrainParams, task: Task, runs: tuple[Run, ...]) -> None:
        self.p, self.task, self.runs = p, task, runs
        self.held = [task.rated.label[split.held_out] for split in task.splits]
        self.points: list[tuple[int, Array, Array]] = []
        self.last: dict[str, Any] = {}

    def result(self) -> TrainResult:
        """What is known now."""
        steps, losing, found = zip(*self.points, strict=True) if self.points else ((), (), ())
        made = preview(self.p, self.task)
        return replace(made, steps=np.array(steps, float), losing=np.array(losing), spearman=np.array(found), **self.last)

    def run(self) -> Iterator[float]:
        """Shares of the work done; after each there is something new in result()."""
        with AT_WORK:
            program = self._program()
        looks, losses = looks_of(self.p.steps), list[Array]()
        while program.at < self.p.steps:
            with AT_WORK:
                losses.append(program.step())
                if program.at in looks:
                    self.points.append((program.at, np.mean(losses, (0, 1)), self._agreement(program)))
                    losses = []
            if program.at in looks and program.at < self.p.steps:
                yield 0.95 * program.at / self.p.steps
        with AT_WORK:
            self.last = self._finished(program)
        yield 1.0

    def _program(self) -> Program:
        p, task = self.p, self.task
        assert task.rated.features is not None
        sides = []
        for k, split in enumerate(task.splits):
            rows = split.learnt
            first, second = task.rated.first[rows], task.rated.second[rows]
            sides.append(Side(first, second, task.seen[rows], task.positive[rows], (p.seed, 1, k)))
        return Program(task.rated.features, sides, recipe(p), self.runs)

    def _judged(self, program: Program, side: str) -> list[Array]:
        """[R, P_k] scores of a seed's learnt or held_out pairs."""
        rows = [getattr(split, side) for split in self.task.splits]
        return program.judged([(self.task.rated.first[each], self.task.rated.second[each]) for each in rows])

    def _agreement(self, program: Program) -> Array:
        """[R, K] Spearman's correlation with the ratings of held-out pairs."""
        scores = self._judged(program, "held_out")
        return np.array([[spearman(row, y) for row in each] for each, y in zip(scores, self.held, strict=True)]).T

    def _finished(self, program: Program) -> dict[str, Any]:
        """Everything that is of the trained models alone."""
        learnt, held, affine = self._judged(program, "learnt"), self._judged(program, "held_out"), program.affine()
        table, tenths = np.zeros((len(SCORES), len(self.runs), self.p.seeds)), np.zeros((2, len(self.runs), BINS, 3))
        for k, split in enumerate(self.task.splits):
            for i, (_, objective) in enumerate(self.runs):
                table[:, i, k] = judge(self.task, split, learnt[k][i], held[k][i])
                a, b = fitted(learnt[k][i], self.task.seen[split.learnt])
                estimates = (as_it_comes(objective, affine[k, i], held[k][i]), sigmoid(a * held[k][i] + b))
                tenths[:, i] += [reliability(each, self.task.seen[split.held_out]) for each in estimates]
        found: dict[str, Any] = {name: each.copy() for name, each in zip(SCORES, table, strict=True)}
        found |= {"reliability": tenths, "calibration": np.array([[error(each) for each in way] for way in tenths])}
        return found | shown(self.task, held[0], preview(self.p, self.task))


def as_it_comes(objective: Objective, affine: Array, s: Array) -> Array:
    """[n] estimate in [0, 1] without any fitting: of losses that know no logit, sigmoid(a s + b) with a and b never moved."""
    estimate: Array = affine[0] * s + affine[1]
    return np.clip(estimate, 0, 1) if objective is Objective.SQUARED_ERROR else sigmoid(estimate)


def looks_of(steps: int) -> frozenset[int]:
    """Steps after which the held-out pairs are judged."""
    return frozenset(np.unique(np.ceil(steps * (np.arange(1, LOOKS + 1) / LOOKS) ** EARLY).astype(int)).tolist())


def recipe(p: TrainParams) -> Recipe:
    """Of the parameters."""
    scales = {Model.INTERACTION: p.scale_interaction, Model.FEATURE: p.scale_feature}
    return Recipe(scales, 10**p.log_learning_rate, p.steps, p.batch, p.hidden, p.rank)

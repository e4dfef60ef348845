"""Experiment cosent_train: two kinds of models learn real human ratings of pairs, under every loss, from the same seeds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.cosent.scores import auc, pearson, ranks, spearman, sweep
from core.cosent.train.calibration import BINS
from core.cosent.train.encoder import AT_ONCE, encoded
from core.cosent.train.paired import quantile
from core.cosent.train.params import OBJECTIVES, Labels, Model, Objective, TrainParams
from core.cosent.train.result import TrainResult
from core.cosent.train.split import Split, cut
from core.cosent.train.texts import Rated

if TYPE_CHECKING:
    from core.cosent.train.training import Training

Array = np.ndarray
Run = tuple[Model, Objective]

EVERY: tuple[Run, ...] = tuple((model, each) for model in Model for each in OBJECTIVES[model])
SCORES = ("pearson", "auc", "accuracy", "threshold")
READING = 0.3  # share of the time that reading new texts may take


@dataclass(frozen=True, eq=False)
class Task:
    """Pairs, their classes, what the losses see of the labels, and who learns from which."""

    rated: Rated
    cut: float
    positive: Array  # [P] bool
    seen: Array  # [P] labels of the losses
    splits: tuple[Split, ...]


def compute(p: TrainParams) -> Iterator[tuple[float, TrainResult]]:
    """(fraction done, the result so far): the encoder by itself, then every loss as it learns.

    Deterministic in p. Raises core.digits.manifest.DamagedAssetError where the shipped texts are missing or altered.
    """
    task = task_of(p)
    yield 0.0, preview(p, task)
    for read, rated in reading(task.rated, p.layer):
        task = replace(task, rated=rated)
        yield READING * read, preview(p, task)
    begun = READING if p.rated().features is None else 0.0
    training = start(p, task, EVERY)
    for done in training.run():
        yield begun + (1 - begun) * done if done < 1 else 1.0, training.result()


def start(p: TrainParams, task: Task, runs: tuple[Run, ...]) -> "Training":
    """The part that needs torch."""
    from core.cosent.train.training import Training  # noqa: PLC0415  torch takes seconds; the preview does not wait for it

    return Training(p, task, runs)


def warm() -> None:
    """Import what is heavy and train for a moment, so that the first visitor does not wait for it."""
    list(compute(TrainParams(steps=20, seeds=2)))


def task_of(p: TrainParams) -> Task:
    """Everything but the training."""
    rated = p.rated()
    at = cut(rated.label, p.positives)
    positive = rated.label >= at
    return Task(rated, at, positive, positive.astype(float) if p.labels is Labels.CLASSES else rated.label, p.splits())


def reading(rated: Rated, layer: int) -> Iterator[tuple[float, Rated]]:
    """(share read, the pairs so far) of texts that are not known; features are there with the last."""
    if rated.features is not None:
        return
    rows: list[Array] = []
    for part in encoded(rated.texts):
        rows.append(part[:, layer])
        if (done := AT_ONCE * len(rows)) < len(rated.texts):
            yield done / len(rated.texts), rated
    yield 1.0, replace(rated, features=np.concatenate(rows))


def preview(p: TrainParams, task: Task) -> TrainResult:
    """The encoder's own scores of the held-out pairs: nothing is trained."""
    known = task.rated.features is not None
    own = task.rated.cosines() if known else np.zeros(0)
    held = [split.held_out for split in task.splits] if known else []
    judged = [judge(task, split, own[split.learnt], own[split.held_out]) for split in task.splits if known]
    runs, seeds, none = len(EVERY), p.seeds, np.zeros((0, p.seeds))
    return TrainResult(
        models=[model.value for model, _ in EVERY],
        losses=[objective.value for _, objective in EVERY],
        chosen=EVERY.index((p.model, p.objective)),
        student=quantile(seeds),
        learnt=float(np.mean([len(split.learnt) for split in task.splits])),
        held_out=float(np.mean([len(split.held_out) for split in task.splits])),
        cut=task.cut,
        steps=np.zeros(0),
        losing=np.zeros((0, runs)),
        spearman=np.zeros((0, runs, seeds)),
        encoder=np.array([spearman(own[rows], task.rated.label[rows]) for rows in held]),
        encoder_scores=np.array(judged).reshape(-1, len(SCORES)).T.copy(),
        **{name: none.copy() for name in SCORES},
        reliability=np.zeros((0, runs, BINS, 3)),
        calibration=np.zeros((0, runs)),
        first=[],
        second=[],
        why=[],
        label=np.zeros(0),
        ranks=np.zeros((4, 0)),
    )


def judge(task: Task, split: Split, learnt: Array, held: Array) -> tuple[float, float, float, float]:
    """SCORES of scores of a seed's learnt and held-out pairs; the threshold is the best one of the learnt pairs."""
    rows, threshold = split.held_out, sweep(learnt, task.positive[split.learnt]).best[0]
    right = float(((held >= threshold) == task.positive[rows]).mean())
    return pearson(held, task.rated.label[rows]), auc(held, task.positive[rows]), right, threshold


def places(score: Array) -> Array:
    """[n] 1 for the highest; ties share the mean."""
    return len(score) + 1 - ranks(score)

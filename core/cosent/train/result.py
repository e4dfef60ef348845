"""What a training of all losses says, at every look."""

from dataclasses import dataclass

import numpy as np

from core.cosent.train.paired import half_interval
from core.result import Result

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class TrainResult(Result):
    """R runs, each a model under a loss; K seeds; T looks so far; E pairs to read. Everything is of held-out pairs."""

    models: list[str]  # [R]
    losses: list[str]  # [R]
    chosen: int  # number of the run that is looked at
    student: float  # 97.5 % quantile for K seeds
    learnt: float  # pairs that are learnt, mean over the seeds
    held_out: float  # pairs that are not
    cut: float  # label from which on a pair is positive
    steps: Array  # [T]
    losing: Array  # [T, R] mean loss of the batches since the last look
    spearman: Array  # [T, R, K]
    encoder: Array  # [K] Spearman's correlation of the encoder's own cosines; empty before texts are read
    encoder_scores: Array  # [4, K] Pearson, AUC, accuracy, threshold of the same
    pearson: Array  # [R, K]; these and all below are empty until the end
    auc: Array  # [R, K]
    accuracy: Array  # [R, K] at the threshold that is best on the learnt pairs
    threshold: Array  # [R, K]
    reliability: Array  # [2, R, 10, 3] sums of estimate, label and pairs: scores as they come, and fitted on the learnt pairs
    calibration: Array  # [2, R] expected calibration error of the same
    first: list[str]  # [E] texts
    second: list[str]  # [E]
    why: list[str]  # [E] reason to be shown
    label: Array  # [E]
    ranks: Array  # [4, E] place among the held-out pairs, 1 for the highest: people, the encoder, the run, its rival

    @property
    def finished(self) -> bool:
        return len(self.pearson) > 0

    @property
    def rival(self) -> int:
        """Cross-entropy on the same model, or CoSENT where that is looked at."""
        mine = self.losses[self.chosen]
        return self.place(self.models[self.chosen], "cosent" if mine == "cross_entropy" else "cross_entropy")

    def place(self, model: str, loss: str) -> int:
        """Number of a run."""
        return next(i for i, pair in enumerate(zip(self.models, self.losses, strict=True)) if pair == (model, loss))

    def half(self, values: Array) -> Array:
        """Half of the 95 % interval of a mean over seeds [..., K]."""
        return half_interval(values, self.student, self.held_out / self.learnt)

    def gain(self, one: int, other: int) -> tuple[Array, Array]:
        """[T] mean difference of two runs, seed by seed, and half of its 95 % interval."""
        apart = self.spearman[:, one] - self.spearman[:, other]
        return apart.mean(-1), self.half(apart)

    def helps(self, model: str) -> tuple[float, float]:
        """CoSENT over cross-entropy at the last look, and half of the interval."""
        mean, half = self.gain(self.place(model, "cosent"), self.place(model, "cross_entropy"))
        return float(mean[-1]), float(half[-1])

    def metrics(self) -> dict[str, float]:
        """Means over the seeds of the run that is looked at, the encoder's own, and what CoSENT gains in each model."""
        found = {"spearman_encoder": float(self.encoder.mean())} if len(self.encoder) else {}
        if not len(self.steps):
            return found
        mine = self.spearman[-1, self.chosen]
        first = {"loss": float(self.losing[-1, self.chosen]), "spearman": float(mine.mean())}
        found = first | {"spearman_interval": float(self.half(mine))} | found
        for name in ("pearson", "auc", "accuracy", "threshold") if self.finished else ():
            found[name] = float(getattr(self, name)[self.chosen].mean())
        if self.finished:
            found |= {"calibration_error": float(self.calibration[1, self.chosen])}
        for model in ("interaction", "feature"):
            found[f"gain_{model}"], found[f"gain_{model}_interval"] = self.helps(model)
        return found

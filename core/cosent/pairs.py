"""Experiment cosent_loss: a handful of pairs, what CoSENT makes of their order, and what other losses make of it."""

from dataclasses import dataclass

import numpy as np

from core.cosent.loss import cosent, shares, violations, worst_violation
from core.cosent.many import best_expected, drawn, expected_accuracy
from core.cosent.params import LossParams, stretched
from core.cosent.peers import every, ranknet
from core.cosent.scores import auc, local_search, pearson, spearman, sweep
from core.result import Result

Array = np.ndarray
SCALES = np.geomspace(0.05, 200.0, 41)


@dataclass(frozen=True, eq=False)
class LossResult(Result):
    """N pairs; K losses of the same scores, CoSENT first. P_ij is the share of CoSENT's gradient that parts i and j."""

    scores: Array  # [N]
    labels: Array  # [N] as the losses see them
    positive: Array  # [N] bool, label at the cut or above
    shares: Array  # [N, N] P_ij, label of i below that of j
    losses: list[str]  # [K] names
    values: Array  # [K]
    values_stretched: Array  # [K] with labels 1, 2, 3 turned into 1, 7, 10
    gradients: Array  # [K, N] by the scores
    violations: int  # pairs of pairs whose order is wrong
    ordered: int  # pairs of pairs whose labels differ
    scales: Array  # [S] lambda
    by_scale: Array  # [S] CoSENT / lambda
    bound_by_scale: Array  # [S] RankNet / lambda, never below
    worst: float  # max(0, worst violation): the limit of CoSENT / lambda
    thresholds: Array  # [T] of many pairs, drawn
    accuracy: Array  # [T]
    accuracy_theory: Array  # [T] of as many pairs as one likes
    best: list[float]  # threshold and accuracy, exactly
    local: list[float]  # what the usual search finds
    best_theory: float  # the best accuracy of as many pairs as one likes

    def metrics(self) -> dict[str, float]:
        """Of the handful as it lies; best_accuracy of many pairs."""
        found = {
            "loss": float(self.values[0]),
            "gradient_sum": float(self.gradients[0].sum()),
            "violations": float(self.violations),
            "ranknet_bound": float(self.values[self.losses.index("ranknet")]),
            "worst_violation": self.worst,
            "spearman": spearman(self.scores, self.labels),
            "pearson": pearson(self.scores, self.labels),
        }
        if 0 < self.positive.sum() < len(self.positive):
            found["auc"] = auc(self.scores, self.positive)
        threshold, accuracy = sweep(self.scores, self.positive).best
        found |= {"accuracy": accuracy, "threshold": threshold}
        return found | {"best_accuracy": self.best[1], "best_accuracy_theory": self.best_theory}


def compute(p: LossParams) -> LossResult:
    """A few hundred numbers; the many pairs follow from p.seed."""
    s, y, cut = p.scores(), p.labelled(p.placed()), float(p.labelled(np.array(p.cut)))
    found = every(s, y, p.scale, cut, p.margin)
    other = every(s, stretched(p.placed()), p.scale, float(stretched(np.array(p.cut))), p.margin)
    scores, positive = drawn(p.separation, p.positives, p.samples, np.random.default_rng([p.seed, 0]))
    swept = sweep(scores, positive)
    return LossResult(
        scores=s,
        labels=y,
        positive=y >= cut,
        shares=shares(s, y, p.scale),
        losses=list(found),
        values=np.array([value for value, _ in found.values()]),
        values_stretched=np.array([value for value, _ in other.values()]),
        gradients=np.array([gradient for _, gradient in found.values()]),
        violations=violations(s, y),
        ordered=int((y[:, None] < y).sum()),
        scales=SCALES.copy(),
        by_scale=np.array([cosent(s, y, float(scale))[0] / scale for scale in SCALES]),
        bound_by_scale=np.array([ranknet(s, y, float(scale))[0] / scale for scale in SCALES]),
        worst=worst_violation(s, y),
        thresholds=swept.threshold,
        accuracy=swept.accuracy,
        accuracy_theory=expected_accuracy(swept.threshold, p.separation, float(positive.mean())),
        best=list(swept.best),
        local=list(local_search(scores, positive)),
        best_theory=best_expected(p.separation, float(positive.mean())),
    )

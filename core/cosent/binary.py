"""How high Spearman's correlation with two labels can be, and how often a local search misses the best threshold.

The companion of the experiment cosent_loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.cosent.many import drawn, expected_auc, positives
from core.cosent.params import LossParams
from core.cosent.scores import auc, local_search, spearman, spearman_of_auc, sweep
from core.result import Result

Array = np.ndarray
SHARES = np.linspace(0.02, 0.98, 49)
MARKS = (0.05, 0.1, 0.18, 0.3, 0.5, 0.7, 0.82, 0.9, 0.95)
DRAWS, SEARCHES = 60, 200


@dataclass(frozen=True, eq=False)
class BinaryResult(Result):
    """Curves over the share of positives, then the chosen share."""

    shares: Array  # [49]
    ceiling: Array  # [49] Spearman's correlation of scores without a mistake
    expected: Array  # [49] of scores with this separation
    marks: Array  # [9] shares that are drawn
    perfect: Array  # [9] measured, scores without a mistake
    measured: Array  # [9] mean over the draws
    stderr: Array  # [9]
    own_share: float
    own_auc: list[float]  # mean over the draws, standard error
    auc_theory: float
    own_spearman: list[float]
    spearman_theory: float
    missed: int  # of SEARCHES draws, those where the usual search does not find the best accuracy
    searches: int

    def metrics(self) -> dict[str, float]:
        """Of the chosen share of positives."""
        share = self.missed / self.searches
        return {
            "many_spearman": self.own_spearman[0],
            "many_spearman_theory": self.spearman_theory,
            "many_auc": self.own_auc[0],
            "many_auc_theory": self.auc_theory,
            "search_missed": share,
            "search_missed_stderr": float(np.sqrt(max(share * (1 - share), 0) / self.searches)),
        }


def binary(p: LossParams) -> Iterator[tuple[float, BinaryResult]]:
    """One part."""
    rng = np.random.default_rng([p.seed, 1])
    rows = [[_agreement(*drawn(p.separation, share, p.samples, rng)) for _ in range(DRAWS)] for share in MARKS]
    own = np.array([_agreement(*drawn(p.separation, p.positives, p.samples, rng)) for _ in range(DRAWS)])
    mean, stderr = _summary(np.array(rows)[:, :, 0])
    counts = [positives(share, p.samples) for share in SHARES]
    yield (
        1.0,
        BinaryResult(
            shares=SHARES.copy(),
            ceiling=np.array([spearman_of_auc(1.0, most, p.samples) for most in counts]),
            expected=np.array([spearman_of_auc(expected_auc(p.separation), most, p.samples) for most in counts]),
            marks=np.array(MARKS),
            perfect=np.array([_perfect(share, p.samples) for share in MARKS]),
            measured=mean,
            stderr=stderr,
            own_share=positives(p.positives, p.samples) / p.samples,
            own_auc=_pair(own[:, 1]),
            auc_theory=expected_auc(p.separation),
            own_spearman=_pair(own[:, 0]),
            spearman_theory=spearman_of_auc(expected_auc(p.separation), positives(p.positives, p.samples), p.samples),
            missed=missed(p, rng),
            searches=SEARCHES,
        ),
    )


def _agreement(scores: Array, positive: Array) -> tuple[float, float]:
    return spearman(scores, positive.astype(float)), auc(scores, positive)


def _perfect(share: float, count: int) -> float:
    """Spearman's correlation of scores in the right order, counted."""
    order = np.arange(count, dtype=float)
    return spearman(order, (order >= count - positives(share, count)).astype(float))


def _summary(rows: Array) -> tuple[Array, Array]:
    """Means [k] and standard errors of [k, draws]."""
    return rows.mean(1), rows.std(1, ddof=1) / rows.shape[1] ** 0.5


def _pair(values: Array) -> list[float]:
    return [float(values.mean()), float(values.std(ddof=1)) / len(values) ** 0.5]


def missed(p: LossParams, rng: np.random.Generator) -> int:
    """Draws out of SEARCHES where the usual search ends below the best accuracy."""
    count = 0
    for _ in range(SEARCHES):
        scores, positive = drawn(p.separation, p.positives, p.samples, rng)
        count += local_search(scores, positive)[1] < sweep(scores, positive).best[1] - 1e-12
    return count

"""How well scores agree with labels: rank correlation and its ceiling for binary labels, AUC, the best threshold."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray
LOCAL_START = 0.0  # where the usual local search begins


def ranks(x: Array) -> Array:
    """[N] mean ranks from 1, ties sharing theirs."""
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return (last - (count - 1) / 2)[place]


def pearson(x: Array, y: Array) -> float:
    """Correlation; 0 where one of them does not vary."""
    u, v = x - x.mean(), y - y.mean()
    size = float(np.sqrt((u @ u) * (v @ v)))
    return float(u @ v) / size if size > 0 else 0.0


def spearman(s: Array, y: Array) -> float:
    """Pearson's correlation of the ranks."""
    return pearson(ranks(s), ranks(y))


def auc(s: Array, positive: Array) -> float:
    """Chance that a positive scores above a negative, ties half; both must be there."""
    most, count = int(positive.sum()), len(s)
    return float(ranks(s)[positive].sum() - most * (most + 1) / 2) / (most * (count - most))


def spearman_of_auc(value: float, most: int, count: int, s: Array | None = None) -> float:
    """Spearman's correlation of `count` scores with binary labels, `most` of them positive, that have this AUC.

    (2 AUC - 1) sqrt(3 n1 n0 / (n^2 - 1 - sum(t^3 - t) / n)) with t the sizes of ties among the scores s; None: no ties. At AUC
    = 1 it is the ceiling: .866 for half positives, less for fewer.
    """
    sizes = np.array([1]) if s is None else np.unique(s, return_counts=True)[1]
    room = count**2 - 1 - float((sizes**3 - sizes).sum()) / count
    return (2 * value - 1) * float(np.sqrt(3 * most * (count - most) / room)) if room > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Sweep:
    """Accuracy of "positive at this threshold or above" at every threshold that matters."""

    threshold: Array  # [T] rising: below all scores, between neighbours, above all
    accuracy: Array  # [T]

    @property
    def best(self) -> tuple[float, float]:
        """(threshold, accuracy), the lowest threshold of several."""
        at = int(self.accuracy.argmax())
        return float(self.threshold[at]), float(self.accuracy[at])


def sweep(s: Array, positive: Array) -> Sweep:
    """Exactly, in O(N log N): past each score one label changes sides."""
    order = np.argsort(s, kind="stable")
    x, gained = s[order], np.where(positive[order], -1, 1)
    right = int(positive.sum()) + np.concatenate([[0], np.cumsum(gained)])
    last = np.concatenate([x[1:] != x[:-1], [True]])  # a threshold cannot part equal scores
    kept = np.concatenate([[True], last])
    between = np.concatenate([[x[0] - 1], (x[1:] + x[:-1]) / 2, [x[-1] + 1]])
    return Sweep(between[kept], right[kept] / len(s))


def local_search(s: Array, positive: Array) -> tuple[float, float]:
    """(threshold, accuracy) by Powell's method from 0, as is usual; accuracy is a staircase, and it stops on a step."""
    from scipy.optimize import minimize  # noqa: PLC0415  the page opens without scipy

    def loss(threshold: Array) -> float:
        return -float(((s >= float(threshold[0])) == positive).mean())

    found = minimize(loss, np.array([LOCAL_START]), method="Powell", tol=1e-6)
    return float(np.ravel(found.x)[0]), -float(found.fun)

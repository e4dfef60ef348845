"""Concentration, gradient, and which scale keeps the entropy as n grows: the companion of the experiment attention_entropy."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.attention.entropy import CURVE, Params
from core.attention.shapes import TRAINED_LENGTH, WIDEST, UniformShape, draws_for, standard, statistics
from core.attention.spread import cumulant_concentration, cumulant_entropy, held, spread_for
from core.result import Result

Array = np.ndarray
MARKS = 9
LENGTHS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
SCALES = ("constant", "root_log", "log")  # spread 1, sqrt(log n / log 512), log n / log 512

# RoFormer-small trained at length 64, accuracy of the masked language model in %, at these lengths: Su Jianlin, "Scale of
# attention from the invariance of entropy" (2021-12-21), https://kexue.fm/archives/8823, its table of Attention-O and -E.
PUBLISHED_LENGTHS = (64, 128, 256, 512, 1024)
PUBLISHED = ((43.27, 36.53, 23.02, 15.12, 11.54), (43.11, 41.17, 34.04, 20.15, 13.58))


@dataclass(frozen=True, eq=False)
class ScalingResult(Result):
    """Curves over the spread at the chosen n, then curves over the number of tokens for Gaussian logits."""

    spreads: Array  # [25]
    concentration: Array  # [25] E sum p^2
    concentration_cumulant: Array  # [25]
    jacobian: Array  # [25] root mean square Frobenius norm of the Jacobian
    trace: Array  # [25] E tr of the Jacobian
    marks: Array  # [9] spreads that are measured
    concentration_measured: Array  # [9, 2] mean and standard error
    jacobian_measured: Array  # [9, 2]
    lengths: Array  # [N] tokens
    entropy_exact: Array  # [3, N] E H in nats, of SCALES
    entropy_measured: Array  # [3, N, 2] mean and standard error
    entropy_cumulant: Array  # [3, N]
    entropy_kept: float  # nats, of spread 1 at 512 tokens
    needed: Array  # [N'] spread that keeps it at lengths[N - N':]; below e^entropy tokens there is none
    published_lengths: Array  # [5]
    published: Array  # [2, 5] accuracy in %: 1 / sqrt d, then log n / (sqrt d log 512)

    def metrics(self) -> dict[str, float]:
        """Entropy lost from 512 tokens to the longest length, under each scale, in nats."""
        middle = int(np.flatnonzero(self.lengths == TRAINED_LENGTH)[0])
        drift = self.entropy_exact[:, -1] - self.entropy_exact[:, middle]
        return {f"drift_{name}": float(each) for name, each in zip(SCALES, drift, strict=True)}


def scaling(p: Params) -> Iterator[tuple[float, ScalingResult]]:
    """One part: a second of work."""
    shape = "uniform" if isinstance(p.logits, UniformShape) else "gaussian"
    spreads, lengths = np.linspace(0, WIDEST, CURVE), np.array(LENGTHS, float)
    cases = [held(shape, float(spread), p.tokens) for spread in spreads]
    marks, concentration, jacobian = _measured(shape, p)
    under = np.array([scale_spreads(lengths)[name] for name in SCALES])
    kept = held("gaussian", 1.0, TRAINED_LENGTH).entropy
    result = ScalingResult(
        spreads=spreads,
        concentration=np.array([case.concentration for case in cases]),
        concentration_cumulant=np.array([cumulant_concentration(shape, float(spread), p.tokens) for spread in spreads]),
        jacobian=np.array([max(case.jacobian_square, 0.0) ** 0.5 for case in cases]),
        trace=np.array([case.jacobian_trace for case in cases]),
        marks=marks,
        concentration_measured=concentration,
        jacobian_measured=jacobian,
        lengths=lengths,
        entropy_exact=np.array([[held("gaussian", *each).entropy for each in _pairs(row)] for row in under]),
        entropy_measured=np.array([[_entropy(spread, n, p.seed) for spread, n in _pairs(row)] for row in under]),
        entropy_cumulant=np.array([[cumulant_entropy("gaussian", *each) for each in _pairs(row)] for row in under]),
        entropy_kept=kept,
        needed=np.array([spread_for(kept, n) for n in LENGTHS if np.log(n) > kept]),
        published_lengths=np.array(PUBLISHED_LENGTHS, float),
        published=np.array(PUBLISHED),
    )
    yield 1.0, result


def scale_spreads(lengths: Array) -> dict[str, Array]:
    """Spread of the logits at every length under each scale; all are 1 at 512 tokens."""
    ratio = np.log(lengths) / np.log(TRAINED_LENGTH)
    return {"constant": np.ones_like(lengths), "root_log": np.sqrt(ratio), "log": ratio}


def _pairs(spreads: Array) -> list[tuple[float, int]]:
    return [(float(spread), n) for spread, n in zip(spreads, LENGTHS, strict=True)]


def _entropy(spread: float, n: int, seed: int) -> tuple[float, float]:
    """Mean and standard error of a few draws; the scales share their random numbers."""
    rows = statistics(np.float32(spread) * standard("gaussian", n, np.random.default_rng([seed, n])))[0]
    return float(rows.mean()), float(rows.std(ddof=1)) / draws_for(n) ** 0.5


def _measured(shape: str, p: Params) -> tuple[Array, Array, Array]:
    """Spreads, then mean and standard error of sum p^2 and of the Jacobian's norm at each, [9, 2]."""
    unit, marks = standard(shape, p.tokens, np.random.default_rng([p.seed, 0])), np.linspace(0, WIDEST, MARKS)
    rows = np.array([statistics(np.float32(spread) * unit)[1:] for spread in marks])  # [9, 2, R]
    mean, stderr = rows.mean(2), rows.std(2, ddof=1) / rows.shape[2] ** 0.5
    root = np.sqrt(mean[:, 1])
    slope = np.divide(stderr[:, 1], 2 * root, out=np.zeros_like(root), where=root > 0)
    return marks, np.column_stack([mean[:, 0], stderr[:, 0]]), np.column_stack([root, slope])

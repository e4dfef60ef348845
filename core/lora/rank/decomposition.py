"""Singular values and directions of one difference: exact where it is small, by random projection where it is large.

Source of the projection: Halko, Martinsson and Tropp, arXiv:0909.4061, algorithm 4.4 and section 5.1.
"""

from dataclasses import dataclass

import numpy as np

from core.lora.rank import noise

Array = np.ndarray

EXACT_SIDE = 512  # of the shorter side; a larger matrix is projected
KEPT = 128  # directions
SPARE, POWERS = 16, 2  # more columns than asked for, and multiplications by D D^T
BLOCK = 384  # sides of the part of a large matrix whose median is taken


@dataclass(frozen=True, eq=False)
class Decomposition:
    """D = left diag(values) right + what is left; k <= KEPT directions.

    values: all singular values, or the leading ones of a projected matrix. bound: each of those lies no farther than this from
    one of D, and is never larger than its own; zeros where the decomposition is exact. sigma: of the noise, by the median.
    """

    difference: Array  # [m, n]
    values: Array  # [min(m, n)], or [KEPT] of a projected one; falling
    left: Array  # [m, k]
    right: Array  # [k, n]
    norm: float  # Frobenius
    sigma: float
    bound: Array  # as values

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.difference.shape
        return rows, columns

    @property
    def cumulative(self) -> Array:
        """[k + 1] share of the squared norm in the first 0 ... k directions."""
        kept = self.values[: self.left.shape[1]]
        return np.concatenate([[0.0], np.minimum(np.cumsum(kept**2) / self.norm**2, 1.0)])

    def product(self, rank: int) -> Array:
        """[m, n] the truncated product."""
        return (self.left[:, :rank] * self.values[:rank]) @ self.right[:rank]

    def measured_error(self, rank: int) -> float:
        """|D - product| / |D|, from the product itself."""
        return float(np.linalg.norm(self.difference - self.product(rank))) / self.norm

    def expected_error(self, rank: int) -> float:
        """The same by Eckart and Young: the squares of the singular values that are cut off."""
        if len(self.values) == min(self.shape):
            return float(np.linalg.norm(self.values[rank:])) / self.norm
        return float(np.sqrt(max(1.0 - self.cumulative[rank], 0.0)))


def decompose(difference: Array) -> Decomposition:
    """Of D [m, n] with a norm above zero; the same matrix gives the same answer."""
    return _exact(difference) if min(difference.shape) <= EXACT_SIDE else _projected(difference)


def _exact(D: Array) -> Decomposition:
    left, values, right = np.linalg.svd(D, full_matrices=False)
    rows, columns = D.shape
    sigma = noise.level(values, (rows, columns))
    vectors = left[:, :KEPT].copy(), right[:KEPT].copy()
    return Decomposition(D, values, *vectors, float(np.linalg.norm(D)), sigma, np.zeros(len(values)))


def _projected(D: Array) -> Decomposition:
    """Power iterations with a new orthonormal basis after each product, or small directions drown in rounding."""
    rng = np.random.default_rng(0)
    Q = np.linalg.qr(D @ rng.standard_normal((D.shape[1], KEPT + SPARE)))[0]
    for _ in range(POWERS):
        Q = np.linalg.qr(D @ np.linalg.qr(D.T @ Q)[0])[0]
    inner, values, right = np.linalg.svd(Q.T @ D, full_matrices=False)
    left, values, right = (Q @ inner)[:, :KEPT], values[:KEPT].copy(), right[:KEPT].copy()
    # D^T u = s v holds by construction, so the residual of the pair is that of D v = s u alone.
    bound = np.linalg.norm(D @ right.T - left * values, axis=0) / np.sqrt(2)
    return Decomposition(D, values, left.copy(), right, float(np.linalg.norm(D)), _block_level(D, rng), bound)


def _block_level(D: Array, rng: np.random.Generator) -> float:
    """sigma from rows and columns by lot: a part of noise is noise of the same sigma, a part of low rank has low rank."""
    rows, columns = (rng.permutation(side)[: min(side, BLOCK)] for side in D.shape)
    block = D[np.ix_(rows, columns)]
    return noise.level(np.linalg.svd(block, compute_uv=False), (len(rows), len(columns)))

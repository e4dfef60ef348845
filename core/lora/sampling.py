"""Monte Carlo over the random factors of one step, for every rank from the same draws.

The first r columns of a draw are a draw of rank r, so sums over ranks are cumulative: all ranks cost what the largest does.
"""

from dataclasses import dataclass

import numpy as np

from core.lora.laws import Law, draw, entry_variance, orthonormal

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Factors:
    """Entries of variance 1, or orthonormal columns; scaled for each rank only when they are used."""

    A: Array  # [D, n, R]
    B: Array  # [D, m, R], the transpose of the article's
    left_basis: Array  # [D, n, R] orthonormal, first r columns span those of A
    right_basis: Array  # [D, m, R]


@dataclass(frozen=True, eq=False)
class Measured:
    """Each [D, R], as in ProjectionResult."""

    captured: Array
    inner: Array
    square: Array
    second: Array


def factors(law: Law, n: int, m: int, r: int, count: int, rng: np.random.Generator) -> Factors:
    """count draws of independent factors with r columns."""
    if law is Law.UNIFORM:
        A, B = (draw(law, size, r, rng, count) * np.sqrt(3 * size) for size in (n, m))
        return Factors(A, B, orthonormal(A), orthonormal(B))
    A, B = (rng.standard_normal((count, size, r)) for size in (n, m))
    left_basis, right_basis = orthonormal(A), orthonormal(B)
    return (
        Factors(left_basis, right_basis, left_basis, right_basis)
        if law is Law.ORTHONORMAL
        else Factors(A, B, left_basis, right_basis)
    )


def scales(law: Law, size: int, ranks: Array) -> Array:
    """[R] what A A^T of Factors is multiplied with at each rank."""
    return size / ranks if law is Law.ORTHONORMAL else entry_variance(law, size, ranks)


def measure(G: Array, drawn: Factors, law: Law, two: bool) -> Measured:
    """Shares and moments of every draw and rank; G [n, m] of norm 1."""
    (n, m), ranks = G.shape, np.arange(1, drawn.A.shape[2] + 1)
    a, b = scales(law, n, ranks), scales(law, m, ranks)
    AG, GB = drawn.A.transpose(0, 2, 1) @ G, G @ drawn.B  # [D, R, m], [D, n, R]
    left_basisG = drawn.left_basis.transpose(0, 2, 1) @ G
    captured, inner = _along((left_basisG**2).sum(2)), a * _along((AG**2).sum(2))
    gram_AG = AG @ AG.transpose(0, 2, 1)
    square = a**2 * _corner(gram_AG * _gram(drawn.A))
    if not two:
        return Measured(captured, inner, square, np.zeros_like(inner))
    gram_GB, basis_GB = _gram(GB), G @ drawn.right_basis
    captured = captured + _along((basis_GB**2).sum(1)) - _corner((left_basisG @ drawn.right_basis) ** 2)
    inner = inner + b * _along((GB**2).sum(1))
    square = square + b**2 * _corner(gram_GB * _gram(drawn.B)) + 2 * a * b * _corner((AG @ drawn.B) ** 2)
    return Measured(captured, inner, square, a * b * _corner(gram_AG * gram_GB))


def _gram(columns: Array) -> Array:
    """[D, R, R] inner products of columns [D, n, R]."""
    return columns.transpose(0, 2, 1) @ columns


def _along(values: Array) -> Array:
    """[D, R] sums of the first r."""
    return np.cumsum(values, 1)


def _corner(table: Array) -> Array:
    """[D, R] sums of the first r rows and columns of [D, R, R]."""
    return np.diagonal(table.cumsum(1).cumsum(2), axis1=1, axis2=2).copy()


def projected(G: Array, drawn: Factors, law: Law, r: int, two: bool) -> Array:
    """[D, n, m] the projected gradients at one rank."""
    (n, m), A, B = G.shape, drawn.A[:, :, :r], drawn.B[:, :, :r]
    left = float(scales(law, n, np.array(r))) * A @ (A.transpose(0, 2, 1) @ G)
    return left + float(scales(law, m, np.array(r))) * (G @ B) @ B.transpose(0, 2, 1) if two else left


def averages(G: Array, unbiased: Array) -> tuple[Array, Array, Array, Array]:
    """What averaging fresh projections [D, n, m], each with mean G, makes of them.

    (counts 1, 2, 4, ..., squared distances from G over disjoint groups of so many, their standard errors, spectra of the
    mean of the first so many).
    """
    counts = 2 ** np.arange(int(np.log2(len(unbiased))) + 1)
    sums, distances, errors, spectra = unbiased, [], [], []
    for count in counts:
        away = ((sums / count - G) ** 2).sum((1, 2))
        distances.append(away.mean())
        errors.append(away.std(ddof=1) / np.sqrt(len(away)) if len(away) > 1 else 0.0)
        spectra.append(np.linalg.svd(sums[0] / count, compute_uv=False))
        sums = sums[0 : len(sums) // 2 * 2 : 2] + sums[1::2]
    return counts, np.array(distances), np.array(errors), np.stack(spectra)

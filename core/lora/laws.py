"""Laws of a random factor A [n, r], and what follows from them in closed form.

Entries are independent with mean 0, variance tau2 and kurtosis kappa, except for the orthonormal law.
Sources: Su Jianlin, 2023-04-17, kexue.fm/archives/9590; He et al. arXiv:1502.01852 (uniform); peft 0.21, LoraLayer.
"""

from enum import Enum

import numpy as np

Array = np.ndarray


class Law(Enum):
    GAUSSIAN = "gaussian"  # N(0, 1/r): E A A^T = I
    ORTHONORMAL = "orthonormal"  # columns orthonormal times sqrt(n/r): E A A^T = I
    UNIFORM = "uniform"  # +- 1/sqrt(n): PEFT's default, E A A^T = r/(3n) I
    PEFT_GAUSSIAN = "peft_gaussian"  # N(0, 1/r^2): PEFT's "gaussian", E A A^T = I/r


KURTOSIS = {Law.GAUSSIAN: 3.0, Law.PEFT_GAUSSIAN: 3.0, Law.UNIFORM: 1.8}


def draw(law: Law, n: int, r: int, rng: np.random.Generator, *count: int) -> Array:
    """[*count, n, r], each matrix of this law."""
    if law is Law.UNIFORM:
        return rng.uniform(-1, 1, (*count, n, r)) / np.sqrt(n)
    normal = rng.standard_normal((*count, n, r))
    if law is Law.ORTHONORMAL:
        return orthonormal(normal) * np.sqrt(n / r)
    return normal / (np.sqrt(r) if law is Law.GAUSSIAN else r)


def orthonormal(columns: Array) -> Array:
    """Of Gaussian columns [..., n, r], an orthonormal basis: its first k columns span a uniformly distributed subspace."""
    return np.linalg.qr(columns)[0]


def entry_variance(law: Law, n: int, r: Array | int) -> Array:
    """tau^2 of one entry, for every r; E A A^T = r tau^2 I."""
    scale = {
        Law.GAUSSIAN: 1.0 / np.asarray(r),
        Law.ORTHONORMAL: 1.0 / np.asarray(r),
        Law.PEFT_GAUSSIAN: 1.0 / np.asarray(r) ** 2,
    }
    return scale[law] if law in scale else np.full(np.shape(r), 1 / (3 * n))


def mean_factor(law: Law, n: int, r: Array | int) -> Array:
    """f of E A A^T = f I: what one factor's random projection does to the learning rate."""
    return r * entry_variance(law, n, r)


def second_moment(law: Law, n: int, r: Array | int) -> Array:
    """q of E (A A^T)^2 = q I, so that E |A A^T G|^2 = q |G|^2.

    Independent entries: r tau^4 (r + n + kappa - 2); Gaussian N(0, 1/r): (r + n + 1) / r. Orthonormal: n/r.
    """
    if law is Law.ORTHONORMAL:
        return n / np.asarray(r, float)
    return r * entry_variance(law, n, r) ** 2 * (r + n + KURTOSIS[law] - 2)


def tangent_share(n: int, m: int, r: Array | int) -> Array:
    """Expected share of |G|^2 in {X B + A Y} over independent uniform subspaces of dimension r: 1 - (1 - r/n)(1 - r/m)."""
    return 1 - (1 - np.asarray(r) / n) * (1 - np.asarray(r) / m)

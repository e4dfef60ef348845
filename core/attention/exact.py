"""The error of noisy attention at every n, exactly, for every law of independent noise that quadrature can hold.

With S = sum_i p_i w_i and u_i = v_i - o the error is õ - o = X / S, X = sum_i p_i w_i u_i. Since 1 / S^k is the integral of
t^(k-1) e^(-tS) / Gamma(k) and the w_i are independent, its moments are integrals over tau = log t: under the weight
P = prod_i L(t p_i), L(t) = E e^(-tw), the parts t p_i w_i are independent again, with cumulants k_1, k_2, ... made of
r_k = t^k E[w^k e^(-tw)] / L, so that
    E[õ - o]    = int P E'[X] dtau                   E'[X] = sum_i k_1 u_i
    E|õ - o|^2  = int P E'|X|^2 dtau                 E'|X|^2 = |E'X|^2 + sum_i k_2 |u_i|^2
    E|õ - o|^4  = int P E'|X|^4 dtau / 6             E sum p~^2 = int P sum_i r_2 dtau
No moment of w has to exist. Tokens are put on a grid of log p_i with quintic weights: a few hundred places, not n.
This answers the question of article 9593 at finite n, where the law of large numbers alone does not.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.attention.laws import Additive, Dropping, StudentT
from core.attention.quadrature import Transform, nodes, transform

Array = np.ndarray
FINE = 0.125  # step of log p
AROUND = (-2, -1, 0, 1, 2, 3)  # steps from the one below that interpolate a place
EVERY = 4  # tau goes in steps of so many fine ones
BLOCK = 64  # fine steps that are tabled at a time
BEGIN, END = 20.0, 4.0  # beyond the largest and the smallest sum the integrand is below 1e-8 and 1e-20


@dataclass(frozen=True)
class Moments:
    """Of õ - o: what the noise does on average and around it."""

    bias: tuple[float, float]  # E[õ - o], value units
    mean_square: float  # E|õ - o|^2, value units squared
    fourth: float  # E|õ - o|^4, value units to the fourth
    concentration: float  # E sum p~^2

    @property
    def bias_length(self) -> float:
        return float(np.hypot(*self.bias))

    @property
    def deviation(self) -> float:
        """Of õ around its mean."""
        return max(self.mean_square - self.bias_length**2, 0.0) ** 0.5


def exact(law: Additive | Dropping, p: Array, u: Array) -> Moments | None:
    """Weights p [n], values less the output u [n, 2]; None for Student's t, whose tails are too wide for quadrature."""
    if isinstance(law, StudentT) and not law.is_silent:
        return None
    places, kept = nodes(law), p > 0
    tilted = Tilted.of(law, p[kept])
    x, y = u[kept].T
    square = x**2 + y**2
    mean = np.array([tilted.total(0, x), tilted.total(0, y)])
    xx, xy, yy = (tilted.total(1, each) for each in (x * x, x * y, y * y))
    third = np.array([tilted.total(2, x * square), tilted.total(2, y * square)])
    length, trace = (mean**2).sum(0), xx + yy
    along = mean[0] ** 2 * xx + 2 * mean[0] * mean[1] * xy + mean[1] ** 2 * yy
    fourth = (length + trace) ** 2 + 4 * along + 2 * (xx**2 + 2 * xy**2 + yy**2) + 4 * (mean * third).sum(0)
    fourth += tilted.total(3, square**2)
    none_left = float(places.weight[np.isneginf(places.eps)].sum() ** kept.sum())  # then nothing is dropped
    return Moments(
        bias=(tilted.integral(mean[0]), tilted.integral(mean[1])),
        mean_square=tilted.integral(length + trace),
        fourth=tilted.integral(fourth) / 6,
        concentration=tilted.integral(tilted.second()) + none_left * float((p**2).sum()),
    )


def exact_weights(law: Additive | Dropping, p: Array) -> float | None:
    """E sum_i (p~_i - p_i)^2 of weights p [n]: the mean square error for independent values of variance 1; None as in exact.

    It is E|õ - o|^2 of values that are the n unit vectors: u_i u_j = [i = j] - p_i - p_j + sum p^2.
    """
    if isinstance(law, StudentT) and not law.is_silent:
        return None
    kept = p[p > 0]
    tilted, square, own = Tilted.of(law, kept), kept**2, float((kept**2).sum())
    first, second = (tilted.ratio(order) for order in (0, 1))  # k_1 / t p and k_2 / (t p)^2: without noise 1 and 0, exactly
    mean = tilted.grid.swept(first, kept)
    part = tilted.grid.swept(first**2, square) - 2 * mean * tilted.grid.swept(first, square) + mean**2 * own
    part += tilted.grid.swept(second, square * (1 - 2 * kept + own))
    return max(tilted.integral(tilted.t**2 * part), 0.0)


@dataclass(frozen=True, eq=False)
class Tilted:
    """All tokens under the weight P at every tau."""

    grid: "Grid"
    cumulants: Array  # [4, M fine] of t w
    second_moment: Array  # [M fine] r_2
    fine_t: Array  # [M fine] of those
    chance: Array  # [M] P dtau

    @classmethod
    def of(cls, law: Additive | Dropping, p: Array) -> "Tilted":
        grid, places = Grid.of(np.log(p)), nodes(law)
        lowest, highest = places.ends
        smallest = np.log(p.min() if np.isneginf(places.eps).any() else p.max()) + lowest
        steps = int((highest + BEGIN - smallest + END) / (FINE * EVERY)) + 1
        fine = steps * EVERY + grid.width
        log_l, r = tabled(law, grid.first, fine)
        chance = np.exp(grid.swept(log_l, np.ones(len(p)))) * (FINE * EVERY)
        fine_t = np.exp(-highest - BEGIN + FINE * (np.arange(fine) + grid.first))
        return cls(grid, cumulants(r), r[1], fine_t, chance)

    def total(self, order: int, weight: Array) -> Array:
        """sum_i k_(order + 1) weight_i at every tau, [M]."""
        return self.grid.swept(self.cumulants[order], weight)

    def ratio(self, order: int) -> Array:
        """k_(order + 1) over t w to that power, [M fine]: it varies little, so interpolation hardly errs."""
        return self.cumulants[order] / self.fine_t ** (order + 1)

    @property
    def t(self) -> Array:
        """[M]"""
        return self.fine_t[: EVERY * len(self.chance) : EVERY] * np.exp(-FINE * self.grid.first)

    def second(self) -> Array:
        return self.grid.swept(self.second_moment, np.ones(self.grid.stencil.shape[1]))

    def integral(self, values: Array) -> float:
        return float(self.chance @ values)


def tabled(law: Additive | Dropping, first: int, count: int) -> tuple[Array, Array]:
    """log L [count] and r [4, count] at so many fine steps of tau from number `first`; rows of one matrix share them."""
    blocks = range(first // BLOCK, (first + count - 1) // BLOCK + 1)
    tables = [_block(law, each) for each in blocks]
    here = slice(first - blocks[0] * BLOCK, first - blocks[0] * BLOCK + count)
    return np.concatenate([each.log_l for each in tables])[here], np.concatenate([each.r for each in tables], axis=1)[:, here]


@lru_cache(maxsize=128)
def _block(law: Additive | Dropping, number: int) -> Transform:
    """BLOCK steps of the table."""
    places = nodes(law)
    return transform(places, -places.ends[1] - BEGIN + FINE * (BLOCK * number + np.arange(BLOCK)), 4)


def cumulants(r: Array) -> Array:
    """The first four from the first four moments, [4, M]."""
    r1, r2, r3, r4 = r
    second = r2 - r1**2
    fourth = r4 - 4 * r3 * r1 - 3 * r2**2 + 12 * r2 * r1**2 - 6 * r1**4
    return np.array([r1, second, r3 - 3 * r2 * r1 + 2 * r1**3, fourth])


@dataclass(frozen=True, eq=False)
class Grid:
    """Places log p_i on even steps; a token's share goes to the six steps around it, as interpolation takes it."""

    first: int  # step of the first column, in FINE
    left: Array  # [n] the step below each token, counted from the first
    stencil: Array  # [6, n]

    @classmethod
    def of(cls, places: Array) -> "Grid":
        below = np.floor(places / FINE)
        x = places / FINE - below
        stencil = np.array([_lagrange(x, k) for k in AROUND])
        first = int(below.min()) + AROUND[0]
        return cls(first, below.astype(int) + AROUND[0] - first, stencil)

    @property
    def width(self) -> int:
        return int(self.left.max()) + len(AROUND)

    def swept(self, function: Array, weight: Array) -> Array:
        """sum_i weight_i f(tau + log p_i) at every EVERY-th step of a table of f, [M]."""
        rows = (np.bincount(self.left + k, row * weight, self.width) for k, row in enumerate(self.stencil))
        column = sum(rows, start=np.zeros(self.width))
        return sliding_window_view(function, self.width)[:-1:EVERY] @ column


def _lagrange(x: Array, k: int) -> Array:
    """Of the polynomials through AROUND the one that is 1 at step k."""
    return np.prod([(x - j) / (k - j) for j in AROUND if j != k], axis=0)

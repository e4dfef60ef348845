"""What independent logits hold in expectation, exactly, at every n: entropy, sum p^2, and the size of softmax's Jacobian.

With Z = sum_i e^(s_i), L(t) = E exp(-t e^s) and r_k = t^k E[e^(ks) exp(-t e^s)] / L, all over tau = log t:
    E log Z       = int (exp(-e^tau) - L^n) dtau        E sum p^k = n int L^n r_k dtau / Gamma(k)
    E H           = E log Z - E sum p s                 E sum p s = n int L^n r_1' dtau
For Gaussian logits of deviation sigma, F(sigma) = E log Z gives E H = F - sigma F' and E sum p^2 = 1 - F' / sigma.
The freezing point sqrt(2 log n): Derrida, Physical Review B 24 (1981) 2613, the random energy model.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.attention.laws import Gaussian
from core.attention.quadrature import Nodes, line, nodes, transform

Array = np.ndarray
STEP = 0.5  # of log t: the rule's error is e^(-pi^2 / STEP)
BEGIN, END = 20.0, 4.0
MOST = 100_000  # tokens
FURTHEST = 8.0  # deviations of a Gaussian that are integrated over
NARROW = 2.0  # widest Gaussian that is integrated over its own quantiles
LEGENDRE = 96  # nodes on a uniform law
SQRT3 = 3**0.5  # half width of uniform logits of variance 1


@dataclass(frozen=True)
class Held:
    """Expectations over independent logits, entropies in nats."""

    entropy: float  # E H
    concentration: float  # E sum p^2
    jacobian_square: float  # E of the squared Frobenius norm of diag(p) - p p^T
    log_z: float  # E log Z

    @property
    def jacobian_trace(self) -> float:
        """E tr(diag(p) - p p^T) = 1 - E sum p^2."""
        return 1 - self.concentration


@lru_cache(maxsize=4096)
def held(shape: str, spread: float, n: int) -> Held:
    """n <= MOST logits of deviation `spread`, of the shape "gaussian" or "uniform"."""
    table = tabled(shape, spread)
    chance = STEP * np.exp(n * table.log_l)
    _, r2, r3, r4 = table.r
    third, fourth = n * (chance @ r3) / 2, n * (chance @ r4) / 6
    pairs = fourth + n * (n - 1) * (chance @ r2**2) / 6  # E (sum p^2)^2
    concentration = float(n * (chance @ r2))
    log_z = float((STEP * np.exp(-np.exp(table.tau)) - chance).sum())
    entropy = max(log_z - n * float(chance @ table.logit), 0.0)
    return Held(entropy, concentration, float(concentration - 2 * third + pairs), log_z)


@dataclass(frozen=True, eq=False)
class Table:
    """Of one logit at every tau."""

    tau: Array  # [M]
    log_l: Array  # [M]
    r: Array  # [4, M]
    logit: Array  # [M] r_1'


@lru_cache(maxsize=512)
def tabled(shape: str, spread: float) -> Table:
    """One table serves every n up to MOST, so that moving n costs powers alone."""
    reach = FURTHEST * spread if shape == "gaussian" else SQRT3 * spread
    tau = line(-reach - math.log(MOST) - BEGIN, reach + END, STEP)
    return wide_gaussian(spread, tau) if shape == "gaussian" and spread > NARROW else narrow(shape, spread, tau)


def narrow(shape: str, spread: float, tau: Array) -> Table:
    """By quadrature over the law of the logit."""
    law = nodes(Gaussian(strength=min(spread, NARROW))) if shape == "gaussian" else _uniform(spread)
    known = transform(law, tau, 4)
    tw = np.exp(np.minimum(tau[:, None] + law.eps, 300))
    share = law.weight * np.exp(-tw - known.log_l[:, None])
    return Table(tau, known.log_l, known.r, (share * tw) @ law.eps)


def _uniform(spread: float) -> Nodes:
    """Gauss-Legendre on the whole interval."""
    places, weight = _legendre()
    return Nodes(places * SQRT3 * spread, weight / 2)


@lru_cache(maxsize=1)
def _legendre() -> tuple[Array, Array]:
    """Nodes and weights on [-1, 1]; they are eigenvalues."""
    return np.polynomial.legendre.leggauss(LEGENDRE)


def wide_gaussian(spread: float, tau: Array) -> Table:
    """By quadrature over x = tau + s, where e^(-e^x) falls however wide the law is; L = P(s < log Exp(1) - tau)."""
    from scipy.special import ndtr  # noqa: PLC0415  the page opens without scipy

    x = line(-40.0, END, STEP / 2)
    falls = STEP / 2 * np.exp(x - np.exp(x))
    s = x - tau[:, None]
    log_l = np.log(np.maximum(ndtr(s / spread) @ (falls / falls.sum()), np.finfo(float).tiny))
    density = np.exp(-((s / spread) ** 2) / 2 - log_l[:, None]) * (falls / (spread * math.sqrt(2 * math.pi)))
    rows = density @ np.exp(np.outer(x, np.arange(4)))
    return Table(tau, log_l, rows.T, (density * s).sum(1))


def cumulant_entropy(shape: str, spread: float, n: int) -> float:
    """log n - [K'(1) - K(1)], K the cumulant generating function of the logits: right where many tokens share the weight."""
    if shape == "gaussian":
        return math.log(n) - spread**2 / 2
    a = spread * SQRT3
    return math.log(n) + (math.log(math.sinh(a) / a) - (a / math.tanh(a) - 1) if a > 1e-3 else -(a**2) / 6)


def cumulant_concentration(shape: str, spread: float, n: int) -> float:
    """E sum p^2 ~ e^(K(2) - 2 K(1)) / n."""
    if shape == "gaussian":
        return math.exp(spread**2) / n
    a = spread * SQRT3
    return (a / math.tanh(a) if a > 1e-3 else 1 + a**2 / 3) / n


def freezing_spread(n: int) -> float:
    """sqrt(2 log n): beyond it a few of n Gaussian logits hold all the weight."""
    return math.sqrt(2 * math.log(n))


@lru_cache(maxsize=1024)
def spread_for(entropy: float, n: int) -> float:
    """The deviation at which n Gaussian logits have this expected entropy in nats, by bisection; entropy in (0, log n)."""
    low, high = 0.0, 2 * freezing_spread(n) + 2 / entropy
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if held("gaussian", middle, n).entropy > entropy else (low, middle)
    return (low + high) / 2

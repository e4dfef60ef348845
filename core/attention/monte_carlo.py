"""Noisy attention, drawn many times, with a band that is narrow because what is known exactly is taken off.

A weight's bounded part h(w) = w / (1 + kappa w / E w), kappa = sum p^2, saturates as softmax does. With a = h / E h - 1,
N = sum p a u and D = sum p a, the means of N, N D, N D^2 and of |N|^2, D|N|^2, D^2 |N|^2 follow from moments of h, which are
integrals over one logit: they are the control variates. Their coefficients come from the other half of the draws, so that no
bias is added. All strengths and all kinds of attention share one stream of random numbers.
"""

import math
from dataclasses import dataclass

import numpy as np

from core.attention.laws import Additive, Dropping, DropRenormalised, Noise, Rounding
from core.attention.quadrature import Nodes, nodes
from core.attention.rounding import rounding_errors

Array = np.ndarray
WORK, FEWEST, MOST = 2**18, 96, 2048  # random numbers at a time; draws
NEAR, EVEN = 0.05, 1.0  # the controls are used where Var D and the kurtosis of D, over all tokens, are at most these


@dataclass(frozen=True, eq=False)
class Sample:
    """R draws of noise and of the noisy weights."""

    eps: Array  # [R, n] float32
    raised: Array  # [R, n] float32, p e^eps up to a factor of the row; normalised in `weights`
    total: Array  # [R] float32

    def weights(self, rows: slice, tokens: Array | slice = slice(None)) -> Array:
        """Noisy weights of some draws and tokens, [rows, tokens]."""
        return self.raised[rows][:, tokens] / self.total[rows, None]


def draws_for(n: int) -> int:
    """As many as a live event affords."""
    return min(max(WORK // n, FEWEST), MOST)


def sample(law: Noise, s: Array, rng: np.random.Generator, draws: int) -> Sample:
    """Noise on logits s [n] and what it makes of the weights."""
    if isinstance(law, Rounding):
        eps = rounding_errors(law, s, rng, draws).astype(np.float32)
    else:
        eps = law.draw(rng, (draws, len(s)))
    shaken = eps + s.astype(np.float32)
    if isinstance(law, DropRenormalised):
        shaken[np.isneginf(shaken).all(1)] = s  # a finite mask on every token is none
    if isinstance(law, Dropping) and not isinstance(law, DropRenormalised):
        raised = np.exp(shaken - np.float32(s.max()))
        total = np.full(draws, (1 - law.share) * np.exp(s - s.max()).sum(), np.float32)
        return Sample(eps, raised, total)
    top = shaken.max(1, keepdims=True)
    raised = np.exp(np.subtract(shaken, top, out=shaken), out=shaken)
    return Sample(eps, raised, raised.sum(1))


def errors(drawn: Sample, law: Noise, u: Array, o: Array) -> Array:
    """[R, 2] õ - o of every draw, value units; u [n, 2] values less the output, o [2] the output."""
    first = (drawn.raised @ u.astype(np.float32)) / drawn.total[:, None]
    if isinstance(law, Dropping) and not isinstance(law, DropRenormalised):
        return first + o * (drawn.raised.sum(1) / drawn.total - 1)[:, None]
    return first.astype(float)


@dataclass(frozen=True, eq=False)
class Controlled:
    """Per draw, with the known parts taken off: the mean of each is the estimate."""

    squared: Array  # [R] |õ - o|^2
    shift: Array  # [R, 2] õ - o
    helped: bool  # whether anything was taken off


def controlled(error: Array, drawn: Sample, law: Noise, p: Array, u: Array) -> Controlled:
    """Draws whose means are the same and whose spread is less.

    Left as they are: laws without independent weights, and noise so strong that N / (1 + D) is not near its expansion.
    """
    square = (error**2).sum(1)
    if not isinstance(law, Additive | DropRenormalised) or len(p) == 1:
        return Controlled(square, error, helped=False)
    places = nodes(law)
    bounded = Bounded.of(law, places, p)
    if not bounded.tames(p):
        return Controlled(square, error, helped=False)
    a = bounded.deviations(drawn.eps)
    parts = a @ np.column_stack([p[:, None] * u, p]).astype(np.float32)
    n, d = parts[:, :2].astype(float), parts[:, 2].astype(float)
    m2, m3, m4 = bounded.moments
    norm = (u**2).sum(1)
    length = (n**2).sum(1)
    known_squares = [
        (length, m2 * (p**2 @ norm)),
        (d * length, m3 * (p**3 @ norm)),
        (d**2 * length, _fourth(m2, m4, p, u, norm)),
    ]
    shift = [
        _less_known(
            error[:, k], [(n[:, k], 0.0), (d * n[:, k], m2 * (p**2 @ u[:, k])), (d**2 * n[:, k], m3 * (p**3 @ u[:, k]))]
        )
        for k in range(2)
    ]
    return Controlled(_less_known(square, known_squares), np.column_stack(shift), helped=True)


def _fourth(m2: float, m4: float, p: Array, u: Array, norm: Array) -> float:
    """E D^2 |N|^2 of independent a with these moments."""
    pairs = (p**2).sum() * (p**2 @ norm) + 2 * ((p**2 @ u) ** 2).sum()
    return float(m2**2 * pairs + (m4 - 3 * m2**2) * (p**4 @ norm))


@dataclass(frozen=True)
class Bounded:
    """h(w) = w / (1 + kappa w) of w = e^(eps - centre), and the central moments of h / E h."""

    centre: float
    kappa: float
    mean: float
    moments: tuple[float, float, float]  # second, third, fourth

    @classmethod
    def of(cls, law: Additive | DropRenormalised, places: Nodes, p: Array) -> "Bounded":
        level = law.log_moment(1)
        centre = level if math.isfinite(level) else 0.0
        kappa = float((p**2).sum())
        h = _saturated(places.eps - centre, kappa)
        mean = float(places.weight @ h)
        a = h / mean - 1
        second, third, fourth = (float(places.weight @ a**k) for k in (2, 3, 4))
        return cls(centre, kappa, mean, (second, third, fourth))

    def tames(self, p: Array) -> bool:
        """Whether many tokens share the noise, so that few draws tell the coefficients."""
        second, _, fourth = self.moments
        variance = second * float((p**2).sum())
        return 0 < variance <= NEAR and fourth * float((p**4).sum()) <= EVEN * variance**2

    def deviations(self, eps: Array) -> Array:
        """a of every draw and token, float32."""
        h = _saturated(eps - np.float32(self.centre), self.kappa)
        h *= np.float32(1 / self.mean)
        h -= np.float32(1)
        return h


def _saturated(eps: Array, kappa: float) -> Array:
    """1 / (e^-eps + kappa), which holds at both ends."""
    with np.errstate(over="ignore"):
        return 1 / (np.exp(-eps) + kappa)


def _less_known(values: Array, controls: list[tuple[Array, float]]) -> Array:
    """Values [R] less the part that the controls (draws, their exact mean) explain, each half by the other's regression."""
    away = np.column_stack([draws - mean for draws, mean in controls])
    size = np.abs(away).max(0)
    away = away / np.where(size > 0, size, 1.0)
    result = np.empty_like(values)
    for half in (slice(0, None, 2), slice(1, None, 2)):
        other = slice(1 - half.start, None, 2)
        centred = away[other] - away[other].mean(0)
        coefficients = np.linalg.lstsq(centred, values[other] - values[other].mean(), rcond=1e-10)[0]
        result[half] = values[half] - away[half] @ coefficients
    return result

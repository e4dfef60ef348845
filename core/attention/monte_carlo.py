"""Noisy attention, drawn many times, with a band that is narrow because what is known exactly is taken off.

Were all other weights at their mean, token i alone would move the output by p_i u_i (h_i - E h_i), where the weight it gets,
p_i h_i = p_i w / (1 - p_i + p_i w), w = e^eps / E e^eps, saturates at 1. N, their sum (the Hajek projection), has mean 0, and
|N|^2 has the mean sum p_i^2 Var(h_i) |u_i|^2, an integral over one logit: both are control variates with coefficient 1,
so nothing is fitted and no bias is added. All strengths and all kinds of attention share one stream of random numbers.
"""

from dataclasses import dataclass

import numpy as np

from core.attention.laws import Additive, Dropping, DropRenormalised, Noise, Rounding
from core.attention.quadrature import nodes
from core.attention.rounding import rounding_errors

Array = np.ndarray
WORK, FEWEST, MOST = 2**18, 96, 2048  # random numbers at a time; draws
TAMEST = 1.25  # tail below which rare draws carry so much that the controls mislead
LARGEST = 80.0  # logits: e^80 is still a float32
CELLS = 256  # of a table over log p


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
    """Draws whose means are the same and whose spread is less; left as they are where w is not independent or has no mean."""
    square = (error**2).sum(1)
    if not isinstance(law, Additive | DropRenormalised) or law.tail() < TAMEST or len(p) == 1:
        return Controlled(square, error, helped=False)
    mean, variance = saturated_moments(law, p)
    centre = np.float32(law.log_moment(1))
    parts = saturated(drawn.eps - centre, p.astype(np.float32)) @ (p[:, None] * u).astype(np.float32)
    projected = parts - (p * mean) @ u
    known = (p**2 * variance) @ (u**2).sum(1)
    return Controlled(square - ((projected**2).sum(1) - known), error - projected, helped=True)


def saturated(eps: Array, p: Array) -> Array:
    """h = w / (1 - p + p w) of w = e^eps, in a form that holds at both ends."""
    h = np.exp(np.minimum(-eps, LARGEST))
    h *= 1 - p
    h += p
    return np.divide(1, h, out=h)


def saturated_moments(law: Additive | DropRenormalised, p: Array) -> tuple[Array, Array]:
    """E h and Var h of every token, [n] each: from a table over log p where there are many."""
    kept = np.log(np.maximum(p, np.finfo(float).tiny))
    at = np.linspace(kept.min(), kept.max(), CELLS) if len(p) > CELLS else np.sort(kept)
    places = nodes(law)
    h = saturated(np.tile(places.eps - law.log_moment(1), (len(at), 1)), np.exp(at)[:, None])
    mean = h @ places.weight
    variance = ((h - mean[:, None]) ** 2) @ places.weight
    return np.interp(kept, at, mean), np.interp(kept, at, variance)

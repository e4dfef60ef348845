"""One row of attention: what it holds, and what noise on its logits does to it, in theory and measured."""

from dataclasses import dataclass

import numpy as np

from core.attention.exact import exact_weights
from core.attention.laws import Drop, Dropping, DropRenormalised, Noise, Rounding, squared_variation
from core.attention.logits import softmax
from core.attention.monte_carlo import sample
from core.attention.rounding import rounding_variation
from core.attention.spread import held

Array = np.ndarray

WORK, FEWEST, MOST = 2**15, 32, 512  # random numbers a row; draws
SINGLE = 1e-6  # error that single precision makes of none
FINE = 0.05  # of a spread: the tables of theory are kept by it


@dataclass(frozen=True)
class Row:
    """Entropies in nats; errors are the root mean square of the output's, for independent values of variance 1."""

    tokens: int
    entropy: float
    entropy_theory: float  # E H of as many independent Gaussian logits of the same spread
    support: float  # 1 / sum p^2
    largest: float  # weight
    largest_at: int  # its column, from 0
    spread: float  # standard deviation of the logits
    gradient: float  # Frobenius norm of diag(p) - p p^T
    error: float
    error_stderr: float
    error_exact: float | None  # at this n; None where it is not known
    error_leading: float | None  # to second order; None where Var e^eps is infinite


def row(s: Array, law: Noise, rng: np.random.Generator) -> Row:
    """Of logits [n], -inf for a token that may not be attended to."""
    seen = np.flatnonzero(np.isfinite(s))
    kept = s[seen]
    p = softmax(kept)
    square, at = float((p**2).sum()), int(p.argmax())
    spread = float(kept.std())
    logs = np.log(np.maximum(p, np.finfo(float).tiny))
    measured, stderr = measured_error(kept, p, law, rng)
    return Row(
        tokens=len(kept),
        entropy=abs(float(p @ logs)),
        entropy_theory=gaussian_entropy(spread, len(kept)),
        support=1 / square,
        largest=float(p[at]),
        largest_at=int(seen[at]),
        spread=spread,
        gradient=max(square - 2 * float((p**3).sum()) + square**2, 0.0) ** 0.5,
        error=measured,
        error_stderr=stderr,
        error_exact=exact_error(kept, p, law),
        error_leading=leading_error(kept, p, law),
    )


def gaussian_entropy(spread: float, n: int) -> float:
    """E H of n independent Gaussian logits, linear between spreads that are tabled; the error is below 1e-3 nats."""
    if n == 1:
        return 0.0
    below = int(spread / FINE)
    left, right = (held("gaussian", FINE * each, n).entropy for each in (below, below + 1))
    return left + (right - left) * (spread / FINE - below)


def measured_error(s: Array, p: Array, law: Noise, rng: np.random.Generator) -> tuple[float, float]:
    """Root of the mean over the draws of sum_i (p~_i - p_i)^2, and its standard error."""
    drawn = sample(law, s, rng, draws_for(len(s)))
    squares = ((drawn.weights(slice(None)) - p) ** 2).sum(1).astype(float)
    mean = float(squares.mean())
    if mean < SINGLE**2:
        return 0.0, SINGLE
    return mean**0.5, float(squares.std(ddof=1)) / len(squares) ** 0.5 / (2 * mean**0.5) + SINGLE


def draws_for(n: int) -> int:
    """As many as a table of many rows affords."""
    return min(max(WORK // n, FEWEST), MOST)


def exact_error(s: Array, p: Array, law: Noise) -> float | None:
    """At this n; of weights that are dropped and not normalised again in closed form, of rounding not known."""
    if isinstance(law, Rounding):
        return None
    if isinstance(law, Drop):
        return leading_error(s, p, law)
    square = exact_weights(law, p)
    return None if square is None else square**0.5


def leading_error(s: Array, p: Array, law: Noise) -> float | None:
    """c |diag(p) - p p^T|_F, the delta method; of rounding every logit has a c of its own."""
    if isinstance(law, Dropping) and not isinstance(law, DropRenormalised):
        return (law.share / (1 - law.share) * float((p**2).sum())) ** 0.5
    c2 = rounding_variation(law, s) if isinstance(law, Rounding) else squared_variation(law)
    if not np.all(np.isfinite(c2)):
        return None
    return max(float((c2 * p**2 * (1 - 2 * p + (p**2).sum())).sum()), 0.0) ** 0.5

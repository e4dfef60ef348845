"""Other kinds of attention under the same noise: o = sum_i g(s_i) v_i, not always normalised.

linear: g = s / n. relu: g = max(s, 0) / n, arXiv:2309.08586. sigmoid: g = sigmoid(s - log n), arXiv:2409.04431. hard_max: all
on the largest logit. Errors are measured in units of what the noisy weights add up to, sum |g|: for softmax that is 1.
"""

from collections.abc import Callable

import numpy as np

from core.attention.laws import Additive, Drop, Dropping, DropRenormalised, Gumbel, Noise, Rounding, StudentT
from core.attention.logits import VALUE_RMS, softmax
from core.attention.monte_carlo import Sample
from core.attention.quadrature import nodes

Array = np.ndarray
OTHERS = ("linear", "relu", "sigmoid", "hard_max")
CELLS = 256  # of a table over the logits
NOTHING = 1e-12  # a sum of weights, or an error, that is rounding alone


def linear(x: Array) -> Array:
    return x


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def shifted_sigmoid(n: int) -> Callable[[Array], Array]:
    """n sigmoid(s - log n): with the 1 / n of every sum, sigmoid attention."""

    def weight(x: Array) -> Array:
        return n / (1 + n * np.exp(np.minimum(-x, 80)))

    return weight


def functions(n: int) -> dict[str, Callable[[Array], Array]]:
    """n g(s) of the kinds whose weights do not depend on each other."""
    return {"linear": linear, "relu": relu, "sigmoid": shifted_sigmoid(n)}


def measured(drawn: Sample, law: Noise, s: Array, v: Array) -> Array:
    """[4, 3]: relative root mean square error, its standard error, and the sum of the noisy weights, of OTHERS in order."""
    n, shaken, values = len(s), drawn.eps + s.astype(np.float32), v.astype(np.float32)
    kept = np.exp(drawn.eps) / np.float32(1 - law.share) if isinstance(law, Dropping) else None
    rows = []
    for weight in functions(n).values():
        g = weight(shaken) if kept is None else kept * weight(s.astype(np.float32))
        rows.append(_relative((g @ values) / n - (weight(s) @ v) / n, float(np.abs(g).mean())))
    rows.append(_relative(_hard(drawn, law, s, shaken, kept, v) - v[s.argmax()], 1.0))
    return np.array(rows)


def _hard(drawn: Sample, law: Noise, s: Array, shaken: Array, kept: Array | None, v: Array) -> Array:
    if isinstance(law, Drop) and kept is not None:
        return kept[:, s.argmax(), None] * v[s.argmax()]
    winner = drawn.raised.argmax(1) if isinstance(law, DropRenormalised) else shaken.argmax(1)
    return v[winner]


def _relative(error: Array, total: float) -> tuple[float, float, float]:
    squares = (error.astype(float) ** 2).sum(1)
    mean = float(squares.mean())
    if total < NOTHING or mean < NOTHING**2:
        return 0.0, 0.0, 0.0 if total < NOTHING else total
    root = mean**0.5
    unit = total * VALUE_RMS
    return root / unit, float(squares.std(ddof=1)) / len(squares) ** 0.5 / (2 * root) / unit, total


def theory(law: Noise, s: Array, v: Array, totals: Array) -> list[float | None]:
    """Relative root mean square errors of OTHERS where they are known exactly; totals [4] as measured."""
    mean_squares = [*_independent(law, s, v), _hard_theory(law, s, v)]
    return [
        None if square is None or not total else square**0.5 / (float(total) * VALUE_RMS)
        for square, total in zip(mean_squares, totals, strict=True)
    ]


def _independent(law: Noise, s: Array, v: Array) -> list[float | None]:
    """Where every weight has noise of its own: bias and variance add up token by token."""
    if isinstance(law, Rounding):
        return [None] * 3
    n, length = len(s), (v**2).sum(1)
    found: list[float | None] = []
    for name, weight in functions(n).items():
        g = weight(s)
        if isinstance(law, Dropping):
            found.append(float((g / n) ** 2 @ length) * law.share / (1 - law.share))
        elif isinstance(law, StudentT) and not law.is_silent and name != "sigmoid":
            found.append(None)  # the mean square of nu <= 2 does not exist, and above it converges slowly
        else:
            mean, variance = _two_moments(weight, law, s)
            found.append(float((((mean - g) @ v / n) ** 2).sum() + variance @ length / n**2))
    return found


def _two_moments(weight: Callable[[Array], Array], law: Additive, s: Array) -> tuple[Array, Array]:
    """E g and Var g at every logit [n], from a table over their range."""
    places = nodes(law)
    at = np.linspace(s.min(), s.max() + 1e-9, min(CELLS, 2 * len(s)))
    g = weight(at[:, None] + places.eps)
    mean = g @ places.weight
    return np.interp(s, at, mean), np.interp(s, at, np.maximum((g**2) @ places.weight - mean**2, 0))


def _hard_theory(law: Noise, s: Array, v: Array) -> float | None:
    """Gumbel noise makes the largest logit a draw from softmax(s / beta); a dropped winner hands over to the next."""
    top = v[s.argmax()]
    away = ((v - top) ** 2).sum(1)
    if isinstance(law, Gumbel) and not law.is_silent:
        return float(softmax(s / law.strength) @ away)
    if isinstance(law, Drop):
        return float((top**2).sum()) * law.share / (1 - law.share)
    if isinstance(law, DropRenormalised):
        order = np.argsort(-s, kind="stable")
        chance = (1 - law.share) * law.share ** np.arange(len(s))
        return float(chance @ away[order])
    return 0.0 if isinstance(law, Additive) and law.is_silent else None

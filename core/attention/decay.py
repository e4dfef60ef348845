"""The error of noisy attention against the number of tokens: the companion of the experiment attention_noise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.attention.exact import exact
from core.attention.laws import Drop, Rounding, predicted_slope
from core.attention.logits import VALUE_RMS, Logits, OwnLogits, softmax, values
from core.attention.monte_carlo import controlled, errors, sample
from core.attention.noise import Params, Query, exact_drop, leading, query, root_mean
from core.result import Result

Array = np.ndarray
SIZES = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4000)
QUERIES = 16  # over which every size is averaged
WORK, FEWEST, MOST = 2**16, 32, 512  # random numbers for a query; draws
NOTHING = 1e-6  # below it an error is one of float32


@dataclass(frozen=True, eq=False)
class DecayResult(Result):
    """S sizes, as many as are done. Relative root mean square errors, over the root mean square length of a value."""

    tokens: Array  # [S]
    measured: Array  # [S]
    stderr: Array  # [S]
    exact: Array  # [S], or [0] where there is no exact theory
    leading: Array  # [S] to second order, or [0] where Var e^eps is infinite
    slope: float  # predicted exponent of n

    def metrics(self) -> dict[str, float]:
        """Exponent of n over the upper half of the sizes, measured and predicted."""
        found = {"slope_theory": self.slope}
        upper = slice(len(self.tokens) // 2, None)
        if len(self.tokens) > 3 and (self.measured[upper] > NOTHING).all():
            found |= {"slope": float(np.polyfit(np.log(self.tokens[upper]), np.log(self.measured[upper]), 1)[0])}
        return found


def decay(p: Params) -> Iterator[tuple[float, DecayResult]]:
    """(share done, what is known so far), one size more each time; own logits are repeated."""
    sizes = _sizes(p.logits)
    rows: list[tuple[float, float, float | None, float | None]] = []
    for n in sizes:
        rows.append(_at(p, n))
        yield len(rows) / len(sizes), _result(p, sizes[: len(rows)], rows)


def _sizes(which: Logits) -> list[int]:
    if not isinstance(which, OwnLogits):
        return list(SIZES)
    own = len(which.own_logits)
    return [own * 2**k for k in range(12) if own * 2**k <= SIZES[-1]]


def _at(p: Params, n: int) -> tuple[float, float, float | None, float | None]:
    """Measured error, its standard error, exact error, error to second order, averaged over queries of n tokens."""
    squares, exacts, leads = [], [], []
    for row in range(QUERIES):
        q = _query(p, n, np.random.default_rng([p.seed, n, row]))
        squares.append(_squares(p, q, np.random.default_rng([p.seed, n, row, 1])))
        exacts.append(_exact(p, q))
        to_second = leading(p.noise, q)
        leads.append(None if to_second is None else to_second.variance)
    error, stderr = root_mean(np.concatenate(squares))
    return error / VALUE_RMS, stderr / VALUE_RMS, _mean_root(exacts), _mean_root(leads)


def _query(p: Params, n: int, rng: np.random.Generator) -> Query:
    if not isinstance(p.logits, OwnLogits):
        return query(p.logits.model_copy(update={"tokens": n}), p.alignment, rng)
    s = np.tile(p.logits.own_logits, n // len(p.logits.own_logits))
    v, weights = values(s, p.alignment, rng), softmax(s)
    return Query(s, v, weights, weights @ v)


def _squares(p: Params, q: Query, rng: np.random.Generator) -> Array:
    drawn = sample(p.noise, q.s, rng, min(max(WORK // len(q.s), FEWEST), MOST))
    return controlled(errors(drawn, p.noise, q.u, q.o), drawn, p.noise, q.p, q.u).squared


def _exact(p: Params, q: Query) -> float | None:
    if isinstance(p.noise, Drop):
        return exact_drop(p.noise, q)["error"] ** 2
    found = None if isinstance(p.noise, Rounding) else exact(p.noise, q.p, q.u)
    return None if found is None else max(found.mean_square, 0.0)


def _mean_root(squares: list[float | None]) -> float | None:
    """None where one is not known."""
    known = [square for square in squares if square is not None]
    return float(np.mean(known)) ** 0.5 / VALUE_RMS if len(known) == len(squares) else None


def _result(p: Params, sizes: list[int], rows: list[tuple[float, float, float | None, float | None]]) -> DecayResult:
    measured, stderr, exacts, leads = zip(*rows, strict=True)
    return DecayResult(
        np.array(sizes, float), np.array(measured), np.array(stderr), _known(exacts), _known(leads), predicted_slope(p.noise)
    )


def _known(values: tuple[float | None, ...]) -> Array:
    """Nothing at all where there is no theory."""
    return np.array([value for value in values if value is not None])

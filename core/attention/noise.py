"""Experiment attention_noise: every logit is shaken; how far the output moves, exactly, to second order and measured."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from core.attention import mechanisms
from core.attention.exact import Moments, exact
from core.attention.laws import Drop, Dropping, DropRenormalised, Gaussian, Noise, Rounding, predicted_slope, squared_variation
from core.attention.logits import VALUE_RMS, GaussianLogits, Logits, logits, softmax, values
from core.attention.monte_carlo import Controlled, Sample, controlled, draws_for, errors, sample
from core.attention.rounding import rounding_variation
from core.attention.second_order import SecondOrder, second_order
from core.parameters import Parameters, seed, slider, variant
from core.result import Result

Array = np.ndarray
FRAMES, SHOWN = 20, 240  # draws that are played, and tokens that are drawn
RESOLUTION = 5e-4  # of an error: sums are float32, and coefficients of controls are estimates
CLOUD = 200  # outputs that are drawn as dots


class Params(Parameters):
    """Of /attention_noise."""

    logits: Logits = variant(GaussianLogits(), "logits of the query before any noise")
    noise: Noise = variant(Gaussian(), "law of the noise that is added to every logit")
    alignment: float = slider(
        0.7, 0.0, 1.0, 0.05, doc="correlation of a value's first coordinate with its logit; at 0 values know nothing of logits"
    )
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class NoiseResult(Result):
    """n tokens, R draws of the noise, F of them played. Values have variance 1 a coordinate; errors are in that unit."""

    logits: Array  # [n]
    values: Array  # [n, 2]
    weights: Array  # [n] softmax of the logits
    output: Array  # [2] without noise
    shown: Array  # [k] indices of the tokens that are drawn
    shaken: Array  # [F, k] float32, their noisy weights
    outputs: Array  # [F or more, 2] float32, noisy outputs; the first F are those of `shaken`
    squared: Array  # [R] |õ - o|^2 of each draw, less what is known exactly
    shift: Array  # [R, 2] õ - o likewise
    known_variance: float  # of |õ - o|^2 where `squared` has nothing taken off and theory is exact, else 0
    concentration: float  # mean of sum p~^2 over the draws
    others: Array  # [4, 3] relative error, its standard error, sum of the weights, of mechanisms.OTHERS
    others_theory: list[float | None]  # [4] relative error where it is known exactly
    exact: dict[str, float]  # error, bias, deviation, concentration; empty where there is no exact theory
    leading: dict[str, float]  # error, bias to second order; empty where Var e^eps is infinite
    slope: float  # predicted exponent of the number of tokens

    def metrics(self) -> dict[str, float]:
        """Errors in value units; relative_error over the root mean square length of a value."""
        error, stderr = root_mean(self.squared, self.known_variance)
        bias, bias_stderr = length_of_mean(self.shift)
        theory = self.exact or self.leading
        found = {"relative_error": error / VALUE_RMS, "monte_carlo_error": error, "monte_carlo_stderr": stderr}
        found |= {"theory_error": theory["error"]} if theory else {}
        found |= {"second_order_error": self.leading["error"]} if self.leading else {}
        found |= {"bias": bias} | ({"bias_theory": theory["bias"]} if theory else {}) | {"bias_stderr": bias_stderr}
        found |= {"effective_support": float(1 / (self.weights**2).sum()), "noisy_support": 1 / self.concentration}
        return found | {"predicted_slope": self.slope}


def root_mean(squares: Array, known_variance: float = 0.0) -> tuple[float, float]:
    """Root of the mean of squares [R], never below 0, and its standard error, never below RESOLUTION of it.

    known_variance: exact one of the squares; where rare draws carry it, a sample without them shows too little.
    """
    mean, variance = float(squares.mean()), max(float(squares.var(ddof=1)), known_variance)
    root = max(mean, 0.0) ** 0.5
    stderr = (variance / len(squares)) ** 0.5 / (2 * root) if root else 0.0
    return root, float(np.hypot(stderr, RESOLUTION * root))


def length_of_mean(shift: Array) -> tuple[float, float]:
    """Length of the mean of [R, 2], and the standard error of a mean in the direction of largest spread."""
    spread = np.linalg.eigvalsh(np.cov(shift.T))[-1]
    return float(np.hypot(*shift.mean(0))), float(max(spread, 0.0) / len(shift)) ** 0.5


@dataclass(frozen=True, eq=False)
class Query:
    """One query with its tokens, before noise."""

    s: Array  # [n] logits
    v: Array  # [n, 2] values
    p: Array  # [n] weights
    o: Array  # [2] output

    @property
    def u(self) -> Array:
        """[n, 2] values seen from the output."""
        return self.v - self.o


def query(which: Logits, alignment: float, rng: np.random.Generator) -> Query:
    """Logits of the law, values that agree with them as far as asked."""
    s = logits(which, rng)
    v = values(s, alignment, rng)
    p = softmax(s)
    return Query(s, v, p, p @ v)


def compute(p: Params) -> NoiseResult:
    """Everything random follows from p.seed; logits, values and noise have streams of their own."""
    asked, noise = (np.random.default_rng([p.seed, stream]) for stream in (0, 1))
    q = query(p.logits, p.alignment, asked)
    drawn = sample(p.noise, q.s, noise, draws_for(len(q.s)))
    error = errors(drawn, p.noise, q.u, q.o)
    known = controlled(error, drawn, p.noise, q.p, q.u)
    return _result(p, q, drawn, error, known)


def _result(p: Params, q: Query, drawn: Sample, error: Array, known: Controlled) -> NoiseResult:
    weights = partial(drawn.weights, slice(0, FRAMES))
    shown = np.sort(np.argsort(-weights().max(0), kind="stable")[:SHOWN])
    moments = None if isinstance(p.noise, Rounding | Drop) else exact(p.noise, q.p, q.u)
    others = mechanisms.measured(drawn, p.noise, q.s, q.v)
    return NoiseResult(
        logits=q.s,
        values=q.v,
        weights=q.p,
        output=q.o,
        shown=shown,
        shaken=weights(shown),
        outputs=(q.o + error[:CLOUD]).astype(np.float32),
        squared=known.squared,
        shift=known.shift,
        known_variance=0.0 if moments is None or known.helped else max(moments.fourth - moments.mean_square**2, 0.0),
        concentration=float(((drawn.raised**2).sum(1) / drawn.total**2).mean()),
        others=others,
        others_theory=mechanisms.theory(p.noise, q.s, q.v, others[:, 2]),
        exact=exact_drop(p.noise, q) if isinstance(p.noise, Drop) else _named(moments),
        leading=leading_theory(p.noise, q),
        slope=predicted_slope(p.noise),
    )


def exact_drop(law: Drop, q: Query) -> dict[str, float]:
    """Weights that are not normalised again are independent: no bias, and one variance a token."""
    error = (law.share / (1 - law.share) * float(q.p**2 @ (q.v**2).sum(1))) ** 0.5
    return {"error": error, "bias": 0.0, "deviation": error}


def _named(found: Moments | None) -> dict[str, float]:
    if found is None:
        return {}
    error = max(found.mean_square, 0.0) ** 0.5
    return {"error": error, "bias": found.bias_length, "deviation": found.deviation, "concentration": found.concentration}


def leading_theory(law: Noise, q: Query) -> dict[str, float]:
    """To second order; empty where Var e^eps is infinite."""
    found = leading(law, q)
    return {} if found is None else {"error": found.error, "bias": found.bias_length}


def leading(law: Noise, q: Query) -> SecondOrder | None:
    """The delta method for this law."""
    if isinstance(law, Rounding):
        return second_order(rounding_variation(law, q.s), q.p, q.u)
    if isinstance(law, Dropping) and not isinstance(law, DropRenormalised):
        return SecondOrder((0.0, 0.0), law.share / (1 - law.share) * float(q.p**2 @ (q.v**2).sum(1)))
    c2 = squared_variation(law)
    return second_order(c2, q.p, q.u) if np.isfinite(c2) else None


def warm() -> None:
    """Import what the first moved control will need."""
    compute(Params(logits=GaussianLogits(tokens=2)))

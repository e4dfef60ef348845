"""Experiment attention_entropy: the information in attention weights against the spread of their logits, exact and measured."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.attention.cosine import entropy as cosine_entropy
from core.attention.cosine import floor
from core.attention.shapes import WIDEST, GaussianShape, KeysAndQuery, UniformShape, draw, mixture, standard, statistics
from core.attention.spread import Held, cumulant_entropy, freezing_spread, held
from core.parameters import Parameters, seed, slider, switch, variant
from core.result import Result

Array = np.ndarray
CURVE = 25  # spreads on a curve
MARKS = 9  # spreads that are measured
NOTHING = 1e-12  # a square that is rounding alone
SHARES = 101  # of the curve of cosine attention


class Params(Parameters):
    """Of /attention_entropy."""

    tokens: int = slider(1000, 1, 10_000, 1, "tokens", "number of tokens n that are attended to")
    logits: GaussianShape | UniformShape | KeysAndQuery = variant(GaussianShape(), "law of the logits")
    temperature: float = slider(1.0, 0.05, 3.0, 0.05, "tau", "temperature of cosine attention, logits cos / tau")
    guess: float = slider(
        0.5, 0.0, 1.0, 0.01, "of the tokens", "your guess: share at cosine +1, all others at -1, of least entropy"
    )
    reveal: bool = switch(doc="show the entropy at every share, and the least")
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class EntropyResult(Result):
    """Entropies in nats. Curves run over the spread of independent logits of one shape at the chosen n."""

    tokens: int
    spreads: Array  # [25]
    entropy_exact: Array  # [25] E H
    entropy_cumulant: Array  # [25] log n - [K'(1) - K(1)]
    marks: Array  # [9] spreads that were measured
    entropy_measured: Array  # [9] mean over the draws
    entropy_stderr: Array  # [9]
    here: float  # spread of the chosen logits, root mean square
    entropies: Array  # [R] H of each draw of the chosen logits
    concentrations: Array  # [R] sum p^2 of each
    jacobians: Array  # [R] squared Frobenius norm of diag(p) - p p^T of each
    theory: dict[str, float]  # entropy, concentration, jacobian_square, exact for the chosen logits
    cumulant: float  # of the chosen logits' entropy
    shares: Array  # [101] of tokens at +1
    cosine_entropy: Array  # [101] of cosine attention
    guessed: float  # entropy at the guess, rounded to whole tokens
    guess: float  # that share
    floor: list[float]  # share and entropy of the least; empty while it is not revealed

    def metrics(self) -> dict[str, float]:
        """Of the chosen logits, then of the guess."""
        count = len(self.entropies) ** 0.5
        found = {
            "entropy": float(self.entropies.mean()),
            "entropy_theory": self.theory["entropy"],
            "entropy_stderr": float(self.entropies.std(ddof=1)) / count,
            "entropy_cumulant": self.cumulant,
            "effective_support": float(1 / self.concentrations.mean()),
            "effective_support_theory": 1 / self.theory["concentration"],
            "gradient_support": reached(float(self.concentrations.mean()), float(self.jacobians.mean())),
            "gradient_support_theory": reached(self.theory["concentration"], self.theory["jacobian_square"]),
            "gradient_norm": float(self.jacobians.mean() ** 0.5),
            "gradient_norm_theory": max(self.theory["jacobian_square"], 0.0) ** 0.5,
            "freezing_spread": freezing_spread(self.tokens),
            "spread": self.here,
            "cosine_entropy": self.guessed,
        }
        return found | ({"cosine_entropy_floor": self.floor[1]} if self.floor else {})


def reached(concentration: float, jacobian_square: float) -> float:
    """Tokens that share a gradient, (tr J)^2 / |J|^2 in expectations; 0 where J vanishes, as for one token."""
    return (1 - concentration) ** 2 / jacobian_square if jacobian_square > NOTHING else 0.0


def compute(p: Params) -> EntropyResult:
    """Everything random follows from p.seed."""
    n, shape = p.tokens, "uniform" if isinstance(p.logits, UniformShape) else "gaussian"
    curves = curve(shape, n)
    marks, measured, stderr = measured_curve(shape, n, p.seed)
    spreads, shares = mixture(p.logits, n)
    rows = statistics(draw(p.logits, n, np.random.default_rng([p.seed, 1])))
    up, least = floor(n, p.temperature)
    guess = max(round(p.guess * n), 0)
    share = np.linspace(0, 1, SHARES)
    return EntropyResult(
        tokens=n,
        spreads=curves[0],
        entropy_exact=curves[1],
        entropy_cumulant=curves[2],
        marks=marks,
        entropy_measured=measured,
        entropy_stderr=stderr,
        here=float(shares @ spreads**2) ** 0.5,
        entropies=rows[0].copy(),
        concentrations=rows[1].copy(),
        jacobians=rows[2].copy(),
        theory=averaged([held(shape, float(each), n) for each in spreads], shares),
        cumulant=float(shares @ [cumulant_entropy(shape, float(each), n) for each in spreads]),
        shares=share,
        cosine_entropy=cosine_entropy(share * n, n, p.temperature),
        guessed=float(cosine_entropy(guess, n, p.temperature)),
        guess=guess / n,
        floor=[up / n, least] if p.reveal else [],
    )


@lru_cache(maxsize=64)
def curve(shape: str, n: int) -> tuple[Array, Array, Array]:
    """Spreads, exact and cumulant entropy, [25] each."""
    spreads = np.linspace(0, WIDEST, CURVE)
    exact = np.array([held(shape, float(spread), n).entropy for spread in spreads])
    cumulant = np.array([cumulant_entropy(shape, float(spread), n) for spread in spreads])
    return spreads, exact, cumulant


@lru_cache(maxsize=64)
def measured_curve(shape: str, n: int, seed: int) -> tuple[Array, Array, Array]:
    """Spreads that are measured, mean entropy and its standard error, [9] each; all spreads share their random numbers."""
    rng, marks = np.random.default_rng([seed, 0]), np.linspace(0, WIDEST, MARKS)
    unit = standard(shape, n, rng)
    rows = [statistics(np.float32(spread) * unit)[0] for spread in marks]
    return marks, np.array([row.mean() for row in rows]), np.array([row.std(ddof=1) / len(row) ** 0.5 for row in rows])


def averaged(cases: list[Held], shares: Array) -> dict[str, float]:
    """Means over a mixture of spreads."""
    names = ("entropy", "concentration", "jacobian_square")
    return {name: float(shares @ [getattr(case, name) for case in cases]) for name in names}


def warm() -> None:
    """Tables of the curves, which serve every number of tokens, and what they import."""
    for shape in ("gaussian", "uniform"):
        curve(shape, 2)

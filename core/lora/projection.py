"""Experiment lora_projection: what one LoRA step does to the gradient: a random projection of it, exactly and measured."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

import numpy as np

from core.lora import sampling, theory
from core.lora.gradients import Layer, gradient
from core.lora.laws import Law
from core.lora.spectra import LowRank, PowerLaw, matrix, singular_values
from core.parameters import Parameters, Variant, choice, seed, slider, variant
from core.result import Result

Array = np.ndarray

MOST_RANKS = 32


class Power(PowerLaw):
    inputs: int = slider(48, 16, 64, 4, doc="n, rows of the gradient in the article's convention", advanced=True)
    outputs: int = slider(32, 16, 64, 4, doc="m, its columns", advanced=True)


class Low(LowRank):
    inputs: int = slider(48, 16, 64, 4, doc="n, rows of the gradient in the article's convention", advanced=True)
    outputs: int = slider(32, 16, 64, 4, doc="m, its columns", advanced=True)


class Real(Variant):
    """Of a shipped digit network that meets digits in reverse video."""

    kind: Literal["real"] = "real"
    layer: Layer = choice(Layer.RECOGNISER, "whose gradient")


class Sides(Enum):
    ONE = "one"  # B begins at zero: the first step is A A^T G
    TWO = "two"  # both random: A A^T G + G B^T B


class Params(Parameters):
    """Of /lora_projection."""

    at_most = {"rank": ("inputs", "outputs")}  # noqa: RUF012  declared ClassVar by the base

    gradient: Power | Low | Real = variant(Power(), "G, of Frobenius norm 1")
    rank: int = slider(4, 1, MOST_RANKS, 1, doc="r of A [n, r] and B [r, m]")
    sides: Sides = choice(Sides.TWO, "which factors project")
    law: Law = choice(Law.GAUSSIAN, "of the random factors")
    draws: int = slider(64, 16, 128, 16, "draws", "of the factors", advanced=True)
    learning_rate: float = slider(0.1, 0.01, 1.0, 0.01, doc="eta, for the term of second order", advanced=True)
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class ProjectionResult(Result):
    """D draws, R ranks from 1; squares are shares of |G|^2 = 1. G^ is the projected gradient: A A^T G, or A A^T G + G B^T B."""

    rank: int
    learning_rate: float
    shape: list[int]  # [n, m]
    captured: Array  # [D, R] share of G in the span that the step may move in
    captured_expected: Array  # [R] of it
    captured_best: Array  # [R] the largest share that any A (and B) of that rank could capture
    inner: Array  # [D, R] <G^, G>
    factor: Array  # [R] f of E G^ = f G
    square: Array  # [D, R] |G^|^2
    square_expected: Array  # [R] of it
    second: Array  # [D, R] |G B^T A^T G|^2; zeros where B begins at zero
    second_expected: Array  # [R] of it; for the orthonormal law too
    counts: Array  # [K] fresh projections that are averaged
    away: Array  # [K] |mean of G^ / f - G|^2, mean over groups of draws
    away_stderr: Array  # [K] of it; 0 where there is one group
    spectra: Array  # [K, k] singular values of the mean of the first so many G^ / f
    wanted: Array  # [k] singular values of G

    def metrics(self) -> dict[str, float]:
        """At the chosen rank; everything with _theory is in closed form."""
        at = self.rank - 1
        captured, inner, square, second = (each[:, at] for each in (self.captured, self.inner, self.square, self.second))
        factor, expected = float(self.factor[at]), float(self.square_expected[at])
        values = {
            "captured_gradient": float(captured.mean()),
            "captured_theory": float(self.captured_expected[at]),
            "captured_stderr": float(captured.std(ddof=1) / np.sqrt(len(captured))),
            "mean_factor": float(inner.mean()),
            "mean_factor_theory": factor,
            "variance": float(square.mean() / factor**2 - 1),
            "variance_theory": expected / factor**2 - 1,
            "shrinkage": float(inner.mean() / square.mean()),
            "shrinkage_theory": factor / expected,
        }
        if second.any():
            values["second_order"] = self.learning_rate**2 * float(second.mean())
            values["second_order_theory"] = self.learning_rate**2 * float(self.second_expected[at])
        return values


def compute(p: Params) -> ProjectionResult:
    """Draw the factors, project, compare with what is known in closed form; everything random follows from p.seed."""
    rng = np.random.default_rng(p.seed)
    G = gradient_of(p, rng)
    n, m = G.shape
    ranks = np.arange(1, min(n, m, MOST_RANKS) + 1)
    two = p.sides is Sides.TWO
    factors = sampling.factors(p.law, n, m, len(ranks), p.draws, rng)
    measured = sampling.measure(G, factors, p.law, two)
    moments = theory.moments(p.law, n, m, ranks, two)
    projected = sampling.projected(G, factors, p.law, p.rank, two) / moments.factor[p.rank - 1]
    counts, away, stderr, spectra = sampling.averages(G, projected)
    wanted = np.linalg.svd(G, compute_uv=False)
    return ProjectionResult(
        rank=p.rank,
        learning_rate=p.learning_rate,
        shape=[n, m],
        captured=measured.captured,
        captured_expected=moments.captured,
        captured_best=theory.best_share(wanted, ranks, two),
        inner=measured.inner,
        factor=moments.factor,
        square=measured.square,
        square_expected=moments.square,
        second=measured.second,
        second_expected=moments.second,
        counts=counts,
        away=away,
        away_stderr=stderr,
        spectra=spectra,
        wanted=wanted,
    )


def gradient_of(p: Params, rng: np.random.Generator) -> Array:
    """G [n, m] of Frobenius norm 1."""
    if isinstance(p.gradient, Real):
        return gradient(p.gradient.layer)
    n, m = p.gradient.inputs, p.gradient.outputs
    G = matrix(singular_values(p.gradient, min(n, m)), n, m, rng)
    return G / np.linalg.norm(G)

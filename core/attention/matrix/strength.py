"""The error of one row against the strength of the noise: the companion of the experiment attention_matrix."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.attention.laws import Additive, Dropping, Noise
from core.attention.logits import softmax
from core.attention.matrix.params import MatrixParams
from core.attention.matrix.row import exact_error, leading_error, measured_error
from core.result import Result

Array = np.ndarray

STRENGTHS, SHARES, OFFSETS = (0.1, 3.0), (0.02, 0.9), (0.0, 100.0)  # logits, of the tokens, logits
POINTS = 12


@dataclass(frozen=True, eq=False)
class StrengthResult(Result):
    """Errors of the output for independent values of variance 1, at every strength."""

    name: str  # of the parameter that runs: strength, share or offset
    strength: Array  # [12]
    error: Array  # [12] measured
    error_stderr: Array  # [12]
    error_exact: Array  # [k <= 12] as far as it is known
    error_leading: Array  # [k <= 12] to second order, as far as Var e^eps is finite
    own: float  # the strength that is asked for

    def metrics(self) -> dict[str, float]:
        """At the strongest."""
        values = {"error_strongest": float(self.error[-1])}
        return values | ({"error_strongest_theory": float(self.error_exact[-1])} if len(self.error_exact) == POINTS else {})


def strengths(p: MatrixParams) -> Iterator[tuple[float, StrengthResult]]:
    """One part."""
    natural = p.logits()[0]
    s = p.scale * natural[min(p.row, len(natural)) - 1]
    s = s[np.isfinite(s)]
    name, values = running(p.noise)
    laws = [p.noise.model_copy(update={name: float(value)}) for value in values]
    weights, seeds = softmax(s), np.random.default_rng([p.seed, 3]).spawn(POINTS)
    seen = np.array([measured_error(s, weights, law, rng) for law, rng in zip(laws, seeds, strict=True)])
    yield (
        1.0,
        StrengthResult(
            name=name,
            strength=values,
            error=seen[:, 0].copy(),
            error_stderr=seen[:, 1].copy(),
            error_exact=_known([exact_error(s, weights, law) for law in laws]),
            error_leading=_known([leading_error(s, weights, law) for law in laws]),
            own=float(getattr(p.noise, name)),
        ),
    )


def running(law: Noise) -> tuple[str, Array]:
    """The parameter of a law that says how strong it is, and where it runs."""
    if isinstance(law, Additive):
        return "strength", np.geomspace(*STRENGTHS, POINTS)
    if isinstance(law, Dropping):
        return "share", np.linspace(*SHARES, POINTS)
    return "offset", np.linspace(*OFFSETS, POINTS)


def _known(values: list[float | None]) -> Array:
    """As far as it is known from the weakest on."""
    upto = next((i for i, value in enumerate(values) if value is None), len(values))
    return np.array(values[:upto], float)

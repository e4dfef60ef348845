"""The report of a matrix, some rows at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.attention.laws import Noise
from core.attention.logits import softmax
from core.attention.matrix.params import MatrixParams
from core.attention.matrix.result import MatrixResult
from core.attention.matrix.row import Row, gaussian_entropy, row
from core.attention.monte_carlo import sample
from core.attention.spread import freezing_spread

Array = np.ndarray

FIRST, AT_ONCE = (1, 16), 64  # rows of the first results, and between two later ones
SCALES = np.linspace(0.1, 4.0, 40)
COLUMNS = (
    "tokens",
    "entropy",
    "entropy_theory",
    "support",
    "largest",
    "largest_at",
    "spread",
    "gradient",
    "error",
    "error_stderr",
)


def compute(p: MatrixParams) -> Iterator[tuple[float, MatrixResult]]:
    """(share of the rows done, the report so far); the row that is looked at is the first to be done."""
    natural, were_weights = p.logits()
    scaled, chosen = p.scale * natural, min(p.row, len(natural)) - 1
    about = {
        "total": len(natural),
        "were_weights": were_weights,
        **maps_of(scaled, p.noise, p.seed),
        **by_scale(natural[chosen]),
    }
    rows: dict[int, Row] = {}
    for i in (chosen, *(each for each in range(len(scaled)) if each != chosen)):
        rows[i] = row(scaled[i], p.noise, np.random.default_rng([p.seed, 2, i]))
        if len(rows) in FIRST or len(rows) % AT_ONCE == 0 or len(rows) == len(scaled):
            yield len(rows) / len(scaled), assemble(dict(sorted(rows.items())), chosen, about)


def maps_of(s: Array, law: Noise, seed: int) -> dict[str, Array]:
    """Weights of logits [rows, columns] without noise and under one draw of it, float32."""
    rng, shaken = np.random.default_rng([seed, 1]), np.zeros_like(s)
    for i, each in enumerate(s):
        seen = np.isfinite(each)
        shaken[i, seen] = sample(law, each[seen], rng, 1).weights(slice(None))[0]
    return {"weights": softmax(s).astype(np.float32), "shaken": shaken.astype(np.float32)}


def by_scale(s: Array) -> dict[str, Any]:
    """Entropy of logits [n] at every scale, what Gaussian ones of their spread would hold, and where those freeze."""
    kept = s[np.isfinite(s)]
    p, spread = softmax(SCALES[:, None] * kept), float(kept.std())
    entropy = -(p * np.log(np.maximum(p, np.finfo(float).tiny))).sum(1)
    return {
        "scales": SCALES.copy(),
        "entropy_by_scale": np.maximum(entropy, 0),
        "entropy_by_scale_theory": np.array([gaussian_entropy(float(scale) * spread, len(kept)) for scale in SCALES]),
        "freezing": freezing_spread(len(kept)) / spread if spread > 0 else 0.0,
    }


def assemble(rows: dict[int, Row], chosen: int, about: dict[str, Any]) -> MatrixResult:
    """The rows as columns; rows: by number, from 0."""
    columns: dict[str, Any] = {name: np.array([getattr(each, name) for each in rows.values()], float) for name in COLUMNS}
    return MatrixResult(
        number=np.array(list(rows), float) + 1,
        chosen=list(rows).index(chosen),
        error_exact=_known([each.error_exact for each in rows.values()]),
        error_leading=_known([each.error_leading for each in rows.values()]),
        **columns,
        **about,
    )


def _known(values: list[float | None]) -> Array:
    """[R], or empty where one is not known."""
    found = [value for value in values if value is not None]
    return np.array(found if len(found) == len(values) else [], float)

"""Every rule with both predictors against the number of steps, and diffusers beside ours: companion of udm_plane."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.distances import sliced_w2_to_mixture
from core.result import Result
from core.udm.plane import Params, compute, walked, world_of
from core.udm.schedulers import SETTINGS, peer_differences
from core.udm.walk import Predictor

Array = np.ndarray

STEPS = (1, 2, 3, 5, 8, 12, 20, 35, 60, 100)
PARTICLES = 2000
EXACT_SETS = 20  # exact samples behind the floor


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """R rules, as many as are done; S numbers of steps; sliced W2 to the exact law of the data, data units."""

    steps: Array  # [S]
    rules: list[str]  # [R]
    sampled: Array  # [R, S]
    mean: Array  # [R, S]
    floor: Array  # [3] of exact samples of this size: 5, 50 and 95 % of EXACT_SETS
    settings: list[str]  # [P] of diffusers' schedulers, none until the rules are done
    differences: Array  # [P, steps] largest difference of x_{t-1}, data units

    def metrics(self) -> dict[str, float]:
        """Mean over the steps of each rule, the floor's median, and the largest difference from diffusers."""
        values: dict[str, float] = {}
        for predictor, rows in (("sampled", self.sampled), ("mean", self.mean)):
            values |= {f"sliced_w2_{name}_{predictor}": float(row.mean()) for name, row in zip(self.rules, rows, strict=True)}
        return values | {"sliced_w2_floor": float(self.floor[1])} | _largest(self.differences)


def _largest(differences: Array) -> dict[str, float]:
    return {"diffusers_difference": float(differences.max())} if differences.size else {}


def comparison(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(share done, the curves so far), one rule more each time, then the schedulers; p.steps matters for those alone.

    The fields of p.rule are kept for its own curve, the other rules have their defaults.
    """
    names = next(control.options for control in Params.controls() if control.name == "rule")
    floor, rows = _floor(p), []
    for name in names:
        rows.append(_curves(p.replace(rule=name, particles=PARTICLES)))
        yield len(rows) / (len(names) + 1), _result(names, rows, floor, {})
    yield 1.0, _result(names, rows, floor, peer_differences(world_of(p), p.seed))


def _curves(p: Params) -> Array:
    """[2 (sampled, mean), S]."""
    law = world_of(p).data
    runs = [[walked(p.replace(steps=steps), predictor, (steps,))[0][0] for steps in STEPS] for predictor in Predictor]
    return np.array([[sliced_w2_to_mixture(points, law) for points in row] for row in runs])


def _floor(p: Params) -> Array:
    rng, law = np.random.default_rng(p.seed), world_of(p).data
    sets = [sliced_w2_to_mixture(law.sample(rng, PARTICLES), law) for _ in range(EXACT_SETS)]
    return np.quantile(sets, (0.05, 0.5, 0.95))


def _result(names: tuple[str, ...], rows: list[Array], floor: Array, differences: dict[str, Array]) -> ComparisonResult:
    measured = np.stack(rows)
    return ComparisonResult(
        np.array(STEPS),
        list(names[: len(rows)]),
        measured[:, 0].copy(),
        measured[:, 1].copy(),
        floor,
        [name for name in SETTINGS if name in differences],
        np.array(list(differences.values())),
    )


def warm() -> None:
    """Import what distances and schedulers need."""
    from core import diffusers  # noqa: F401, PLC0415

    compute(Params(steps=1))

"""The same pictures at rising guidance scales: what each method does to contrast and to points that no screen can show."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.guidance.pipeline.experiment import drawn
from core.guidance.pipeline.folder import Named
from core.guidance.pipeline.host import named
from core.guidance.pipeline.methods import FAMILIES
from core.guidance.pipeline.params import Digits, Params
from core.result import Result

GAMMAS = (1.0, 2.0, 4.0, 8.0, 12.0)
MOST_DIGITS, MOST_OWN = 3, 1  # pictures by each method: somebody's own model may be slow


@dataclass(frozen=True, eq=False)
class ScalesResult(Result):
    """m methods at the first k strengths, as far as they are drawn."""

    methods: list[str]  # [m]
    gamma: np.ndarray  # [k]
    contrast: np.ndarray  # [k, m] standard deviation of the points, which lie in [-1, 1]
    overshoot: np.ndarray  # [k, m] root mean square of how far they lie outside

    def metrics(self) -> dict[str, float]:
        """apart_at_one: largest difference in contrast at gamma = 1, where theory says none."""
        return {"apart_at_one": float(np.ptp(self.contrast[0]))} if len(self.gamma) else {}


def scales(p: Params) -> Iterator[tuple[float, ScalesResult]]:
    """(fraction done, what is measured so far); all else is as p says."""
    return measured(p, named())


def measured(p: Params, pipeline: Named | None) -> Iterator[tuple[float, ScalesResult]]:
    """The same with this pipeline in the place of the host's; after every step of somebody's own model."""
    methods = [method.value for method in FAMILIES[p.family]]
    rows: list[tuple[np.ndarray, np.ndarray]] = []
    yield 0.0, _result(methods, rows)
    fewer = p.replace(count=min(p.count, MOST_DIGITS if isinstance(p.model, Digits) else MOST_OWN))
    for i, gamma in enumerate(GAMMAS):
        for done, found in drawn(fewer.replace(gamma=gamma), pipeline):
            if done == 1:
                rows.append((found.contrast, found.overshoot))
            yield (i + done) / len(GAMMAS), _result(methods, rows)


def _result(methods: list[str], rows: list[tuple[np.ndarray, np.ndarray]]) -> ScalesResult:
    contrast, overshoot = (np.array([row[i] for row in rows]).reshape(len(rows), len(methods)) for i in (0, 1))
    return ScalesResult(methods, np.array(GAMMAS[: len(rows)]), contrast, overshoot)

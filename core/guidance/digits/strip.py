"""The same four seeds under rising guidance."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.guidance.digits.params import Params
from core.guidance.digits.pictures import preview, start_drawing
from core.result import Result

GAMMAS = (0.0, 1.0, 2.0, 4.0, 8.0)
ACROSS = 4


@dataclass(frozen=True, eq=False)
class StripResult(Result):
    """One row a strength, one column a seed; rows that are not drawn yet are the noise they begin with."""

    gamma: np.ndarray  # [5] strengths
    pictures: np.ndarray  # [5, 4, 28, 28] uint8, 0 = paper
    agreement: np.ndarray  # [k] judge agreement of the k rows that are drawn

    def metrics(self) -> dict[str, float]:
        return {f"judge_agreement_{gamma:g}": float(each) for gamma, each in zip(self.gamma, self.agreement, strict=False)}


def strip(p: Params) -> Iterator[tuple[float, StripResult]]:
    """(fraction done, the strip so far): the noise first, then a row at a time; all else as p says."""
    fewer = p.replace(count=ACROSS)
    rows, agreement = np.stack([preview(fewer).pictures] * len(GAMMAS)), np.zeros(0)
    yield 0.0, StripResult(np.array(GAMMAS), rows, agreement)
    for done, gamma in enumerate(GAMMAS):
        last = start_drawing(fewer.replace(gamma=gamma)).finished()
        rows, agreement = rows.copy(), np.append(agreement, last.metrics()["judge_agreement"])
        rows[done] = last.pictures
        yield (done + 1) / len(GAMMAS), StripResult(np.array(GAMMAS), rows, agreement)

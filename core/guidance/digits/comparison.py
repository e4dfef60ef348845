"""What stands beside the pictures: the same four seeds under rising guidance, the shipped table, and the trap in one pixel."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.guidance.digits import standard
from core.guidance.digits.params import Params
from core.guidance.digits.pictures import preview, start_drawing
from core.guidance.digits.trap import NUDGES, responses
from core.result import Result

GAMMAS = (0.0, 1.0, 2.0, 4.0, 8.0)
ACROSS = 8


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """Rows of the strip that are not drawn yet are the noise they begin with."""

    gamma: np.ndarray  # [5] strengths of the strip
    pictures: np.ndarray  # [5, 8, 28, 28] uint8, 0 = paper; one row a strength, one column a seed
    agreement: np.ndarray  # [k] judge agreement of the k rows that are drawn
    table: list[standard.Row]  # every row of the shipped table
    floor: list[float]  # [low, high] of its floor: 95 % interval of real digits against real digits
    nudges: np.ndarray  # [m] changes of a predicted noise
    responses: np.ndarray  # [3, m] where one pixel goes then: not clipped; clipped, noise re-derived; clipped, noise kept

    def metrics(self) -> dict[str, float]:
        return {f"judge_agreement_{gamma:g}": float(each) for gamma, each in zip(self.gamma, self.agreement, strict=False)}


def comparison(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(fraction done, the comparison so far): the noise first, then a row of the strip at a time; all else as p says."""
    fewer = p.replace(count=ACROSS)
    rows, agreement = np.stack([preview(fewer).pictures] * len(GAMMAS)), np.zeros(0)
    yield 0.0, _result(rows, agreement)
    for done, gamma in enumerate(GAMMAS):
        last = start_drawing(fewer.replace(gamma=gamma)).finished()
        rows, agreement = rows.copy(), np.append(agreement, last.metrics()["judge_agreement"])
        rows[done] = last.pictures
        yield (done + 1) / len(GAMMAS), _result(rows, agreement)


def _result(rows: np.ndarray, agreement: np.ndarray) -> ComparisonResult:
    table = standard.table()
    return ComparisonResult(
        np.array(GAMMAS), rows, agreement, table["rows"], table["floor"]["interval"], NUDGES.copy(), responses()
    )

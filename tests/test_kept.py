"""What is remembered: one bound for all experiments, what was asked for last, each by itself."""

from dataclasses import dataclass

import numpy as np

from core.parameters import Parameters, seed
from core.result import Result
from demos._experiment import Computation
from demos._kept import Kept

EACH = 800  # bytes


class Params(Parameters):
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class Numbers(Result):
    numbers: np.ndarray

    def metrics(self) -> dict[str, float]:
        return {"mean": float(self.numbers.mean())}


def ones(p: Params) -> Numbers:
    return Numbers(np.full(EACH // 8, float(p.seed)))


def twos(p: Params) -> Numbers:
    return Numbers(np.full(EACH // 8, 2.0 * p.seed))


def drawing(_p: Params, _r: Numbers) -> None:
    """Nothing is drawn here."""


def test_two_computations_share_one_bound_and_not_their_results():
    kept = Kept(3 * EACH)
    one, two = (Computation(compute, (drawing,), Numbers, live=True, kept=kept) for compute in (ones, twos))
    first, second, third = (Params(seed=number) for number in (1, 2, 3))
    for computation in (one, two):
        computation.finish(first)
    one.finish(second)
    assert two.recalled(first).metrics() == {"mean": 2.0} and one.recalled(first).metrics() == {"mean": 1.0}
    one.finish(third)  # two(1) was asked for before one(1), but after one(2): this is the one that goes
    assert one.recalled(second) is None
    assert all(each is not None for each in (one.recalled(first), two.recalled(first), one.recalled(third)))


def test_the_same_again_takes_no_room_and_a_single_giant_is_kept():
    kept, p = Kept(2 * EACH), Params(seed=4)
    for _ in range(5):
        kept.keep("same", p, ones(p))
    kept.keep("other", p, ones(p))
    assert kept.recalled("same") and kept.recalled("other")
    giant = Numbers(np.zeros(EACH))
    kept.keep("giant", p, giant)
    assert kept.recalled("giant") is giant and kept.recalled("same") is None and kept.recalled("other") is None

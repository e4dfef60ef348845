"""Pareto front, rank and best settings of a small home, each by trying everything; and how much of a year is kept."""

from itertools import product

import numpy as np
import pytest

from core.hotwater.compare import CompareParams, CompareResult, best, compute
from core.hotwater.compare.best import TUNED, bounds
from core.hotwater.compare.sampled import Outcome, outcome, sampled, under, worth

SMALL = {"rooms": (("kitchen", 3.0, 1.0, 6.0), ("bathroom", 5.0, 2.0, 8.0)), "cells": 2.0, "people": 1, "seed": 4}
SMALL |= {"scheme": "return_line", "switching": "timer", "hour_price": 60.0}


def compared(days: int) -> CompareResult:
    *_, (_, found) = compute(CompareParams(**SMALL, days=days))
    return found


@pytest.fixture(scope="module")
def two() -> CompareResult:
    return compared(2)


def test_the_front_and_the_ranks_by_trying_every_pair(two: CompareResult):
    """A scheme is on it where no other is both cheaper and quicker; a rank counts those that are worth less money."""
    cost, wait, money = two.year, two.mean("wait_mean"), two.worth.mean(axis=1)
    every = range(len(two.names))
    pairs = list(zip(cost, wait, strict=True))

    def beats(one: tuple[float, float], other: tuple[float, float]) -> bool:
        return one != other and one[0] <= other[0] and one[1] <= other[1]

    beaten = {i for i, j in product(every, every) if beats(pairs[j], pairs[i])}
    assert (
        {pairs[i] for i in two.front} == {pairs[i] for i in set(every) - beaten}
        and not beaten & set(two.front)
        and len(beaten) > 20
    )
    own = two.names.index("return_line.timer")
    assert two.metrics()["rank_by_worth"] == 1 + sum(money[j] < money[own] for j in every)
    assert two.metrics()["worth_year_best"] == pytest.approx(365 * min(money))


def test_each_outcome_is_that_of_its_own_day(two: CompareResult):
    """Of every eleventh scheme, lived again alone."""
    days = sampled(CompareParams(**SMALL, days=2), 2)
    for i in range(0, len(two.names), 11):
        for k, day in enumerate(days):
            np.testing.assert_allclose(two.outcomes[i, k], outcome(under(day, *two.names[i].split("."))), rtol=1e-9, atol=1e-12)


def test_more_days_keep_their_sums_alone(two: CompareResult):
    """A day more is a row of outcomes a scheme, its worth, its date and its mains: no picture, no pipe."""
    less, more = (sum(array.nbytes for array in found.arrays().values()) for found in (two, compared(3)))
    assert more - less == 8 * (42 * (len(Outcome._fields) + 1) + 2) < 10_000


def test_two_settings_found_are_as_good_as_the_best_of_a_grid():
    """Twenty-five timers on the days of learning: none is better by a twentieth of what the grid itself spans."""
    p = CompareParams(**SMALL)
    *_, (_, found) = best(p)
    learns, knobs = sampled(p, 2, stream=1), TUNED["timer"]

    def lost(*pair: float) -> float:
        days = [under(day, "return_line", "timer", **dict(zip(knobs, pair, strict=True))) for day in learns]
        return float(np.mean([worth(p, np.array(outcome(day))) for day in days]))

    tried = [lost(*pair) for pair in product(*(np.linspace(low, high, 5) for low, high in bounds(knobs)))]
    k = found.names.index("timer")
    assert found.learned[k] <= min(tried) + 0.05 * (max(tried) - min(tried))
    assert found.winner == min(range(len(found.names)), key=found.tuned.mean(axis=1).__getitem__)

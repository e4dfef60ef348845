"""Seconds of a call, and ratios of two in one run."""

import statistics
from collections.abc import Callable
from time import perf_counter


def seconds(run: Callable[[], object]) -> float:
    """Of one call."""
    started = perf_counter()
    run()
    return perf_counter() - started


def median_seconds(run: Callable[[], object], rounds: int, fresh: Callable[[], None] | None = None) -> float:
    """Of some calls; fresh: called before each, not counted."""
    taken = []
    for _ in range(rounds):
        if fresh:
            fresh()
        taken.append(seconds(run))
    return statistics.median(taken)


def ratio(slow: Callable[[], object], fast: Callable[[], object], rounds: int) -> float:
    """The median over rounds, in each of which both run in turn; one more goes first, for the caches."""
    return statistics.median([seconds(slow) / seconds(fast) for _ in range(rounds + 1)][1:])

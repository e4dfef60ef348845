"""Lines of poems at once against one after another through the same network, and the nearest line against plain Python."""

from functools import cache

import numpy as np

from core.digits.door import AT_WORK
from core.udm.poem.drawing import drawn_lines
from core.udm.poem.experiment import compute
from core.udm.poem.lines import split
from core.udm.poem.nearest import nearest
from core.udm.poem.params import Params
from tests.benchmarks.timing import ratio, seconds

COUNT, ROUNDS = 16, 5
WANTED_AT_ONCE, WANTED_NEAREST, WANTED_FIRST = 3.0, 10.0, 0.25


def at_once() -> object:
    return drawn_lines(Params(), COUNT)


def one_by_one() -> object:
    return [drawn_lines(Params(seed=i), 1) for i in range(COUNT)]


@cache
def listed() -> list[list[int]]:
    return split("train").lines.tolist()


def plain_nearest() -> object:
    line = split("test").lines[0].tolist()
    return max(listed(), key=lambda other: sum(a == b for a, b in zip(line, other, strict=True)))


def quick_nearest() -> object:
    return nearest(split("test").lines[:1])


def first() -> object:
    return next(compute(Params(count=COUNT)))


def whole() -> object:
    return list(compute(Params(count=COUNT)))


def main() -> None:
    with AT_WORK:
        print(f"poem: {COUNT} lines at once, ratio {ratio(one_by_one, at_once, ROUNDS):.1f} (wanted {WANTED_AT_ONCE:g})")
    nearer = ratio(plain_nearest, quick_nearest, ROUNDS)
    print(f"  nearest line against plain Python, ratio {nearer:.0f} (wanted {WANTED_NEAREST:g})")
    print(f"  first picture, share of the whole run {1 / ratio(whole, first, ROUNDS):.4f} (wanted below {WANTED_FIRST:g})")
    print(f"  8 lines: {np.median([seconds(lambda: list(compute(Params()))) for _ in range(ROUNDS)]):.3f} s", flush=True)


if __name__ == "__main__":
    main()

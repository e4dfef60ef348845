"""Who pushes how much water through the links: the least of a convex content, by Newton's method.

At its minimum pressure differences add up to nothing around every loop whose link is open and passes water (Cherry and Millar
1951 on content; Todini and Pilati 1988 on the same for water networks). A check valve takes its opening pressure and passes no
water backwards.
"""

import numpy as np

from core.hotwater.compiled import allocating, compiled
from core.hotwater.kernels.arrays import copy, largest, smallest

Array = np.ndarray

TRIES, HALVINGS = 80, 40
CLOSE = 1e-7  # Pa around a loop
SLOW = 1e-8  # m3/s below which friction grows in a straight line for Newton's matrix


@allocating
def link_flows(
    drag: Array, loops: Array, base: Array, open_: Array, opening: float, pump: int, head: float, most: float
) -> Array:
    """Through every link, m3/s, at least 0.

    drag: [E] Pa over (m3/s)^1.75; loops: [E, C] 1 or -1 where a link's water passes an edge; base: [E] m3/s that is drawn
    along an edge anyway; open_: [C]; opening: Pa; the pump stands on edge `pump` with head (1 - (q / most)^2) Pa.
    """
    x = np.empty(open_.size)
    solve_links(drag, loops, base, open_, opening, pump, head, most, x, np.empty((open_.size + 2, open_.size)))
    return x


@compiled
def solve_links(
    drag: Array,
    loops: Array,
    base: Array,
    open_: Array,
    opening: float,
    pump: int,
    head: float,
    most: float,
    x: Array,
    work: Array,
) -> None:
    """The same, into x [C]; work: [C + 2, C], scratch."""
    trial, gradient, matrix = work[0], work[1], work[2:]
    most_passes = max(most if head > 0 else 0.0, largest(base), -smallest(base))
    for c in range(x.size):
        x[c] = most_passes if open_[c] > 0 else 0.0
    if most_passes == 0:
        return
    now = _content(drag, loops, base, x, opening, pump, head, most)
    for _ in range(TRIES):
        gap = _derivatives(drag, loops, base, x, opening, pump, head, most, open_, gradient, matrix)
        if gap < CLOSE:
            break
        _solve(matrix, gradient)
        then = _searched(drag, loops, base, x, opening, pump, head, most, gradient, now, trial)
        if then >= now:  # contents differ by less than round-off: pressures tell more
            _go_back(x, 1.0, gradient, trial)
            if _derivatives(drag, loops, base, trial, opening, pump, head, most, open_, gradient, matrix) > gap / 2:
                break
        copy(x, trial)
        now = min(now, then)


@compiled
def _go_back(x: Array, share: float, step: Array, trial: Array) -> None:
    """Fills trial: against the step, but no link passes water backwards."""
    for c in range(x.size):
        trial[c] = max(x[c] - share * step[c], 0.0)


@compiled
def _searched(
    drag: Array,
    loops: Array,
    base: Array,
    x: Array,
    opening: float,
    pump: int,
    head: float,
    most: float,
    step: Array,
    now: float,
    trial: Array,
) -> float:
    """Fills trial with all of the step, or a half, a quarter, ... of it, the longest that lowers the content; returns that."""
    share, then = 1.0, now
    for _ in range(HALVINGS):
        _go_back(x, share, step, trial)
        then = _content(drag, loops, base, trial, opening, pump, head, most)
        if then < now:
            break
        share /= 2
    return then


@compiled
def _content(drag: Array, loops: Array, base: Array, x: Array, opening: float, pump: int, head: float, most: float) -> float:
    """Integral of the pressure differences over the flows, W."""
    total = opening * x.sum()
    for e in range(drag.size):
        q = base[e]
        for c in range(x.size):
            q += loops[e, c] * x[c]
        total += drag[e] * abs(q) ** 2.75 / 2.75
        if e == pump and head > 0:
            total -= head * (q - max(q, 0.0) ** 3 / (3 * most**2))
    return total


@compiled
def _derivatives(
    drag: Array,
    loops: Array,
    base: Array,
    x: Array,
    opening: float,
    pump: int,
    head: float,
    most: float,
    open_: Array,
    gradient: Array,
    matrix: Array,
) -> float:
    """Fills gradient and matrix for the links that may move, nothing for the others; returns the largest gradient, Pa."""
    count = x.size
    gradient[:], matrix[:] = opening, 0.0
    for e in range(drag.size):
        q = base[e]
        for c in range(count):
            q += loops[e, c] * x[c]
        lost, slope = drag[e] * abs(q) ** 0.75 * q, 1.75 * drag[e] * max(abs(q), SLOW) ** 0.75
        if e == pump and head > 0:
            lost -= head * (1 - (max(q, 0.0) / most) ** 2)
            slope += 2 * head * max(q, 0.0) / most**2
        for c in range(count):
            gradient[c] += loops[e, c] * lost
            for d in range(count):
                matrix[c, d] += loops[e, c] * loops[e, d] * slope
    gap = 0.0
    for c in range(count):
        if open_[c] == 0 or (x[c] == 0 and gradient[c] >= 0):
            matrix[c, :], matrix[:, c], matrix[c, c], gradient[c] = 0.0, 0.0, 1.0, 0.0
        gap = max(gap, abs(gradient[c]))
    return gap


@compiled
def _solve(matrix: Array, right: Array) -> None:
    """Gauss without pivots, for the matrix is positive definite; both are overwritten, the answer is in `right`."""
    n = right.size
    for i in range(n):
        for j in range(i + 1, n):
            factor = matrix[j, i] / matrix[i, i]
            for k in range(i, n):
                matrix[j, k] -= factor * matrix[i, k]
            right[j] -= factor * right[i]
    for i in range(n - 1, -1, -1):
        for k in range(i + 1, n):
            right[i] -= matrix[i, k] * right[k]
        right[i] /= matrix[i, i]

"""One pipe: Cf (dT/dt + v dT/dx) = G (W - T), Cw dW/dt = G (T - W) - (W - Ta) / R, by Strang splitting.

The exchange is solved exactly; the shift is a conservative remap with piecewise parabolas (Colella & Woodward 1984), which
is exact when the water moves by whole cells. All temperatures here are above that of the room.
"""

from math import copysign, exp, floor, sqrt

import numpy as np

from core.hotwater.compiled import allocating, compiled, compiled_wide, inlined
from core.hotwater.kernels.arrays import copy, total

Array = np.ndarray

SIXTH = 1 / 6
PAD = 2  # cells before the first and after the last that the parabolas look at


@compiled
def exchange_over(cf: float, cw: float, g: float, r: float, dt: float) -> tuple[float, float, float, float, float, float]:
    """(T, W) -> (a T + b W, c T + d W) after dt, and the heat lost meanwhile, e T + f W [J/m].

    The closed-form exponential of a 2 x 2 matrix with two negative eigenvalues, and its integral.
    """
    p, q, s, u = -g / cf, g / cf, g / cw, -(g + 1 / r) / cw
    mean, half = (p + u) / 2, sqrt(((p - u) / 2) ** 2 + q * s)
    fast, slow = mean - half, (p * u - q * s) / (mean - half)  # the slow one by the product: no cancellation
    ef, es = exp(fast * dt), exp(slow * dt)
    nf, ns = -(1 - ef) / fast, -(1 - es) / slow
    gap = slow - fast
    a, d = (es * (p - fast) - ef * (p - slow)) / gap, (es * (u - fast) - ef * (u - slow)) / gap
    mix = (es - ef) / gap
    return a, q * mix, s * mix, d, s * (ns - nf) / gap / r, (ns * (u - fast) - nf * (u - slow)) / gap / r


@compiled_wide
def exchange(water: Array, wall: Array, m: tuple[float, float, float, float, float, float], dx: float) -> float:
    """In place; returns the heat lost to the room, J."""
    a, b, c, d, e, f = m
    lost = 0.0
    for i in range(water.size):
        t, w = water[i], wall[i]
        lost += e * t + f * w
        water[i] = a * t + b * w
        wall[i] = c * t + d * w
    return lost * dx


@compiled
def shift(water: Array, work: Array, cells: float, inlet: float) -> float:
    """Move the water by so many cells towards the end, at most all; what enters has one temperature.

    work: [4, n + 4] or more, scratch. Returns the sum of what leaves, in cells times degrees.
    """
    n, whole = water.size, floor(cells)
    left = leaving(water, cells) if whole < n else inlet * (cells - whole) + total(water)
    push(water, work, cells, inlet)
    return left


@compiled
def push(water: Array, work: Array, cells: float, inlet: float) -> None:
    """The same, whatever leaves."""
    last_parts(work, lay(work, 0, water, cells - floor(cells), inlet))
    settle(water, work, 0, cells, inlet)


@inlined
def lay(work: Array, at: int, water: Array, share: float, inlet: float) -> int:
    """A line into work[0], from there on, with PAD cells at both ends: the inlet's water, and more of the last cell's.

    Any number of lines may lie behind each other, each with the share of a cell that it moves on beyond whole ones, which goes
    to work[3]. Returns where the next one begins.
    """
    first, behind = at + PAD, at + PAD + water.size
    work[0, at] = work[0, at + 1] = inlet
    copy(work[0, first:behind], water)
    work[0, behind] = work[0, behind + 1] = water[water.size - 1]
    work[3, at : behind + PAD] = share
    return behind + PAD


@compiled_wide
def last_parts(work: Array, end: int) -> None:
    """work[1]: content of the last share of every cell of work[0]; work[2]: from a cell to its edge with the next.

    Wrong in the pads, where nobody asks. Nothing here branches or counts from an end, so that several cells are worked on at
    once, and each array is read long after it was written.
    """
    before, here, after, slopes = work[0, : end - 2], work[0, 1 : end - 1], work[0, 2:end], work[1, 1 : end - 1]
    for k in range(end - 2):
        slopes[k] = _slope(here[k] - before[k], after[k] - here[k])
    ups, next_slopes = work[2, 1 : end - 2], work[1, 2 : end - 1]
    for k in range(end - 3):
        ups[k] = _rise(after[k] - here[k], slopes[k], next_slopes[k])
    inner, outer, rises, below = work[0, 2 : end - 2], work[0, 1 : end - 3], work[2, 2 : end - 2], work[2, 1 : end - 3]
    parts, shares = work[1, 2 : end - 2], work[3, 2 : end - 2]
    for k in range(end - 4):
        parts[k] = _last_part(inner[k], rises[k], inner[k] - outer[k] - below[k], shares[k])


@compiled_wide
def settle(water: Array, work: Array, at: int, cells: float, inlet: float) -> None:
    """Move a line that lies in work from there on, its last parts known, by so many cells, at most all."""
    n, whole, first = water.size, floor(cells), at + PAD
    here, parts, far = work[0, first : first + n], work[1, first : first + n], water[whole + 1 :]
    kept, gone = here[1:], parts[1:]
    for i in range(n - whole - 1):
        far[i] = kept[i] - gone[i] + parts[i]
    if whole < n:
        water[whole] = here[0] - parts[0] + (cells - whole) * inlet
    for i in range(min(whole, n)):
        water[i] = inlet


@compiled
def leaving(water: Array, cells: float) -> float:
    """What a shift by so many cells will push out; knows no inlet, which matters to less than the first two cells."""
    n, whole = water.size, floor(cells)
    i, share, left = n - 1 - whole, cells - whole, 0.0
    if share > 0:
        come, back = water[i - 1] - water[i - 2], water[i] - water[i - 1]
        on = water[min(i + 1, n - 1)] - water[i]
        far = water[min(i + 2, n - 1)] - water[min(i + 1, n - 1)]
        slope = _slope(back, on)
        up, down = _rise(on, slope, _slope(on, far)), back - _rise(back, _slope(come, back), slope)
        left = _last_part(water[i], up, down, share)
    for i in range(n - whole, n):
        left += water[i]
    return left


@compiled_wide
def _slope(back: float, on: float) -> float:
    """Monotone central difference, from the differences to both neighbours."""
    size = min(0.5 * abs(back + on), 2 * min(abs(back), abs(on)))
    return copysign(size, on) if back * on > 0 else 0.0


@compiled_wide
def _rise(on: float, slope: float, next_slope: float) -> float:
    """From a cell to its edge with the next, which is `on` warmer: of third order."""
    return 0.5 * on - SIXTH * (next_slope - slope)


@compiled_wide
def _last_part(here: float, up: float, down: float, share: float) -> float:
    """Content of the last `share` of a cell: its profile the parabola that rises by `down` to its mean and by `up` from there.

    Where that would turn inside the cell, the larger of the two is cut to twice the smaller; where both disagree, to nothing.
    """
    agree, rest = up * down > 0, 1 - share
    high = copysign(min(abs(up), 2 * abs(down)), up) if agree else 0.0
    low = copysign(min(abs(down), 2 * abs(up)), up) if agree else 0.0
    return share * (here + rest * (rest * high + share * low))


@allocating
def run_line(
    water: Array, wall: Array, cf: float, cw: float, g: Array, r: float, dx: float, speed: Array, inlet: Array, dt: float
) -> tuple[Array, float]:
    """One line driven by an inlet: for every step its film g [W/(m K)], speed [m/s] and inlet temperature; state in place.

    Returns the outlet's mean temperature of every step and the heat lost, J. A step must not move the water beyond the line.
    """
    work, out, lost, now = np.empty((4, water.size + 2 * PAD)), np.empty(inlet.size), 0.0, -1.0
    half = whole = exchange_over(cf, cw, 1.0, r, dt)
    for k in range(inlet.size):
        if g[k] != now:
            now = g[k]
            half, whole = exchange_over(cf, cw, now, r, dt / 2), exchange_over(cf, cw, now, r, dt)
        moved = speed[k] * dt / dx
        if moved > 0:
            lost += exchange(water, wall, half, dx)
            out[k] = shift(water, work, moved, inlet[k]) / moved
            lost += exchange(water, wall, half, dx)
        else:
            out[k] = water[water.size - 1]
            lost += exchange(water, wall, whole, dx)
    return out, lost

"""One pipe: Cf (dT/dt + v dT/dx) = G (W - T), Cw dW/dt = G (T - W) - (W - Ta) / R, by Strang splitting.

The exchange is solved exactly; the shift is a conservative remap with piecewise parabolas (Colella & Woodward 1984), which
is exact when the water moves by whole cells. All temperatures here are above that of the room.
"""

from math import copysign, exp, floor, sqrt

import numpy as np

from core.hotwater.compiled import allocating, compiled, compiled_wide
from core.hotwater.kernels.arrays import copy, total

Array = np.ndarray

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

    work: [3, n + 4] or more, scratch. Returns the sum of what leaves, in cells times degrees.
    """
    n, whole = water.size, floor(cells)
    left = leaving(water, cells) if whole < n else inlet * (cells - whole) + total(water)
    push(water, work, cells, inlet)
    return left


@compiled
def push(water: Array, work: Array, cells: float, inlet: float) -> None:
    """The same, whatever leaves."""
    n, whole = water.size, floor(cells)
    rest = cells - whole
    _last_parts(water, work, rest, inlet)
    kept, parts = work[0], work[2]
    for i in range(whole + 1, n):
        water[i] = kept[i + PAD - whole] - parts[i - whole] + parts[i - whole - 1]
    if whole < n:
        water[whole] = kept[PAD] - parts[0] + rest * inlet
    for i in range(min(whole, n)):
        water[i] = inlet


@compiled
def leaving(water: Array, cells: float) -> float:
    """What a shift by so many cells will push out; knows no inlet, which matters to less than the first two cells."""
    n, whole = water.size, floor(cells)
    i, share, left = n - 1 - whole, cells - whole, 0.0
    if share > 0:
        before, here, after = water[i - 1], water[i], water[min(i + 1, n - 1)]
        slopes = _slope(water[i - 2], before, here), _slope(before, here, after), _slope(here, after, water[min(i + 2, n - 1)])
        left = _last_part(before, here, after, slopes, share)
    for i in range(n - whole, n):
        left += water[i]
    return left


@compiled_wide
def _last_parts(water: Array, work: Array, share: float, inlet: float) -> None:
    """work[2]: content of the last `share` of every cell; work[0]: the water, two cells longer at both ends; work[1]: slopes.

    The water before the first cell has the inlet's temperature, that after the last one its own. Nothing here branches, so that
    several cells are worked on at once.
    """
    n, kept, slopes, parts = water.size, work[0], work[1], work[2]
    kept[0] = kept[1] = inlet
    copy(kept[PAD:], water)
    kept[n + PAD] = kept[n + PAD + 1] = water[n - 1]
    for k in range(1, n + 3):
        slopes[k] = _slope(kept[k - 1], kept[k], kept[k + 1])
    for i in range(n):
        parts[i] = _last_part(kept[i + 1], kept[i + 2], kept[i + 3], (slopes[i + 1], slopes[i + 2], slopes[i + 3]), share)


@compiled_wide
def _last_part(before: float, here: float, after: float, slopes: tuple[float, float, float], share: float) -> float:
    """Content of the last `share` of a cell between two others, its profile a monotone parabola."""
    low = (before + here) / 2 - (slopes[1] - slopes[0]) / 6
    high = (here + after) / 2 - (slopes[2] - slopes[1]) / 6
    turns, gap = (high - here) * (here - low) <= 0, high - low
    lean, most = gap * (here - (low + high) / 2), gap * gap / 6
    bottom = here if turns else (3 * here - 2 * high if lean > most else low)
    top = here if turns else (3 * here - 2 * low if lean < -most else high)
    bend = 6 * (here - (bottom + top) / 2)
    return share * (top - share / 2 * (top - bottom - (1 - 2 * share / 3) * bend))


@compiled_wide
def _slope(before: float, here: float, after: float) -> float:
    """Monotone central difference."""
    back, on = here - before, after - here
    size = min(abs(back + on) / 2, 2 * min(abs(back), abs(on)))
    return copysign(size, on) if back * on > 0 else 0.0


@allocating
def run_line(
    water: Array, wall: Array, cf: float, cw: float, g: Array, r: float, dx: float, speed: Array, inlet: Array, dt: float
) -> tuple[Array, float]:
    """One line driven by an inlet: for every step its film g [W/(m K)], speed [m/s] and inlet temperature; state in place.

    Returns the outlet's mean temperature of every step and the heat lost, J. A step must not move the water beyond the line.
    """
    work, out, lost, now = np.empty((3, water.size + 2 * PAD)), np.empty(inlet.size), 0.0, -1.0
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

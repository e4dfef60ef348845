"""One pipe: Cf (dT/dt + v dT/dx) = G (W - T), Cw dW/dt = G (T - W) - (W - Ta) / R, by Strang splitting.

The exchange is solved exactly; the shift is a conservative remap with piecewise parabolas (Colella & Woodward 1984), which
is exact when the water moves by whole cells. All temperatures here are above that of the room.
"""

from math import exp, floor, sqrt

import numpy as np

from core.hotwater.compiled import compiled, compiled_wide

Array = np.ndarray


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
def shift(water: Array, room: Array, cells: float, inlet: float) -> float:
    """Move the water by so many cells towards the end, at most all; what enters has one temperature.

    room: scratch, as long. Returns the sum of what leaves, in cells times degrees.
    """
    n, whole = water.size, floor(cells)
    rest = cells - whole
    left = leaving(water, cells) if whole < n else inlet * rest + water.sum()
    if rest == 0:
        room[:] = 0.0
    else:
        _last_parts(water, room, rest, inlet)
    for i in range(n - 1, -1, -1):
        j = i - whole
        here = water[j] - room[j] if j >= 0 else (1 - rest) * inlet
        water[i] = here + (room[j - 1] if j >= 1 else rest * inlet)
    return left


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


@compiled
def _last_parts(water: Array, parts: Array, share: float, inlet: float) -> None:
    """Content of the last `share` of every cell; the water before the first has the inlet's temperature."""
    n, before, here = water.size, inlet, water[0]
    behind, own = 0.0, _slope(inlet, here, water[1])
    for i in range(n):
        after = water[min(i + 1, n - 1)]
        ahead = _slope(here, after, water[min(i + 2, n - 1)])
        parts[i] = _last_part(before, here, after, (behind, own, ahead), share)
        before, here, behind, own = here, after, own, ahead


@compiled
def _last_part(before: float, here: float, after: float, slopes: tuple[float, float, float], share: float) -> float:
    """Content of the last `share` of a cell between two others, its profile a monotone parabola."""
    low = (before + here) / 2 - (slopes[1] - slopes[0]) / 6
    high = (here + after) / 2 - (slopes[2] - slopes[1]) / 6
    middle = here - (low + high) / 2
    if (high - here) * (here - low) <= 0:
        low = high = here
    elif (high - low) * middle > (high - low) ** 2 / 6:
        low = 3 * here - 2 * high
    elif (high - low) * middle < -((high - low) ** 2) / 6:
        high = 3 * here - 2 * low
    bend = 6 * (here - (low + high) / 2)
    return share * (high - share / 2 * (high - low - (1 - 2 * share / 3) * bend))


@compiled
def _slope(before: float, here: float, after: float) -> float:
    """Monotone central difference."""
    back, on = here - before, after - here
    if back * on <= 0:
        return 0.0
    size = min(abs(back + on) / 2, 2 * abs(back), 2 * abs(on))
    return size if on > 0 else -size


@compiled
def run_line(
    water: Array, wall: Array, cf: float, cw: float, g: Array, r: float, dx: float, speed: Array, inlet: Array, dt: float
) -> tuple[Array, float]:
    """One line driven by an inlet: for every step its film g [W/(m K)], speed [m/s] and inlet temperature; state in place.

    Returns the outlet's mean temperature of every step and the heat lost, J. A step must not move the water beyond the line.
    """
    room, out, lost, now = np.empty_like(water), np.empty(inlet.size), 0.0, -1.0
    half = whole = exchange_over(cf, cw, 1.0, r, dt)
    for k in range(inlet.size):
        if g[k] != now:
            now = g[k]
            half, whole = exchange_over(cf, cw, now, r, dt / 2), exchange_over(cf, cw, now, r, dt)
        moved = speed[k] * dt / dx
        if moved > 0:
            lost += exchange(water, wall, half, dx)
            out[k] = shift(water, room, moved, inlet[k]) / moved
            lost += exchange(water, wall, half, dx)
        else:
            out[k] = water[water.size - 1]
            lost += exchange(water, wall, whole, dx)
    return out, lost

"""Heat between water, wall and room: every pipe owes seconds of it, and pays when its water moves or somebody reads it."""

import numpy as np

from core.hotwater.compiled import inlined
from core.hotwater.kernels.line import exchange, exchange_over
from core.hotwater.net import CF, CW, DX, Net, R
from core.hotwater.plant import LOST_HOT

Array = np.ndarray

SECONDS, FLOW, OWED = 0, 1, 2  # of exchange that a pipe still owes, and at which flow, m3/s
AT, OVER, RATES = 6, 7, 8  # behind the six numbers of an exchange: at which flow and over how many seconds


@inlined
def _film(table: Array, flow: float) -> float:
    """table: [2, k] equally spaced flows from 0, films; W/(m K) on the straight line between two, the last beyond."""
    last = table.shape[1] - 1
    at = min(flow / table[0, last] * last, float(last))
    below = min(int(at), last - 1)
    return table[1, below] + (at - below) * (table[1, below + 1] - table[1, below])


@inlined
def _pay(net: Net, water: Array, wall: Array, now: Array, rates: Array, owed: Array, p: int) -> None:
    """Water and wall of a pipe over the seconds that are owed, at the flow they were owed for.

    Two halves of the exchange that follow each other are one of both, exactly; a pipe at rest that nobody reads waits for more.
    """
    seconds, flow, m = owed[p, SECONDS], owed[p, FLOW], rates[p]
    if seconds == 0:
        return
    owed[p, SECONDS] = 0.0
    if m[AT] != flow or m[OVER] != seconds:
        pipe, g = net.pipe[p], _film(net.films[net.kind[p]], abs(flow))
        m[0], m[1], m[2], m[3], m[4], m[5] = exchange_over(pipe[CF], pipe[CW], g, pipe[R], seconds)
        m[AT], m[OVER] = flow, seconds
    a, b = net.first[p], net.first[p + 1]
    now[LOST_HOT + net.family[p]] += exchange(water[a:b], wall[a:b], (m[0], m[1], m[2], m[3], m[4], m[5]), net.pipe[p, DX])


@inlined
def exchange_moving(
    net: Net, water: Array, wall: Array, now: Array, flows: Array, rates: Array, owed: Array, seconds: float
) -> None:
    """So many seconds more are owed; paid at once by pipes that move, and before that by those whose flow has changed."""
    for p in range(net.family.size):
        if owed[p, FLOW] != flows[p]:
            _pay(net, water, wall, now, rates, owed, p)
            owed[p, FLOW] = flows[p]
        owed[p, SECONDS] += seconds
        if flows[p] != 0:
            _pay(net, water, wall, now, rates, owed, p)


@inlined
def exchange_read(
    net: Net, water: Array, wall: Array, now: Array, read: Array, rates: Array, owed: Array, seconds: float
) -> None:
    """So many seconds more are owed; paid by the pipes that somebody reads."""
    for p in range(net.family.size):
        owed[p, SECONDS] += seconds
        if read[p]:
            _pay(net, water, wall, now, rates, owed, p)

"""Who has a tap open, and what each draw got."""

import numpy as np

from core.hotwater.compiled import compiled

Array = np.ndarray

# Columns of a draw: number of the outlet, s, s, m3/s, seconds of use once it is warm (0: from start to end), J of use above the
# mains from warm on (0: the same), degrees that count as warm. Draws stand by outlet, then by time.
OUTLET, START, END, FLOW, USES, ENERGY, WARM = range(7)
# What is found: s until warm (-1: never), m3 and J above the mains that ran until then, J in all, when it began and ended;
# and for the loop alone: since when it is warm, the last temperature and its time, the s at which it ends at the latest.
WAIT, RUN_OFF, RUN_OFF_HEAT, HEAT, BEGAN, ENDED, REACHED, LAST, LAST_TIME, LATEST = range(10)
FOUND = 10
HOLD = 3.0  # s for which the tap must stay warm
CLOSE = 1e-9  # s


@compiled
def open_now(draws: Array, found: Array, turn: Array, time: float, demand: Array) -> float:
    """Fills demand [O]; moves turn [O, 2], the number of the draw that each outlet has or waits for, up to its second column.

    Returns when the next draw begins or ends. One that should begin while another runs begins when that has ended.
    """
    soon = 1e12
    for o in range(demand.size):
        demand[o] = 0.0
        while turn[o, 0] < turn[o, 1] and time >= draws[turn[o, 0], END] - CLOSE:
            found[turn[o, 0], ENDED] = time
            turn[o, 0] += 1
            if turn[o, 0] < turn[o, 1] and draws[turn[o, 0], START] < time:
                late = time - draws[turn[o, 0], START]
                draws[turn[o, 0], START] += late
                draws[turn[o, 0], END] += late
        if turn[o, 0] == turn[o, 1]:
            continue
        draw = draws[turn[o, 0]]
        if time >= draw[START] - CLOSE:
            demand[o] = draw[FLOW]
        soon = min(soon, draw[END] if time >= draw[START] - CLOSE else draw[START])
    return soon


@compiled
def note(draw: Array, got: Array, tap: float, time: float, dt: float, heat: float) -> None:
    """What one step gave: tap, its mean temperature; heat, J above the mains; `time` is its end.

    A tap became warm between the middles of two steps, by a straight line, once it has stayed warm.
    """
    since, middle = time - draw[START], time - dt / 2 - draw[START]
    if got[BEGAN] < 0:
        got[BEGAN], got[REACHED], got[LAST_TIME], got[LATEST] = draw[START], -1, -1, draw[END]
    if tap < draw[WARM]:
        got[REACHED] = -1
    elif got[REACHED] < 0:
        last = got[LAST_TIME]
        rise = (draw[WARM] - got[LAST]) / (tap - got[LAST]) if last > 0 and tap > got[LAST] else 0.0
        got[REACHED] = last + rise * (middle - last) if last > 0 else 0.0
    if got[WAIT] < 0:
        got[RUN_OFF_HEAT] += heat
        got[RUN_OFF] += draw[FLOW] * dt
        if got[REACHED] >= 0 and since - got[REACHED] >= HOLD:
            _is_warm(draw, got, time, heat / dt)
    got[HEAT] += heat
    if got[WAIT] >= 0 and draw[ENERGY] > 0:
        left, power = draw[ENERGY] - (got[HEAT] - got[RUN_OFF_HEAT]), heat / dt
        if left <= 0:
            draw[END] = time
        else:  # the burner's power goes up and down: an end foreseen earlier does not bind
            draw[END] = min(got[LATEST], time + left / power) if power > 0 else got[LATEST]
    got[LAST], got[LAST_TIME] = tap, middle


@compiled
def _is_warm(draw: Array, got: Array, time: float, power: float) -> None:
    """It has been warm for a while: what ran since then was used."""
    held = time - draw[START] - got[REACHED]
    got[WAIT], got[RUN_OFF] = got[REACHED], got[REACHED] * draw[FLOW]
    got[RUN_OFF_HEAT] -= min(power * held, got[RUN_OFF_HEAT])
    if draw[USES] > 0:
        draw[END] = max(time, draw[START] + got[WAIT] + draw[USES])

"""One opening of the tap, simulated: how it is timed, run and measured."""

from dataclasses import dataclass

import numpy as np

from core.hotwater import plant as place
from core.hotwater.params import OnDemand, Params
from core.hotwater.system import FOREVER, LITRE, State, System, run, start, system
from core.hotwater.theory import dead_time

Array = np.ndarray

LASTS = 1.8  # times what theory expects, so that the tap is seen settling
AT_LEAST = 30.0  # s
PATIENT = 1.0  # s a step while nothing is drawn
COARSE = 60  # cells where only the wait is asked for
STEADY = 5.0  # s a step where no sensor stops the pump


@dataclass(frozen=True)
class Draw:
    """One use of a tap, s and m3/s; pressed: when the button was, FOREVER for never.

    uses: seconds of use once it is warm; 0: from start to end, warm or not.
    """

    start: float
    end: float
    flow: float
    cold: bool = False
    pressed: float = FOREVER
    uses: float = 0.0


def table(made: System, draws: list[Draw]) -> tuple[Array, Array]:
    """What the loops read, and the place for what they measure: seconds until warm (-1: never), m3 run until then."""
    ways = {d.flow: made.hot_way(d.flow) for d in draws if d.cold}
    rows = [[d.start, d.end, d.flow, float(d.cold), ways[d.flow] if d.cold else 0.0, d.pressed, d.uses] for d in draws]
    return np.array(rows, float).reshape(-1, 7), np.tile([-1.0, 0.0], (len(draws), 1))


def lasts(made: System, flow: float) -> float:
    """Seconds for which the tap stays open."""
    return max(AT_LEAST, LASTS * (dead_time(made.pipe, made.length, flow) + made.opening.delays[-1] + 5))


def step_of(made: System, flow: float) -> float:
    """Of a draw: the water moves by one cell, so that its front stays sharp."""
    return min(PATIENT, made.plant.cell / flow)


def ahead_of(p: Params) -> float:
    """Seconds between the button and the tap."""
    return min(p.switching.ahead, p.tap.standing * 60) if isinstance(p.switching, OnDemand) else 0.0


def rests(made: System, state: State, until: float) -> None:
    """Nothing is drawn and no button is pressed until then."""
    step = STEADY if made.plant.switching in (place.ALWAYS, place.TIMER) else PATIENT
    if until > state.time:
        run(made, state, until, step, *table(made, []))


def opened(made: System, state: State, at: float, flow: float, ahead: float | None) -> tuple[float, bool]:
    """(seconds until the hot tap is warm, or for which it was open; whether it became warm). Goes on with `state`."""
    end = at + lasts(made, flow)
    draws, waits = table(made, [Draw(at, end, flow, pressed=FOREVER if ahead is None else at - ahead)])
    state.now[place.DRAW], state.now[place.ANSWERED] = 0, 0
    run(made, state, end, step_of(made, flow), draws, waits)
    warm = bool(waits[0, 0] >= 0)
    return (float(waits[0, 0]) if warm else end - at), warm


def waits_after(p: Params, length: float, minutes: Array) -> tuple[Array, Array]:
    """Waits in seconds after the line stood for these minutes, rising; and whether each became warm."""
    flow, pressed = p.tap.flow * LITRE, isinstance(p.switching, OnDemand)
    made = system(p.replace(cells=min(p.cells, COARSE)), length)
    state, found = start(made), []
    for at in minutes * 60:
        ahead = min(p.switching.ahead, at) if isinstance(p.switching, OnDemand) else 0.0
        rests(made, state, at - ahead)
        found.append(opened(made, state.copy(), at, flow, ahead if pressed else None))
    seconds, warm = zip(*found, strict=True)
    return np.array(seconds), np.array(warm)


def wait_of(p: Params, length: float) -> float:
    """Seconds that this household waits with so many metres of pipe, without a pump; infinite where it stays cold."""
    made = system(p, length)
    state = start(made)
    rests(made, state, p.tap.standing * 60)
    seconds, warm = opened(made, state, p.tap.standing * 60, p.tap.flow * LITRE, None)
    return seconds if warm else float("inf")

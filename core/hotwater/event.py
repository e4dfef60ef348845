"""One opening of the tap, simulated: how it is timed, run and measured."""

import numpy as np

from core.hotwater import plant as place
from core.hotwater.params import OnDemand, Params
from core.hotwater.single import HOT_TAP, Single, single
from core.hotwater.system import BEGAN, ENDED, EVERY_LINK, WAIT, Agenda, Draw, State, agenda, run, start
from core.hotwater.theory import dead_time
from core.hotwater.water import LITRE

Array = np.ndarray

LASTS = 1.8  # times what theory expects, so that the tap is seen settling
AT_LEAST = 30.0  # s
PATIENT = 1.0  # s a step while nothing is drawn
COARSE = 60  # cells where only the wait is asked for
STEADY = 5.0  # s a step where no sensor stops the pump
FLOW = 3  # column of a draw


def lasts(made: Single, flow: float) -> float:
    """Seconds for which the tap stays open."""
    return max(AT_LEAST, LASTS * (dead_time(made.tube, made.length, flow) + made.opening.delays[-1] + 5))


def step_of(made: Single, flow: float) -> float:
    """Of a draw: the water moves by one cell, so that its front stays sharp."""
    return min(PATIENT, made.tube.area * made.length / made.cells / flow)


def ahead_of(p: Params) -> float:
    """Seconds between the button and the tap."""
    return min(p.switching.ahead, p.tap.standing * 60) if isinstance(p.switching, OnDemand) else 0.0


def called(made: Single, draw: Draw, ahead: float | None) -> Agenda:
    """One draw, and a button pressed so many seconds ahead of it, where there is one.

    The button calls the pump; where there is none it opens a drain valve beside the tap, as wide as the tap, until the water is
    warm or the tap is opened: the second draw of the agenda.
    """
    if ahead is None:
        return agenda(made, [draw])
    at = draw.start - ahead
    if len(made.net.links):
        return agenda(made, [draw], [(at, EVERY_LINK)])
    return agenda(made, [draw, draw.drained(at)] if ahead > 0 else [draw])


def drained(asked: Agenda) -> float:
    """m3 that ran through a drain valve."""
    lasted, flow = asked.of(ENDED) - asked.of(BEGAN), asked.draws[asked.order, FLOW]
    return float(np.dot(flow[1:], lasted[1:]))


def rests(made: Single, state: State, until: float) -> None:
    """Nothing is drawn and no button is pressed until then."""
    steady = made.plant.switching == place.WINDOWS
    if until > state.time:
        run(made, state, until, STEADY if steady else PATIENT, agenda(made, []))


def opened(made: Single, state: State, at: float, flow: float, ahead: float | None) -> tuple[float, bool]:
    """(seconds until the hot tap is warm, or for which it was open; whether it became warm). Goes on with `state`."""
    end = at + lasts(made, flow)
    asked = called(made, Draw(at, end, flow, HOT_TAP, warm=made.warm), ahead)
    state.now[place.PRESS] = 0
    run(made, state, end, step_of(made, flow), asked)
    wait = float(asked.of(WAIT)[0])
    return (wait, True) if wait >= 0 else (end - at, False)


def waits_after(p: Params, length: float, minutes: Array) -> tuple[Array, Array]:
    """Waits in seconds after the line stood for these minutes, rising; and whether each became warm."""
    flow, pressed = p.tap.flow * LITRE, isinstance(p.switching, OnDemand)
    made = single(p.replace(cells=min(p.cells, COARSE)), length)
    state, found = start(made), []
    for at in minutes * 60:
        ahead = min(p.switching.ahead, at) if isinstance(p.switching, OnDemand) else 0.0
        rests(made, state, at - ahead)
        found.append(opened(made, state.copy(), at, flow, ahead if pressed else None))
    seconds, warm = zip(*found, strict=True)
    return np.array(seconds), np.array(warm)


def wait_of(p: Params, length: float) -> float:
    """Seconds that this household waits with so many metres of pipe, without a pump; infinite where it stays cold."""
    made = single(p, length)
    state = start(made)
    rests(made, state, p.tap.standing * 60)
    seconds, warm = opened(made, state, p.tap.standing * 60, p.tap.flow * LITRE, None)
    return seconds if warm else float("inf")

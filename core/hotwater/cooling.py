"""How warm the hot line still is after it has stood, with whatever pump the scheme has."""

import numpy as np

from core.hotwater.event import rests
from core.hotwater.params import Params
from core.hotwater.single import single
from core.hotwater.system import start
from core.hotwater.theory import cooled, cooling_time

Array = np.ndarray

LONGEST, SIMULATED, DRAWN = 240.0, 16, 60  # minutes, times of each


def cooling(p: Params, length: float) -> dict[str, Array]:
    """Minutes and degrees: simulated mean of the hot line, theory without a pump by both eigenvalues, and by the slow one."""
    made = single(p, length)
    state, left = start(made), []
    minutes = np.linspace(0, LONGEST, SIMULATED)
    for at in minutes * 60:
        rests(made, state, at)
        left.append(state.water[made.pipe(0)].mean() + p.room)
    drawn = np.linspace(0, LONGEST, DRAWN)
    warmth, slow = p.set_point - p.room, np.exp(-drawn * 60 / cooling_time(made.tube))
    theory = {"left_theory": p.room + warmth * cooled(made.tube, drawn * 60), "left_slow": p.room + warmth * slow}
    return {"stood": minutes, "left": np.array(left), "stood_theory": drawn, **theory}

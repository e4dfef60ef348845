"""Experiment hotwater_tap: one heater, one pipe, one tap; how long until it is warm, and what each remedy costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.hotwater import plant as place
from core.hotwater.event import ahead_of, called, drained, lasts, rests, step_of, waits_after
from core.hotwater.inverse import length_of
from core.hotwater.params import OnDemand, Params
from core.hotwater.single import COLD_TAP, HOT_TAP, Single, pumped, single
from core.hotwater.system import WAIT, Agenda, Draw, State, imbalance, run, start
from core.hotwater.theory import cooling_time, dead_time
from core.hotwater.water import LITRE
from core.result import Result

Array = np.ndarray

FRAMES, SEGMENTS = 101, 40
BEFORE = 5.0  # s of the film before anything happens
SAMPLES, SHORTEST_STANDING, LONGEST_STANDING = 8, 2.0, 720.0  # standing times that are drawn by lot, minutes
KWH = 3.6e6
LOOP = place.LOG.index("loop")


@dataclass(frozen=True, eq=False)
class TapResult(Result):
    """Seconds count from the opening of the tap; temperatures are in degrees Celsius. S steps, F = 101 frames, K = 8, M = 40.

    Lines: hot, return, cold; segments run from the heater to the tap, but for the return line, which runs back.
    """

    time: Array  # [S] float32
    tap: Array  # [S] float32, end of the hot line, the mean of each step
    cold_tap: Array  # [S] float32, what the cold tap gives
    heater: Array  # [S] float32, outlet
    power: Array  # [S] float32 kW into the water
    tap_theory: Array  # [S] float32, two fronts of Anzelius and Schumann; no pump
    film_time: Array  # [F]
    water: Array  # [F, 3, M] float32
    wall: Array  # [F, 3, M] float32
    states: Array  # [F, 4] uint8: burner (0 off, 1 ignition, 2 on), pump, valve of the scheme or the drain, tap
    tank: Array  # [F, 10] float32, layers of a storage tank from its bottom to its top; [F, 0] where there is none
    standings: Array  # [K] minutes, drawn by lot
    waits: Array  # [K] s after each of them
    became_warm: Array  # [K] bool; where false, the wait is how long it was open
    standings_theory: Array  # [48] minutes
    waits_theory: Array  # [48] s without a pump; -1 where it stays cold
    heat: Array  # [8] J: burner, pump, drawn, lost by hot, return and cold line and heater, stored at the end less at the start
    length: float  # m
    litres: float  # in the hot line
    wait: float  # s, or for how long the hot tap stayed cold; 0 of the cold tap
    warm: bool  # whether it became warm
    wasted: float  # L run until then, and through a drain valve before
    wait_theory: float  # s without a pump; -1 where it stays cold
    dead_time: float  # s
    cooling_minutes: float  # slow time constant at rest
    arrives_theory: float  # degrees at the tap in the long run
    cold_warm: float  # s for which a cold tap gave warm water
    starts: int  # of the burner
    pump_flow: float  # L/min, 0 where there is no pump
    solved: bool  # whether the length was looked for
    opens_cold: bool
    cold_loops: bool  # whether some of what a cold tap draws comes along the hot line

    def metrics(self) -> dict[str, float]:
        """Seconds, litres, metres, kWh and degrees; energy_residual: imbalance over the sum of all flows of heat."""
        fired, _, _, *lost, _ = map(float, self.heat)
        return {
            "wait_s": self.wait,
            "wait_s_theory": self.wait_theory,
            "becomes_warm": float(self.warm),
            "dead_time_theory_s": self.dead_time,
            "length_m": self.length,
            "pipe_L": self.litres,
            "wasted_L": self.wasted,
            "steady_C": float(self.tap[-1]),
            "steady_C_theory": self.arrives_theory,
            "cooling_min": self.cooling_minutes,
            "heat_loss_kWh": sum(lost) / KWH,
            "gas_heat_kWh": fired / KWH,
            "burner_starts": float(self.starts),
            "pump_L_min": self.pump_flow,
            "cold_tap_warm_s": self.cold_warm,
            "energy_residual": imbalance(self.heat),
        }


def compute(p: Params) -> TapResult:
    """The line stands, the tap is opened; p.seed draws the standing times of the second picture by lot."""
    made = single(p, length_of(p))
    state = start(made)
    before, flow = state.stored(made), p.tap.flow * LITRE
    step, every, lead = pace(p, made)
    opens = p.tap.standing * 60
    closes = opens + (FRAMES - 1 - lead) * every
    cold = p.tap.kind == "cold"
    ahead = ahead_of(p) if isinstance(p.switching, OnDemand) and not cold else None
    asked = called(made, Draw(opens, closes, flow, COLD_TAP if cold else HOT_TAP, warm=made.warm), ahead)
    rests(made, state, opens - lead * every)
    film, log = filmed(made, state, step, every, asked, opens)
    found = float(asked.of(WAIT)[0])
    warm = found >= 0 and not cold
    wait = found if warm else (0.0 if cold else closes - opens)
    standings = _drawn_by_lot(p.seed)
    seconds, became_warm = waits_after(p, made.length, standings)
    drawn: dict[str, Any] = _series(p, made, log, opens) | film | {"film_time": film["film_time"] - opens} | _theory(p, made)
    return TapResult(
        **drawn,
        standings=standings,
        waits=seconds,
        became_warm=became_warm,
        heat=np.array([*state.now[place.FIRED : place.LOST_HEATER + 1], state.stored(made) - before]),
        length=made.length,
        litres=made.tube.area * made.length * 1000,
        wait=wait,
        warm=warm,
        wasted=(wait * flow + drained(asked)) * 1000,
        cold_warm=float(state.now[place.COLD_WARM]),
        starts=int(state.now[place.STARTS]),
        pump_flow=pumped(made) / LITRE,
        solved=p.known.kind == "wait",
        opens_cold=cold,
        cold_loops=bool(cold and not made.plant.returns and log[:, LOOP].max() > 0),
    )


def _theory(p: Params, made: Single) -> dict[str, Any]:
    """What a pipe without a pump does, in closed form."""
    minutes, opening = np.geomspace(SHORTEST_STANDING, LONGEST_STANDING, 48), made.opening
    return {
        "standings_theory": minutes,
        "waits_theory": opening.waits(p.use, minutes * 60),
        "wait_theory": float(opening.waits(p.use, np.array([p.tap.standing * 60]))[0]),
        "dead_time": dead_time(made.tube, made.length, p.tap.flow * LITRE),
        "cooling_minutes": cooling_time(made.tube) / 60,
        "arrives_theory": p.mains if opening.never else opening.arrives,
    }


def pace(p: Params, made: Single) -> tuple[float, float, int]:
    """(seconds a step, seconds a frame, frames before the tap is opened): a frame is so many whole steps."""
    flow, standing = p.tap.flow * LITRE, p.tap.standing * 60
    step, lead = step_of(made, flow), min(standing, ahead_of(p) + BEFORE)
    every = step * np.ceil((lead + lasts(made, flow)) / (FRAMES - 1) / step)
    return step, float(every), int(min(np.ceil(lead / every), standing // every))


def filmed(
    made: Single, state: State, step: float, every: float, asked: Agenda, opens: float
) -> tuple[dict[str, Array], Array]:
    """Runs on through all frames; what each shows, and every step's log [S, 9]."""
    log, rows, begins = np.empty((int(FRAMES * (every / step + 6)), len(place.LOG) + 2)), 0, state.time
    lines = np.empty((2, FRAMES, 3, made.cells))
    states, tank = np.zeros((FRAMES, 4), np.uint8), []
    for k in range(FRAMES):
        if k:
            rows += run(made, state, begins + k * every, step, asked, log[rows:])
        lines[:, k] = made.lines(state)
        tank.append(state.tank(made) + made.opening.room)
        tap, valve = opens <= state.time or k == FRAMES - 1, state.doors[:, 0].max(initial=0)
        drains = len(state.doors) == 0 and not tap and state.flows[-1] > 0
        states[k] = [int(state.now[place.MODE]), int(state.now[place.PUMPING]), int(valve or drains), tap]
    water, wall = (_segments(each + made.opening.room) for each in lines)
    film = {"film_time": begins + every * np.arange(FRAMES), "water": water, "wall": wall, "states": states}
    return film | {"tank": np.array(tank, np.float32)}, log[:rows]


def _segments(lines: Array) -> Array:
    """[F, 3, n] cells -> [F, 3, M] float32, at the middles of segments."""
    count = lines.shape[-1]
    place_ = np.clip((np.arange(SEGMENTS) + 0.5) / SEGMENTS * count - 0.5, 0, count - 1)
    left = np.minimum(place_.astype(int), count - 2)
    share = place_ - left
    return np.asarray(lines[..., left] * (1 - share) + lines[..., left + 1] * share, np.float32)


def _series(p: Params, made: Single, log: Array, opens: float) -> dict[str, Array]:
    """The log as the result has it."""
    named = {name: log[:, k] for k, name in enumerate((*place.LOG, "tap", "cold_tap"))}
    time = named["time"] - opens
    theory = made.opening.tap(np.maximum(time, 0.0), opens)
    rows = {"time": time, "power": named["power"] / 1000, "tap_theory": theory}
    rows |= {"tap": named["tap"] + p.room, "cold_tap": named["cold_tap"] + p.room, "heater": named["heater_out"] + p.room}
    return {name: row.astype(np.float32) for name, row in rows.items()}


def _drawn_by_lot(seed: int) -> Array:
    """Standing times in minutes, rising, even in their logarithm."""
    share = np.sort(np.random.default_rng(seed).random(SAMPLES))
    return SHORTEST_STANDING * (LONGEST_STANDING / SHORTEST_STANDING) ** share

"""From parameters to a plant that can run: SI units, degrees above the room."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from core.hotwater import plant as place
from core.hotwater.hydraulics import hot_way, pump_flow
from core.hotwater.params import Crossover, OnDemand, Params, ReturnLine, ReturnThermostatic, Tank, Tankless, Thermostat, Timer
from core.hotwater.pipes import Pipe, pipe
from core.hotwater.plant import Plant
from core.hotwater.theory import Opening, exchanger_delays

Array = np.ndarray

FEWEST = 20  # cells of a line, and cells a metre that are enough
LITRE = 1e-3 / 60  # m3/s of 1 L/min
FOREVER = 1e12  # s
COOLS_IN = 1800.0  # s in which an exchanger at rest loses most of its warmth; an assumption
SETTLES = 3.0  # s of the heater's control
COLD_IS_COLD_BELOW = 25.0  # degrees of a cold tap
REOPENS = 5.0  # K below closing at which a warm valve opens again; an assumption
RELAY = 300.0  # s after which the relay of the article's second device (2025) goes off by itself
HOLDS = 0.5  # of the starting flow: Rinnai names 0.26 gpm to hold against 0.4 to 0.6 gpm to start
LINKS = {
    "drain": place.NO_LINK,
    "return_line": place.OPEN_LINK,
    "return_thermostatic": place.THERMOSTATIC,
    "crossover_check": place.CHECK,
    "crossover_thermostatic": place.THERMOSTATIC,
    "crossover_solenoid": place.SOLENOID,
}
SWITCHES = {
    "never": place.NEVER,
    "always": place.ALWAYS,
    "timer": place.TIMER,
    "thermostat": place.THERMOSTAT,
    "on_demand": place.DEMAND,
}
BOILING = 100.0  # degrees that no sensor waits for


@dataclass(frozen=True, eq=False)
class System:
    """A plant, its pipe, and what water passes on to the wall at any flow."""

    plant: Plant
    pipe: Pipe
    length: float
    cells: int
    films: Array  # [2, k]
    opening: Opening
    opens_at: float  # Pa of the check valve

    @cached_property
    def record(self) -> Any:
        """The plant as the loops read it."""
        return self.plant.record()

    def hot_way(self, flow: float) -> float:
        """Of a cold tap's flow, what comes along the hot line where the valve is open, m3/s."""
        return hot_way(flow, self.opens_at, self.pipe.resistance(), self.length) if self.plant.into_cold else 0.0


@dataclass
class State:
    """All that changes; temperatures above the room."""

    water: Array  # [3, n]
    wall: Array  # [3, n]
    now: Array  # [PLACES]
    time: float = 0.0
    log: Array = field(default_factory=lambda: np.empty((0, len(place.LOG))))

    def copy(self) -> "State":
        return State(self.water.copy(), self.wall.copy(), self.now.copy(), self.time)

    def stored(self, plant: Plant) -> float:
        """Heat above the room in lines and exchanger, J."""
        lines = float((plant.cf * self.water + plant.cw * self.wall).sum()) * plant.dx
        return lines + (0.0 if plant.tank else plant.exchanger * float(self.now[place.EXCHANGER]))


def system(p: Params, length: float, flow: float | None = None) -> System:
    """length in m; flow: of the tap, m3/s, where it is not that of the parameters."""
    tube, flow = pipe(p.pipe, p.insulation / 1000), p.tap.flow * LITRE if flow is None else flow
    cells = max(FEWEST, min(p.cells, int(FEWEST * length)))
    made = Plant(
        cf=tube.water_heat, cw=tube.wall_heat, r=tube.room_resistance, dx=length / cells,
        cell=tube.area * length / cells, volume_heat=tube.volume_heat, mains=p.mains - p.room, setting=p.set_point - p.room,
        use=p.use - p.room, too_warm=COLD_IS_COLD_BELOW - p.room,
        **_heater(p, tube.volume_heat), **_scheme(p), **_switching(p),
        pump_flow=_pumped(p, tube, length), pump_heat=p.pump_power,
    )  # fmt: skip
    films = tabulated(tube, (flow, made.pump_flow))
    return System(made, tube, length, cells, films, opening(p, tube, length, flow), p.valve_opening * 1e3)


def tabulated(tube: Pipe, exact: tuple[float, ...]) -> Array:
    """What the film passes on, by flow; straight lines between, and right at the flows that are named."""
    own = np.array([[flow, tube.film(flow)] for flow in sorted(set(exact)) if flow > 0]).T
    flows, films = np.concatenate([_films(tube), own], axis=1)
    return np.stack([flows, films])[:, np.argsort(flows, kind="stable")]


@lru_cache(maxsize=64)
def _films(tube: Pipe) -> Array:
    flows = np.linspace(0, 60 * LITRE, 241)
    return np.stack([flows, [tube.film(float(flow)) for flow in flows]])


def opening(p: Params, tube: Pipe, length: float, flow: float) -> Opening:
    """The same in theory, without a pump."""
    hot, delays, never = p.set_point, (0.0,), False
    if isinstance(p.heater, Tankless):
        most, per_degree = p.heater.most_power * 1e3, tube.volume_heat * flow
        need = per_degree * (p.set_point - p.mains)
        hot = min(hot, p.mains + most / per_degree)
        rises = exchanger_delays(p.heater.exchanger / 1e3, flow, hot - p.mains, need, most, SETTLES)
        delays = tuple((p.heater.ignition + rises).tolist())
        never = flow < p.heater.fires_from * LITRE
    return Opening(tube, length, flow, hot, p.mains, p.room, delays, never)


def start(made: System) -> State:
    """Hot water has just been used: the hot line is at the set point, the others are as the room."""
    water, plant = np.zeros((3, made.cells)), made.plant
    water[place.HOT] = plant.setting
    now = np.zeros(place.PLACES)
    now[place.EXCHANGER], now[place.CYCLE], now[place.REACHED], now[place.LAST_TIME] = plant.setting, 1, -1, -FOREVER
    return State(water, water.copy(), now)


def run(made: System, state: State, until: float, step: float, draws: Array, waits: Array, log: Array | None = None) -> int:
    """Goes on to `until` in place; rows written to the log."""
    from core.hotwater.kernels.network import advance  # noqa: PLC0415  numba takes half a second to import

    span = np.array([state.time, until, step])
    kept = state.log if log is None else log
    rows = advance(made.record, made.films, state.water, state.wall, state.now, draws, waits, span, kept)
    state.time = until
    return int(rows)


def _heater(p: Params, volume_heat: float) -> dict[str, float]:
    if isinstance(p.heater, Tank):
        loss = p.heater.standing_loss / max(p.set_point - p.room, 1.0)
        none = dict.fromkeys(("fires", "holds", "ignition", "least", "most"), 0.0)
        return none | {"tank": True, "exchanger": 1.0, "standby": loss}
    fires, exchanger = p.heater.fires_from * LITRE, p.heater.exchanger * 1e-3 * volume_heat
    power = {"least": p.heater.least_power * 1e3, "most": p.heater.most_power * 1e3}
    burner = {"fires": fires, "holds": HOLDS * fires, "ignition": p.heater.ignition}
    return power | burner | {"tank": False, "exchanger": exchanger, "standby": exchanger / COOLS_IN}


def _scheme(p: Params) -> dict[str, float]:
    closes = (p.scheme.closes_at if isinstance(p.scheme, ReturnThermostatic | Crossover) else BOILING) - p.room
    shared = isinstance(p.scheme, ReturnLine | ReturnThermostatic) and not p.scheme.second_check
    into_cold = p.scheme.kind.startswith("crossover")
    return {"link": LINKS[p.scheme.kind], "into_cold": into_cold, "shared": shared or into_cold} | {
        "closes": closes,
        "reopens": closes - REOPENS,
    }


def _switching(p: Params) -> dict[str, float]:
    stops = _stops(p) - p.room
    starts = stops - (p.switching.hysteresis if isinstance(p.switching, Thermostat) else 0.0)
    timer = p.switching if isinstance(p.switching, Timer) else Timer()
    times = {"period": timer.every * 60, "run": timer.runs * 60, "longest": RELAY}
    return times | {"switching": SWITCHES[p.switching.kind], "starts_below": starts, "stops_above": stops}


def _stops(p: Params) -> float:
    """Temperature at which the pump's sensor is content."""
    if isinstance(p.switching, Thermostat):
        return p.set_point - p.switching.stops_below_set
    return min(p.use, p.set_point - 1) if isinstance(p.switching, OnDemand) else BOILING


def _pumped(p: Params, tube: Pipe, length: float) -> float:
    return pump_flow(p.pump_head, tube.resistance(), 2 * length) if p.scheme.kind != "drain" else 0.0

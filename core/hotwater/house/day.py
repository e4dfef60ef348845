"""Experiment hotwater_house: a home through a day, under any scheme; what people wait for, and what it costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.hotwater import heaters
from core.hotwater import plant as place
from core.hotwater.house.bill import KWH, Bill, bill, kit_price, payback
from core.hotwater.house.expected import standing_loss, waits
from core.hotwater.house.film import Film, filmed
from core.hotwater.house.home import DAY, Home, home
from core.hotwater.house.params import HouseParams
from core.hotwater.house.warnings import warnings
from core.hotwater.system import BEGAN, ENDED, RUN_OFF, RUN_OFF_HEAT, WAIT, Agenda, State, agenda, imbalance, run, start
from core.result import Result

Array = np.ndarray

STEP, PATIENT = 1.0, 4.0  # s while a tap is open, and while the pump runs alone
EVENING = 3600.0  # s for which the pump has run before the day begins


@dataclass(frozen=True, eq=False)
class HouseResult(Result):
    """One day. F moments, S segments of P pipes, C links, O outlets (hot taps of all rooms, then cold), D draws.

    Seconds from midnight, degrees Celsius.
    """

    times: Array  # [F] s
    water: Array  # [F, S] float32
    wall: Array  # [F, S] float32
    segments: Array  # [P] of every pipe, in order
    ways: Array  # [F, P] int8: 1 from the start of a pipe to its end, -1 back, 0 at rest
    states: Array  # [F, 2] uint8: burner (0 off, 1 ignition, 2 on), pump
    doors: Array  # [F, C] uint8, valves that are open
    taps: Array  # [F, O] uint8
    tank: Array  # [F, 10] float32, layers of a storage tank from its bottom to its top; [F, 0] where there is none
    power: Array  # [F] kW into the water, mean since the moment before
    at: Array  # [D] s when a draw began
    flow: Array  # [D] L/min
    place: Array  # [D] number of its room, from 0
    cold: Array  # [D] bool, of cold water
    wait: Array  # [D] s until warm, -1: never, or cold was wanted
    lasted: Array  # [D] s
    run_off: Array  # [D] L until warm; all of it where it never was
    wait_theory: Array  # [D] s, -1 where cold was wanted or warm water never comes
    counts: Array  # [D] bool, hot draws strong enough to fire the heater
    heat: Array  # [8] J: burner, pump, drawn, lost by hot, return and cold pipes and heater, stored
    warmup: float  # J above the mains that ran off while somebody waited
    wasted: float  # L of all draws until warm
    bill: dict[str, float]
    plain_wasted: float  # L, of the same day without a scheme
    plain_running: float  # what that costs without a kit
    loss_always: float  # W that hot side and return line lose when they are hot
    tallies: dict[str, float]
    warnings: list[str]
    prices: dict[str, float]

    def metrics(self) -> dict[str, float]:
        """Of the day."""
        hot = self.counts
        seconds = np.where(self.wait >= 0, self.wait, self.lasted)[hot]
        theory = np.where(self.wait_theory >= 0, self.wait_theory, self.lasted)[hot]
        return (
            {
                "wait_median_s": quantile(seconds, 0.5),
                "wait_median_s_theory": quantile(theory, 0.5),
                "wait_p95_s": quantile(seconds, 0.95),
                "wait_p95_s_theory": quantile(theory, 0.95),
                "wait_max_s": quantile(seconds, 1.0),
                "draws_hot": float(hot.sum()),
                "draws_cold": float((self.wait[hot] < 0).sum()),
                "water_wasted_L": self.wasted,
                "warmup_kWh": self.warmup / KWH,
                "heat_loss_kWh": float(self.heat[3:7].sum()) / KWH,
                "heat_loss_return_kWh": float(self.heat[4]) / KWH,
                "heat_loss_cold_kWh": float(self.heat[5]) / KWH,
            }
            | self.bill
            | self.tallies
            | {"kit_in_drained_water_years": self._years("kit"), "pump_in_drained_water_years": self._years("pump")}
            | {"payback_years": payback(self.prices["bought"], self.plain_running - self.prices["running"])}
            | {"energy_residual": imbalance(self.heat)}
        )

    def _years(self, what: str) -> float:
        """For how long a price buys the water that runs off without a scheme: the article's two sums."""
        return payback(self.prices[what], self.plain_wasted / 1000 * self.prices["water"])


@dataclass(frozen=True, eq=False)
class Lived:
    """A day that was run: what the draws got, in the order of the wishes."""

    home: Home
    state: State
    asked: Agenda
    stored: float  # J, change

    def of(self, column: int) -> Array:
        """Of every wish, [D]."""
        return self.asked.of(column)[: len(self.home.wishes)]

    @property
    def hot(self) -> Array:
        """Wishes of hot water that are strong enough to fire the heater, [D] bool."""
        least = heaters.fires_from(self.home.p.heater)
        return np.array([not wish.cold and wish.flow >= least for wish in self.home.wishes], bool)

    @property
    def lasted(self) -> Array:
        """[D] s; of a draw that midnight cut, until then."""
        began, ended = self.of(BEGAN), self.of(ENDED)
        return np.where(began < 0, 0.0, np.where(ended < 0, self.state.time, ended) - began)

    @property
    def run_off(self) -> Array:
        """[D] m3 that ran while somebody waited, or until a drain valve closed."""
        return np.where(self.hot, self.of(RUN_OFF), 0.0)

    @property
    def drained(self) -> float:
        """m3 through drain valves, and of taps opened to call a pump."""
        began, ended = (self.asked.of(column)[len(self.home.wishes) :] for column in (BEGAN, ENDED))
        flow = self.asked.draws[self.asked.order, 3][len(self.home.wishes) :]
        return float((np.where(began < 0, 0.0, np.maximum(ended, began) - began) * flow).sum())

    @property
    def wasted(self) -> float:
        """L of all draws until warm, and through drain valves."""
        return float(self.run_off.sum() + self.drained) * 1000

    @property
    def warmup(self) -> float:
        """J above the mains that ran off while somebody waited."""
        return float(np.where(self.hot, self.of(RUN_OFF_HEAT), 0.0).sum())

    @property
    def heat(self) -> Array:
        """[8] J: burner, pump, drawn, lost by hot, return and cold pipes and heater, stored."""
        return np.array([*self.state.now[place.FIRED : place.LOST_HEATER + 1], self.stored])

    @property
    def water(self) -> float:
        """L drawn, hot and cold."""
        return float(self.state.now[place.VOLUME]) * 1000


def prepared(p: HouseParams) -> tuple[Home, State, Agenda]:
    """Midnight: pipes as the pump keeps them, a tank at its set point, everything else as the room."""
    made = home(p)
    state = start(made.system)
    state.water[:], state.wall[:], state.now[place.EXCHANGER] = 0.0, 0.0, 0.0
    if len(made.system.windows) and made.system.windows[0, 0] == 0:
        run(made.system, state, EVENING, STEP, agenda(made.system, []), patient=PATIENT)
        state.time, state.now[place.STARTS : place.LOW_VOLUME] = 0.0, 0.0
        state.now[place.WINDOW] = 0
    return made, state, agenda(made.system, made.draws(), made.presses())


def lived(p: HouseParams) -> Lived:
    """A day without pictures."""
    made, state, asked = prepared(p)
    before = state.stored(made.system)
    run(made.system, state, DAY, STEP, asked, patient=PATIENT)
    return Lived(made, state, asked, state.stored(made.system) - before)


def compute(p: HouseParams) -> HouseResult:
    """A day, with pictures."""
    made, state, asked = prepared(p)
    before = state.stored(made.system)
    film = filmed(made, state, asked, STEP, PATIENT)
    seen = Lived(made, state, asked, state.stored(made.system) - before)
    alone = seen if p.scheme.kind == "drain" and p.switching.kind == "never" else lived(plain(p))
    return _result(seen, film, alone)


def plain(p: HouseParams) -> HouseParams:
    """The same home without any scheme."""
    layout = "small_loop" if p.layout.value == "parallel" else p.layout.value
    return p.replace(switching="never", scheme="drain", layout=layout)


def bill_of(seen: Lived) -> Bill:
    """What its day cost."""
    p, now = seen.home.p, seen.state.now
    return bill(p, float(now[place.FIRED]), float(now[place.PUMP_TIME]), seen.water)


def _result(seen: Lived, film: Film, alone: Lived) -> HouseResult:
    p, wishes, now = seen.home.p, seen.home.wishes, seen.state.now
    paid, unpaid = bill_of(seen), bill_of(alone)
    return HouseResult(
        **_pictures(film, p.room),
        at=np.where(seen.of(BEGAN) < 0, [wish.at for wish in wishes], seen.of(BEGAN)),
        flow=np.array([wish.flow for wish in wishes]),
        place=np.array([wish.place for wish in wishes]),
        cold=np.array([wish.cold for wish in wishes], bool),
        wait=seen.of(WAIT).copy(),
        lasted=seen.lasted,
        run_off=seen.run_off * 1000,
        wait_theory=waits(seen.home),
        counts=seen.hot,
        heat=seen.heat,
        warmup=seen.warmup,
        wasted=seen.wasted,
        bill=_named(paid),
        plain_wasted=alone.wasted,
        plain_running=unpaid.running,
        loss_always=standing_loss(seen.home),
        tallies=_tallies(now),
        warnings=warnings(seen.home, now),
        prices={
            "kit": p.kit_price,
            "bought": kit_price(p),
            "pump": p.pump_price,
            "water": p.water_price,
            "running": paid.running,
        },
    )


def _pictures(film: Film, room: float) -> dict[str, Any]:
    spans = np.diff(film.times, prepend=0.0)
    fired = np.diff(np.array(film.fired), prepend=0.0)
    return {
        "times": film.times,
        "water": np.array(film.water, np.float32) + np.float32(room),
        "wall": np.array(film.wall, np.float32) + np.float32(room),
        "segments": film.counts,
        "ways": np.array(film.ways, np.int8),
        "states": np.array(film.states, np.uint8),
        "doors": np.array(film.doors, np.uint8).reshape(len(film.times), -1),
        "taps": np.array(film.taps, np.uint8),
        "tank": np.array(film.tank, np.float32) + np.float32(room),
        "power": np.where(spans > 0, fired / np.maximum(spans, 1e-9), 0.0) / 1000,
    }


def _named(paid: Bill) -> dict[str, float]:
    return {
        "fuel_kWh": paid.fuel,
        "gas_kWh": paid.fuel if paid.gas else 0.0,
        "gas_m3": paid.gas,
        "electricity_kWh": paid.power,
        "water_L": paid.water,
        "cost": paid.total,
        "cost_year": paid.total * 365,
        "co2_kg": paid.co2,
    }


def _tallies(now: Array) -> dict[str, float]:
    pump = float(now[place.PUMP_TIME])
    return {
        "pump_kWh": float(now[place.PUMP_HEAT]) / KWH,
        "pump_hours": pump / 3600,
        "burner_starts": float(now[place.STARTS]),
        "valve_cycles": float(now[place.CLOSINGS]),
        "cold_tap_warm_s": float(now[place.COLD_WARM]),
        "filter_hot_s": float(now[place.FILTER_HOT]),
        "tank_lukewarm_s": float(now[place.LUKEWARM]),
    }


def quantile(seconds: Array, share: float) -> float:
    """0 where there is none."""
    return float(np.quantile(seconds, share)) if len(seconds) else 0.0

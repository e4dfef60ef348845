"""From parameters to heater, pump, valves and controls: SI units, degrees above the room."""

from typing import Any, Protocol

import numpy as np

from core.hotwater import heaters, pumps
from core.hotwater import plant as place
from core.hotwater.heaters import LABELLED, GasTank, Heater, Tank
from core.hotwater.hydraulics import WEIGHT
from core.hotwater.params import Crossover, ReturnThermostatic, Smart, Thermostat, Timer
from core.hotwater.plant import Plant
from core.hotwater.pumps import Pump
from core.hotwater.water import LITRE

Array = np.ndarray

FOREVER = 1e12  # s
COOLS_IN = 1800.0  # s in which an exchanger at rest loses most of its warmth; an assumption
COLD_IS_COLD_BELOW = 25.0  # degrees of a cold tap
FILTER_BEARS = 38.0  # degrees of a reverse-osmosis filter, as Su's article of 2023 has it
REOPENS = 5.0  # K below closing at which a warm valve opens again; an assumption
RELAY = 300.0  # s after which the relay of the article's second device (2025) goes off by itself
HOLDS = 0.5  # of the starting flow: Rinnai names 0.26 gpm to hold against 0.4 to 0.6 gpm to start
LINKS = {
    "drain": 0,
    "return_line": place.OPEN_LINK,
    "return_thermostatic": place.THERMOSTATIC,
    "crossover_check": place.CHECK,
    "crossover_thermostatic": place.THERMOSTATIC,
    "crossover_solenoid": place.SOLENOID,
}
SWITCHES = {"never": place.WINDOWS, "always": place.WINDOWS, "timer": place.WINDOWS, "thermostat": place.THERMOSTAT}
SWITCHES |= {"learned": place.THERMOSTAT}  # anything else is asked for
BOILING = 100.0  # degrees that no sensor waits for
HYSTERESIS, BELOW_SET = 7.0, 7.0  # K, of a thermostat that nobody has set: Grundfos COMFORT
HORIZON = 2 * 86400.0  # s for which the hours of a timer are listed


class Plumbed(Protocol):
    """What parameters of a tap and of a house have in common; household units."""

    @property
    def scheme(self) -> Any: ...
    @property
    def switching(self) -> Any: ...
    @property
    def heater(self) -> Heater: ...
    @property
    def set_point(self) -> float: ...
    @property
    def use(self) -> float: ...
    @property
    def room(self) -> float: ...
    @property
    def pump(self) -> Pump: ...
    @property
    def valve_opening(self) -> float: ...


def plant(p: Plumbed, mains: float, volume_heat: float, filter_at: int = -1) -> Plant:
    """mains: degrees; volume_heat: J/(m3 K); filter_at: outlet of the cold side that feeds a filter."""
    return Plant(
        volume_heat=volume_heat,
        mains=mains - p.room,
        setting=p.set_point - p.room,
        too_warm=COLD_IS_COLD_BELOW - p.room,
        filter_hot=FILTER_BEARS - p.room,
        filter_at=filter_at,
        warm=p.use - p.room,
        **_heater(p, volume_heat),
        **_scheme(p),
        **_switching(p),
        **_pump(p.pump),
        opening=p.valve_opening * 1e3,
    )


def windows(switching: Any) -> Array:
    """[w, 2] s from midnight at which the pump may run; none where it must be asked."""
    if isinstance(switching, Timer):
        starts = np.arange(0.0, HORIZON, switching.every * 60)
        return np.stack([starts, starts + min(switching.runs, switching.every) * 60], axis=1)
    return np.array([[0.0, FOREVER]]) if switching.kind in ("always", "thermostat") else np.empty((0, 2))


def _pump(pump: Pump) -> dict[str, float]:
    made = pumps.numbers(pump)
    return {"pump_heat": made.pump_power, "pump_head": made.pump_head * WEIGHT, "pump_most": made.pump_most * LITRE}


def _heater(p: Plumbed, volume_heat: float) -> dict[str, float]:
    made = heaters.numbers(p.heater)
    if isinstance(made, Tank | GasTank):
        return _tank(made)
    fires, exchanger = made.fires_from * LITRE, made.exchanger * 1e-3 * volume_heat
    power = {"least": made.least_power * 1e3, "most": made.most_power * 1e3}
    burner = {"fires": fires, "holds": HOLDS * fires, "ignition": made.ignition}
    no_tank = {"tank": False, "volume": 0.0, "hysteresis": 0.0}
    return power | burner | no_tank | {"exchanger": exchanger, "standby": exchanger / COOLS_IN}


def _tank(made: Tank | GasTank) -> dict[str, float]:
    none = dict.fromkeys(("fires", "holds", "ignition", "least", "exchanger"), 0.0)
    power = (made.element if isinstance(made, Tank) else made.burner) * 1e3
    size = {"tank": True, "volume": made.volume * 1e-3, "hysteresis": made.differential}
    return none | size | {"most": power, "standby": made.standing_loss / LABELLED}


def _scheme(p: Plumbed) -> dict[str, float]:
    closes = (p.scheme.closes_at if isinstance(p.scheme, ReturnThermostatic | Crossover) else BOILING) - p.room
    link = {"link": LINKS[p.scheme.kind], "returns": p.scheme.kind.startswith("return")}
    return link | {"closes": closes, "reopens": closes - REOPENS}


def _switching(p: Plumbed) -> dict[str, float]:
    stops = _stops(p) - p.room
    starts = stops - (p.switching.hysteresis if isinstance(p.switching, Thermostat) else HYSTERESIS)
    found = {"switching": SWITCHES.get(p.switching.kind, place.DEMAND), "starts_below": starts, "stops_above": stops}
    smart = isinstance(p.switching, Smart)
    return found | {"longest": p.switching.longest * 60 if smart else RELAY, "flow_sensor": smart}


def _stops(p: Plumbed) -> float:
    """Temperature at which the pump's sensor is content."""
    if isinstance(p.switching, Thermostat):
        return p.set_point - p.switching.stops_below_set
    if p.switching.kind == "learned":
        return p.set_point - BELOW_SET
    return min(p.use, p.set_point - 1) if p.switching.kind not in SWITCHES else BOILING

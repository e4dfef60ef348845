"""What may be asked of a home: rooms, layout, scheme, controls, draws, climate, prices; with bounds."""

from collections.abc import Mapping
from itertools import pairwise
from math import ceil
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from core.columns import Column
from core.faults import rule
from core.hotwater.climate import Climate, Steady, Year, mains
from core.hotwater.heaters import Heater
from core.hotwater.house.rooms import Layout
from core.hotwater.params import (
    ELECTRICITY_PRICE,
    GAS_PRICE,
    HEATER,
    INSULATION,
    KIT_PRICE,
    KIT_YEARS,
    PUMP,
    ROOM,
    SET_POINT,
    USE,
    VALVE_OPENING,
    WATER_PRICE,
    WITH_PUMP,
    CrossoverCheck,
    Drain,
    Learned,
    Motion,
    OnDemand,
    Plain,
    Pulse,
    ReturnLine,
    ReturnThermostatic,
    Smart,
    Thermostat,
    Timer,
)
from core.hotwater.params import Crossover as OneCrossover
from core.hotwater.pipes import Size
from core.hotwater.pumps import Pump
from core.parameters import Offers, Parameters, Variant, choice, seed, slider, switch, variant
from core.table import Table, table

KINDS = ("kitchen", "basin", "bathroom", "laundry")
MOST_ROOMS, MOST_ROWS, MOST_OPENED = 6, 60, 20
SWITCHES = ("on_demand", "smart", "pulse", "motion", "learned", "thermostat", "timer", "always")
ROOMS: Table = (
    ("kitchen", 4.0, 2.0, 6.0),
    ("basin", 4.0, 1.5, 5.0),
    ("bathroom", 5.0, 2.0, 8.0),
    ("bathroom", 6.0, 3.0, 8.0),
)
TIMETABLE: Table = (
    ("06:50", 3, "hot", 8.0, 5.0),
    ("07:05", 3, "cold", 6.0, 1.0),
    ("07:10", 4, "hot", 8.0, 4.0),
    ("07:25", 1, "hot", 6.0, 2.0),
    ("07:30", 1, "cold", 4.0, 1.0),
    ("12:30", 1, "hot", 6.0, 3.0),
    ("18:40", 1, "cold", 4.0, 1.0),
    ("18:45", 1, "hot", 6.0, 6.0),
    ("21:00", 4, "hot", 8.0, 6.0),
    ("21:20", 3, "hot", 8.0, 6.0),
    ("22:30", 2, "hot", 5.0, 1.0),
)
ROOM_COLUMNS = (
    Column.choice("room", KINDS),
    Column.number("along", 0.5, 15.0, 0.5, "m"),
    Column.number("branch", 0.5, 15.0, 0.5, "m"),
    Column.number("flow", 2.0, 15.0, 0.5, "L/min"),
)
SIDES = ("hot", "cold")
DRAW_COLUMNS: tuple[Column, ...] = (
    Column.clock("at"),
    Column.number("place", 1, MOST_ROOMS, 1, whole=True),
    Column.choice("side", SIDES),
    Column.number("flow", 1.0, 20.0, 0.5, "L/min"),
    Column.number("minutes", 0.1, 60.0, 0.1, "min"),
)


class Crossover(OneCrossover):
    """The cold side is the return line, through one valve that closes when it is warm, or through one at every tap."""

    everywhere: bool = switch(False, "a valve at every tap instead of the last alone", advanced=True)


class Profile(Variant):
    """European tapping cycle M: 23 draws, 5.845 kWh."""

    kind: Literal["profile_m"] = "profile_m"


class ByLot(Variant):
    """Drawn by lot from the seed, by the habits that Jordan and Vajen measured."""

    kind: Literal["by_lot"] = "by_lot"
    people: int = slider(4, 1, 8, 1, "", "people in the house")


class Timetable(Variant):
    """The family's own."""

    kind: Literal["timetable"] = "timetable"
    timetable: Table = table(TIMETABLE, DRAW_COLUMNS, 1, MOST_ROWS, "who draws when: place is the number of a room")


Scheme = Drain | ReturnLine | ReturnThermostatic | CrossoverCheck | Crossover
Switching = Plain | Timer | Thermostat | OnDemand | Smart | Pulse | Motion | Learned
Draws = ByLot | Timetable | Profile
RETURNS = ("return_line", "return_thermostatic")


class HomeParams(Parameters):
    """What every experiment with a home is asked."""

    offers: ClassVar[Offers] = {
        "layout": ("scheme", {s: ("small_loop", "big_loop") for s in ("drain", *WITH_PUMP) if s not in RETURNS}),
        "switching": ("scheme", {"drain": ("never", "on_demand")} | dict.fromkeys(WITH_PUMP, SWITCHES)),
    }
    rules: ClassVar[tuple[str, ...]] = ("below_set_point", "no_such_place", "same_tap_twice")

    rooms: Table = table(ROOMS, ROOM_COLUMNS, 1, MOST_ROOMS, "rooms along the trunk, from the heater on")
    scheme: Scheme = variant(Drain(), "where the cold water of the hot side goes")
    layout: Layout = choice(Layout.SMALL_LOOP, "how the hot side is laid")
    switching: Switching = variant(Plain(), "when the pump runs, or the drain valve opens")
    draws: Draws = variant(ByLot(), "who draws when")
    climate: Climate | Year = variant(Steady(), "how cold the mains are", advanced=True)
    room: float = ROOM
    set_point: float = SET_POINT
    use: float = USE
    patience: float = slider(180.0, 30.0, 600.0, 10.0, "s", "for how long somebody waits for warm water", advanced=True)
    heater: Heater = HEATER
    trunk: Size = choice(Size.PPR_25, "pipe of the trunks", advanced=True)
    twig: Size = choice(Size.PPR_20, "pipe of the branches", advanced=True)
    back: Size = choice(Size.PPR_20, "pipe of the return line", advanced=True)
    insulation: float = INSULATION
    pump: Pump = PUMP
    valve_opening: float = VALVE_OPENING
    height: float = slider(2.5, 0.0, 10.0, 0.5, "m", "of the loop, from its lowest pipe to its highest", advanced=True)
    gas_price: float = GAS_PRICE
    heating_value: float = slider(10.0, 4.0, 35.0, 0.1, "kWh/m³", "heating value of the gas", advanced=True)
    electricity_price: float = ELECTRICITY_PRICE
    water_price: float = WATER_PRICE
    kit_price: float = KIT_PRICE
    kit_years: float = KIT_YEARS
    pump_price: float = slider(350.0, 0.0, 3000.0, 10.0, "yuan", "the pump alone", advanced=True)
    gas_co2: float = slider(0.202, 0.0, 0.5, 0.001, "kg/kWh", "CO2 of a kWh of fuel", advanced=True)
    electricity_co2: float = slider(0.58, 0.0, 1.5, 0.01, "kg/kWh", "CO2 of a kWh of electricity", advanced=True)
    cells: float = slider(4.0, 2.0, 10.0, 0.5, "1/m", "cells of a metre of pipe", advanced=True)
    seed: int = seed()

    @property
    def mains(self) -> float:
        """Degrees Celsius; of a year, on its warmest day."""
        return mains(self.climate)

    @model_validator(mode="after")
    def _heats(self) -> Self:
        if self.mains >= self.set_point:
            message = f"should be below the set point {self.set_point:g}"
            name = "mains" if isinstance(self.climate, Steady) else "air"
            raise rule("below_set_point", message, name, f"{self.set_point:g}", f"{self.mains:g}")
        return self

    def tables(self) -> dict[str, Table]:
        """Rows of draws, by the name of their parameter."""
        return {"timetable": self.draws.timetable} if isinstance(self.draws, Timetable) else {}

    @model_validator(mode="after")
    def _taps(self) -> Self:
        """Every draw is at a room there is, and no tap is opened while a row opens it."""
        for name, rows in self.tables().items():
            for number, row in enumerate(rows, 1):
                if int(row[1]) > len(self.rooms):
                    most = f"1–{len(self.rooms)}"
                    message = f"should have a place from {most}, the rooms there are, in row {number}"
                    raise rule("no_such_place", message, name, most, str(row[1]), row=number, column="place")
        _once(self.tables())
        return self


class HouseParams(HomeParams):
    """Of /hotwater_house."""

    climate: Climate = variant(Steady(), "how cold the mains are", advanced=True)
    opened: Table = table((), DRAW_COLUMNS, 0, MOST_OPENED, "taps opened besides, by a click on the picture", advanced=True)

    def tables(self) -> dict[str, Table]:
        return super().tables() | {"opened": self.opened}


def _once(tables: Mapping[str, Table]) -> None:
    """No tap is opened while a row opens it, of the same table or of another."""
    spans: dict[tuple[Any, Any], list[tuple[float, float, str, int]]] = {}
    for name, rows in tables.items():
        for number, (at, place, side, _, minutes) in enumerate(rows, 1):
            begins = seconds(str(at))
            spans.setdefault((place, side), []).append((begins, begins + float(minutes) * 60, name, number))
    for tap, each in spans.items():
        for before, after in pairwise(sorted(each)):
            if after[0] < before[1]:
                raise _twice(tap, before, after)


def _twice(tap: tuple[Any, Any], before: tuple[float, float, str, int], after: tuple[float, float, str, int]) -> Exception:
    """The row that begins later is to blame."""
    (place, side), (_, ends, other, first), (begins, _, name, number) = tap, before, after
    which = f"row {first}" + (f" of {other}" if other != name else "")
    message = f"should open the {side} tap of place {place} in row {number} from {clock(ends)} on, when {which} ends"
    return rule("same_tap_twice", message, name, clock(ends), clock(begins), row=number, column="at")


def clock(at: float) -> str:
    """Seconds from midnight as "HH:MM", the next whole minute."""
    minutes = ceil(at / 60 - 1e-9)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def seconds(at: str) -> float:
    """Of "HH:MM", from midnight."""
    hours, minutes = at.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0

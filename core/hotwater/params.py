"""What may be asked of one heater, one pipe and one tap, with bounds. Units are those of a household."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from core.faults import rule
from core.hotwater.heaters import Heater, Tankless
from core.hotwater.pipes import Size
from core.hotwater.pumps import OwnPump, Pump
from core.parameters import Offers, Parameters, Variant, choice, seed, slider, switch, variant

PUMPED = ("on_demand", "thermostat", "timer", "always")
WITH_PUMP = (
    "return_line",
    "return_thermostatic",
    "crossover_check",
    "crossover_thermostatic",
    "crossover_solenoid",
)

# What a tap and a house ask alike.
INSULATION = slider(0.0, 0.0, 40.0, 1.0, "mm", "thickness of the insulation, 0.04 W/(m K)", advanced=True)
SET_POINT = slider(50.0, 36.0, 75.0, 0.5, "°C", "set point of the heater", advanced=True)
USE = slider(40.0, 30.0, 45.0, 0.5, "°C", "temperature that counts as warm", advanced=True)
ROOM = slider(20.0, 0.0, 35.0, 0.5, "°C", "temperature around the pipes", advanced=True)
HEATER = variant(Tankless(), "what heats the water", advanced=True)
PUMP = variant(OwnPump(), "the circulation pump", advanced=True)
VALVE_OPENING = slider(1.0, 0.0, 20.0, 0.5, "kPa", "pressure that opens the check valve", advanced=True)
GAS_PRICE = slider(3.0, 0.0, 20.0, 0.1, "yuan/m³", "price of gas", advanced=True)
ELECTRICITY_PRICE = slider(0.6, 0.0, 5.0, 0.05, "yuan/kWh", "price of electricity", advanced=True)
WATER_PRICE = slider(3.0, 0.0, 50.0, 0.5, "yuan/m³", "price of water and sewage", advanced=True)
KIT_PRICE = slider(700.0, 0.0, 5000.0, 50.0, "yuan", "pump, valves and what else the scheme needs", advanced=True)
KIT_YEARS = slider(10.0, 1.0, 30.0, 1.0, "years", "how long the kit lasts", advanced=True)


class Length(Variant):
    """The pipe is known."""

    kind: Literal["length"] = "length"
    length: float = slider(20.0, 0.5, 60.0, 0.5, "m", "pipe from the heater to the tap")


class Waited(Variant):
    """The wait is known, the length is looked for."""

    kind: Literal["wait"] = "wait"
    waited: float = slider(45.0, 5.0, 300.0, 1.0, "s", "seconds that you wait at home for warm water")


class Drain(Variant):
    """Cold water runs to the drain, by hand or through a valve that opens when a button is pressed; no pump."""

    kind: Literal["drain"] = "drain"


class ReturnLine(Variant):
    """Hot line, return line and pump; the pump's sensor is at the end of the return line."""

    kind: Literal["return_line"] = "return_line"
    second_check: bool = switch(True, "check valve that keeps return water out of the cold line", advanced=True)


class ReturnThermostatic(Variant):
    """The same with a thermostatic check valve at the joint: the return line stays cool."""

    kind: Literal["return_thermostatic"] = "return_thermostatic"
    second_check: bool = switch(True, "check valve that keeps return water out of the cold line", advanced=True)
    closes_at: float = slider(42.0, 25.0, 60.0, 0.5, "°C", "temperature at which the valve closes", advanced=True)


class CrossoverCheck(Variant):
    """The cold line is the return line, through a plain check valve under the far tap."""

    kind: Literal["crossover_check"] = "crossover_check"


class Crossover(Variant):
    """The same with a valve that closes when it is warm: thermostatic check valve, or normally closed solenoid valve."""

    kind: Literal["crossover_thermostatic", "crossover_solenoid"] = "crossover_thermostatic"
    closes_at: float = slider(42.0, 25.0, 60.0, 0.5, "°C", "temperature at which the valve closes", advanced=True)


class Plain(Variant):
    """There is none to run; or it always runs."""

    kind: Literal["never", "always"] = "never"


class Timer(Variant):
    """So many minutes of every period."""

    kind: Literal["timer"] = "timer"
    every: float = slider(30.0, 5.0, 240.0, 5.0, "min", "period of the timer")
    runs: float = slider(5.0, 1.0, 60.0, 1.0, "min", "how long the pump runs in each period; all of it where that is shorter")


class Thermostat(Variant):
    """Runs when its sensor is cool, stops when it is warm."""

    kind: Literal["thermostat"] = "thermostat"
    stops_below_set: float = slider(7.0, 1.0, 15.0, 0.5, "K", "the pump stops this far below the set point", advanced=True)
    hysteresis: float = slider(7.0, 1.0, 15.0, 0.5, "K", "and starts again this far below that", advanced=True)


class OnDemand(Variant):
    """A button is pressed ahead of use; a sensor or, at the latest, a relay stops the pump or shuts the drain valve."""

    kind: Literal["on_demand"] = "on_demand"
    ahead: float = slider(90.0, 0.0, 300.0, 5.0, "s", "seconds between the button and the tap")


class Smart(Variant):
    """The same, and a flow sensor stops a pump whose valve has closed, or the relay does after so long."""

    kind: Literal["smart"] = "smart"
    ahead: float = slider(90.0, 0.0, 300.0, 5.0, "s", "seconds between the button and the tap")
    longest: float = slider(5.0, 1.0, 15.0, 0.5, "min", "the relay goes off by itself after")


class Pulse(Variant):
    """The tap is opened and closed once, and the flow starts the pump."""

    kind: Literal["pulse"] = "pulse"
    ahead: float = slider(90.0, 0.0, 300.0, 5.0, "s", "seconds between the button and the tap")


class Motion(Variant):
    """A sensor in the room starts the pump, also when nobody wants water."""

    kind: Literal["motion"] = "motion"
    notice: float = slider(20.0, 0.0, 180.0, 5.0, "s", "from entering the room to opening the tap")
    false_alarms: int = slider(10, 0, 60, 1, "", "times a day that somebody is seen who wants no water")


class Learned(Variant):
    """A thermostat that is on at the hours at which hot water was used in the days before."""

    kind: Literal["learned"] = "learned"
    learns: int = slider(7, 1, 28, 1, "", "days from which it has learned")
    often: float = slider(0.3, 0.05, 1.0, 0.05, "", "share of those days with a draw in that half hour, from which it is on")


class Tap(Variant):
    """One tap alone is opened."""

    kind: Literal["hot", "cold"] = "hot"
    flow: float = slider(8.0, 1.0, 20.0, 0.1, "L/min", "flow at the tap")
    standing: float = slider(60.0, 0.0, 720.0, 5.0, "min", "time since hot water was last used")


Known = Length | Waited
Scheme = Drain | ReturnLine | ReturnThermostatic | CrossoverCheck | Crossover
Switching = Plain | Timer | Thermostat | OnDemand


class Params(Parameters):
    """Of /hotwater_tap."""

    offers: ClassVar[Offers] = {
        "scheme": ("known", {"wait": ("drain",)}),
        "switching": ("scheme", {"drain": ("never", "on_demand")} | dict.fromkeys(WITH_PUMP, PUMPED)),
        "tap": ("known", {"wait": ("hot",)}),
    }  # fmt: skip

    rules: ClassVar[tuple[str, ...]] = ("below_set_point",)

    known: Known = variant(Length(), "what you know: the length of the pipe, or the seconds you wait")
    tap: Tap = variant(Tap(), "the tap that is opened")
    pipe: Size = choice(Size.PPR_25, "material and size of the pipe")
    scheme: Scheme = variant(Drain(), "where the cold water of the hot line goes")
    switching: Switching = variant(Plain(), "when the pump runs, or the drain valve")
    insulation: float = INSULATION
    set_point: float = SET_POINT
    use: float = USE
    mains: float = slider(15.0, 1.0, 45.0, 0.5, "°C", "temperature of the mains", advanced=True)
    room: float = ROOM
    heater: Heater = HEATER
    pump: Pump = PUMP
    valve_opening: float = VALVE_OPENING
    people: int = slider(4, 1, 8, 1, "", "people in the house", advanced=True)
    gas_price: float = GAS_PRICE
    electricity_price: float = ELECTRICITY_PRICE
    water_price: float = WATER_PRICE
    kit_price: float = KIT_PRICE
    kit_years: float = KIT_YEARS
    cells: int = slider(100, 20, 200, 10, "", "cells along a pipe, at most 20 a metre", advanced=True)
    seed: int = seed()

    @model_validator(mode="after")
    def _heats(self) -> Self:
        if self.mains >= self.set_point:
            message = f"should be below the set point {self.set_point:g}"
            raise rule("below_set_point", message, "mains", f"{self.set_point:g}", f"{self.mains:g}")
        return self

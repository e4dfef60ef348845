"""How cold the mains are: given, or by the season."""

from math import pi, sin
from typing import Literal

from core.parameters import Variant, slider


class Steady(Variant):
    """The mains have one temperature."""

    kind: Literal["steady"] = "steady"
    mains: float = slider(15.0, 1.0, 45.0, 0.5, "°C", "temperature of the mains", advanced=True)


class Seasons(Variant):
    """The mains follow the air of the place, later and less."""

    kind: Literal["seasons"] = "seasons"
    air: float = slider(16.0, -5.0, 30.0, 0.5, "°C", "mean of the outdoor air over a year", advanced=True)
    swing: float = slider(24.0, 0.0, 50.0, 1.0, "K", "from the coldest month's mean to the warmest's", advanced=True)
    day: int = slider(15, 1, 365, 1, "", "day of the year", advanced=True)


class Year(Variant):
    """The same through a whole year."""

    kind: Literal["year"] = "year"
    air: float = slider(16.0, -5.0, 30.0, 0.5, "°C", "mean of the outdoor air over a year", advanced=True)
    swing: float = slider(24.0, 0.0, 50.0, 1.0, "K", "from the coldest month's mean to the warmest's", advanced=True)


Climate = Steady | Seasons

COLDEST = 1.0  # degrees; water runs


def mains(climate: Climate | Year) -> float:
    """Degrees Celsius; of a year, on its warmest day."""
    if isinstance(climate, Steady):
        return climate.mains
    days = range(1, 366) if isinstance(climate, Year) else (climate.day,)
    return max(mains_on(climate.air, climate.swing, day) for day in days)


def mains_on(air: float, swing: float, day: float) -> float:
    """Burch and Christensen (2007), "Towards development of an algorithm for mains water temperature"; northern half.

    air: mean of the year, degrees; swing: between the monthly means' extremes, K; day: of the year.
    """
    fahrenheit = air * 1.8 + 32
    ratio, lag = 0.4 + 0.01 * (fahrenheit - 44), 35 - (fahrenheit - 44)
    angle = (0.986 * (day - 15 - lag) - 90) * pi / 180
    return max(COLDEST, air + (6 + ratio * swing * 1.8 / 2 * sin(angle)) / 1.8)

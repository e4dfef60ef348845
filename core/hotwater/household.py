"""When the people of a household use water: by lot, and by the European tapping cycle."""

from typing import NamedTuple

import numpy as np

SMALL, MEDIUM, SHOWER, TOILET, BATH = range(5)


class Habit(NamedTuple):
    """Litres a minute (None: what the tap gives), minutes, and how many a person and day."""

    flow: float | None
    minutes: float
    daily: int


# Jordan and Vajen (2001): means of the four kinds of draws; a toilet is filled with cold water.
HABITS = (Habit(1.0, 1.0, 7), Habit(6.0, 1.0, 3), Habit(None, 5.0, 1), Habit(6.0, 1.0, 5))
BATH_HABIT = Habit(14.0, 10.0, 0)  # of the same source; one a week
BATHS_A_DAY = 1 / 7
HOURS, SPREAD, SHARES = (7.0, 12.5, 20.0), (1.0, 1.5, 1.8), (0.35, 0.2, 0.45)  # when: three bells, an assumption


class Use(NamedTuple):
    """Seconds from midnight, and a kind."""

    at: float
    kind: int


def by_lot(people: int, chance: np.random.Generator) -> list[Use]:
    """A day's uses without baths, kind by kind."""
    found = []
    for kind, habit in enumerate(HABITS):
        for _ in range(habit.daily * people):
            bell = chance.choice(3, p=SHARES)
            at = np.round(np.clip(chance.normal(HOURS[bell], SPREAD[bell]), 0.5, 21.5) * 3600)
            found.append(Use(float(at), kind))
    return found


def baths(people: int, chance: np.random.Generator) -> list[Use]:
    """Those of the same day, in the evening."""
    hours = np.clip(chance.normal(HOURS[-1], SPREAD[-1], int(chance.binomial(people, BATHS_A_DAY))), 0.5, 21.5)
    return [Use(float(np.round(hour * 3600)), BATH) for hour in hours]


class Tapping(NamedTuple):
    """One draw of a tapping cycle: hour, minute, kWh of useful heat, L/min."""

    hour: int
    minute: int
    heat: float
    flow: float


_SMALL_TIMES = (
    (7, 0), (7, 30), (8, 1), (8, 15), (8, 30), (8, 45), (9, 0), (9, 30), (10, 30), (11, 30), (11, 45), (14, 30), (15, 30),
    (16, 30), (18, 0), (18, 15), (18, 30), (19, 0), (21, 15),
)  # fmt: skip
# Load profile M of Regulation (EU) 812/2013, annex VII, and EN 16147: 23 draws, 5.845 kWh.
PROFILE_M = tuple(
    sorted(
        [Tapping(*time, 0.105, 3.0) for time in _SMALL_TIMES]
        + [Tapping(7, 5, 1.4, 6.0), Tapping(21, 30, 1.4, 6.0), Tapping(12, 45, 0.315, 4.0), Tapping(20, 30, 0.735, 4.0)]
    )
)

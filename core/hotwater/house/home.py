"""A home that can run: its plant, its pipes, and who draws and presses when."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.hotwater.house.params import RETURNS, ByLot, HouseParams, Timetable, seconds
from core.hotwater.house.rooms import Laid, Room, Tubes, laid
from core.hotwater.household import (
    BATH,
    BATH_HABIT,
    HABITS,
    MEDIUM,
    PROFILE_M,
    SHOWER,
    SMALL,
    TOILET,
    baths,
    by_lot,
)
from core.hotwater.net import net
from core.hotwater.params import Learned, Motion, OnDemand, Pulse, Smart
from core.hotwater.pipes import pipe
from core.hotwater.plumbing import plant, windows
from core.hotwater.system import EVERY_LINK, Draw, System
from core.hotwater.water import HEAT, LITRE, density

Array = np.ndarray

DAY = 86400.0
KWH = 3.6e6
SLOT = 1800.0  # s of a learned schedule
PULSE = 2.0  # s for which a tap is opened to call the pump
WHO = {SMALL: ("basin", "kitchen"), MEDIUM: ("kitchen", "basin", "laundry"), SHOWER: ("bathroom",), BATH: ("bathroom",)}
WHO |= {TOILET: ("bathroom", "basin")}
PRESSED_FROM = 2.5  # L/min: nobody waits for less, or presses a button
EMPTY_SLOT = np.empty((0, 2))


@dataclass(frozen=True)
class Wish:
    """Somebody wants water: s, number of the room, litres a minute, s of use, J of use (0: by time), cold water or hot."""

    at: float
    place: int
    flow: float
    lasts: float
    heat: float = 0.0
    cold: bool = False


@dataclass(frozen=True, eq=False)
class Home:
    """Parameters with everything that follows from them but the run."""

    p: HouseParams
    rooms: tuple[Room, ...]
    laid: Laid
    system: System

    @property
    def warm(self) -> float:
        """Degrees above the room that count as warm."""
        return self.p.use - self.p.room

    @cached_property
    def wishes(self) -> list[Wish]:
        """Of the whole day, in order; a tap that is in use is opened when it is free."""
        return sorted([*self._drawn, *_listed(self.p.opened)], key=_at)

    @cached_property
    def _drawn(self) -> list[Wish]:
        if isinstance(self.p.draws, Timetable):
            return _listed(self.p.draws.timetable)
        if isinstance(self.p.draws, ByLot):
            return lottery(self.rooms, self.p.draws.people, self.p.seed)
        return cycle(self.p, self.rooms)

    def draws(self) -> list[Draw]:
        """Of the wishes, then those that run cold water to the drain or call a pump."""
        found = [self._draw(wish) for wish in self.wishes]
        return found + [draw for wish in self.wishes for draw in self._before(wish)]

    def presses(self) -> list[tuple[float, float]]:
        """Seconds and links, for pumps that are called."""
        if not self.laid.piping.links:
            return []
        called = [(wish.at - self.ahead, self._link(wish.place)) for wish in self.wishes if self.asks(wish)]
        return called + (self._false_alarms() if isinstance(self.p.switching, Motion) else [])

    def asks(self, wish: Wish) -> bool:
        """Whether somebody calls for hot water ahead of it: not for cold water, and not for a trickle."""
        called = isinstance(self.p.switching, OnDemand | Smart | Pulse | Motion)
        return called and not wish.cold and wish.flow >= PRESSED_FROM

    @staticmethod
    def waits_for(wish: Wish) -> bool:
        """Nobody waits for cold water, or for a trickle."""
        return not wish.cold and wish.flow >= PRESSED_FROM

    @property
    def ahead(self) -> float:
        """Seconds from the call to the draw."""
        switching = self.p.switching
        if isinstance(switching, Motion):
            return switching.notice
        return switching.ahead if isinstance(switching, OnDemand | Smart | Pulse) else 0.0

    def _link(self, place: int) -> float:
        return float(place) if place in self.laid.links_at else EVERY_LINK

    def _false_alarms(self) -> list[tuple[float, float]]:
        count = self.p.switching.false_alarms if isinstance(self.p.switching, Motion) else 0
        chance = np.random.default_rng([self.p.seed, 2])
        hours = chance.uniform(6.0, 23.0, count)
        return [(float(hour) * 3600, self._link(int(chance.integers(len(self.rooms))))) for hour in hours]

    def _draw(self, wish: Wish) -> Draw:
        outlet = wish.place + len(self.rooms) * wish.cold
        if not self.waits_for(wish):
            return Draw(wish.at, wish.at + wish.lasts, wish.flow * LITRE, outlet, warm=self.warm)
        end = wish.at + self.p.patience + wish.lasts
        uses = 0.0 if wish.heat else wish.lasts
        return Draw(wish.at, end, wish.flow * LITRE, outlet, uses, wish.heat, self.warm)

    def _before(self, wish: Wish) -> list[Draw]:
        """A drain valve runs until the water is warm; a tap that calls a pump is open for a moment."""
        start, flow = wish.at - self.ahead, wish.flow * LITRE
        if not self.asks(wish) or start >= wish.at:
            return []
        if self.p.scheme.kind == "drain":
            return [self._draw(wish).drained(start)]
        is_pulse = isinstance(self.p.switching, Pulse)
        return [Draw(start, min(start + PULSE, wish.at), flow, wish.place, warm=self.warm)] if is_pulse else []


def home(p: HouseParams) -> Home:
    """Everything of it."""
    rooms = tuple(Room(str(row[0]), *map(float, row[1:])) for row in p.rooms)
    tubes = Tubes(*(pipe(size, p.insulation / 1000) for size in (p.trunk, p.twig, p.back)))
    way = "return" if p.scheme.kind in RETURNS else p.scheme.kind.partition("_")[0]
    apart, everywhere = getattr(p.scheme, "second_check", False), getattr(p.scheme, "everywhere", False)
    made = laid(rooms, p.layout, tubes, way, apart, everywhere, p.cells)
    kitchen = next((i for i, room in enumerate(rooms) if room.kind == "kitchen"), None)
    filter_at = -1 if kitchen is None else len(rooms) + kitchen
    system = System(plant(p, p.mains, tubes.trunk.volume_heat, filter_at), net(made.piping), _hours(p, rooms))
    return Home(p, rooms, made, system)


def useful_heat(p: HouseParams, flow: float, lasts: float) -> float:
    """J in so many seconds of water at the temperature of use, flow in L/min."""
    return density(p.use) * HEAT * flow * LITRE * lasts * (p.use - p.mains)


def cycle(p: HouseParams, rooms: tuple[Room, ...]) -> list[Wish]:
    """The European one: showers in the bathrooms, dishes in the kitchen, the rest in turn."""
    found = []
    for turn, tap in enumerate(PROFILE_M):
        kind = SHOWER if tap.heat > 1 else MEDIUM if tap.heat > 0.2 else SMALL
        lasts = tap.heat * KWH / max(useful_heat(p, tap.flow, 1.0), 1.0)
        found.append(Wish(tap.hour * 3600.0 + tap.minute * 60.0, _place(rooms, kind, turn), tap.flow, lasts, tap.heat * KWH))
    return found


def lottery(rooms: tuple[Room, ...], people: int, seed: int) -> list[Wish]:
    """A day by lot."""
    chance = np.random.default_rng(seed)
    uses = [*by_lot(people, chance), *baths(people, chance)]
    found = []
    for turn, use in enumerate(uses):
        habit = BATH_HABIT if use.kind == BATH else HABITS[use.kind]
        place = _place(rooms, use.kind, turn)
        flow = rooms[place].flow if habit.flow is None else habit.flow
        found.append(Wish(use.at, place, flow, habit.minutes * 60, cold=use.kind == TOILET))
    return found


def _place(rooms: tuple[Room, ...], kind: int, turn: int) -> int:
    """Number of a room in which that is done; any where there is none."""
    fit = [i for i, room in enumerate(rooms) if room.kind in WHO[kind]] or list(range(len(rooms)))
    return fit[turn % len(fit)]


def _listed(rows: tuple[tuple, ...]) -> list[Wish]:
    """Of a timetable."""
    return [Wish(seconds(at), place - 1, flow, minutes * 60, cold=side == "cold") for at, place, side, flow, minutes in rows]


def _hours(p: HouseParams, rooms: tuple[Room, ...]) -> Array:
    """When the pump may run."""
    return learned(p, rooms, p.switching) if isinstance(p.switching, Learned) else windows(p.switching)


def learned(p: HouseParams, rooms: tuple[Room, ...], how: Learned) -> Array:
    """[w, 2] half hours of the day in which hot water was drawn often enough; from days by lot, or the same day each time."""
    used = np.zeros((how.learns, int(DAY / SLOT)), bool)
    for past in range(how.learns):
        for wish in _past(p, rooms, past):
            used[past, int(wish.at / SLOT) % used.shape[1]] |= not wish.cold and wish.flow >= PRESSED_FROM
    slots = np.flatnonzero(used.mean(axis=0) >= how.often)
    return np.stack([slots, slots + 1], axis=1) * SLOT if len(slots) else EMPTY_SLOT


def _past(p: HouseParams, rooms: tuple[Room, ...], past: int) -> list[Wish]:
    if isinstance(p.draws, ByLot):
        return lottery(rooms, p.draws.people, (p.seed + past + 1) % 2**32)
    return _listed(p.draws.timetable) if isinstance(p.draws, Timetable) else cycle(p, rooms)


def _at(wish: Wish) -> float:
    return wish.at

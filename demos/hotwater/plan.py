"""Where the rooms, pipes and taps of a home stand in the picture."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.hotwater.house.day import HouseResult
from core.hotwater.house.home import Home
from core.hotwater.house.params import MOST_OPENED, HouseParams, Timetable
from core.hotwater.house.rooms import Layout, Role
from core.hotwater.net import COLD
from demos._pipes import Clock, Line, Place, Symbol, pipes
from demos._plot import Payload
from demos.hotwater.house import heater_symbol

VIEW = (0.0, 25.0, 0.0, 13.4)
HEATER: Place = (2.1, 7.0)
HOT_Y, RETURN_Y, COLD_Y, OUT_X = 7.6, 6.7, 5.8, 3.4
FIRST_X, LAST_X, WIDE, TALL = 5.6, 22.6, 3.0, 3.0
UP_Y, DOWN_Y = 11.2, 2.4  # of the taps
BESIDE, BACK = 1.3, 0.65  # from a hot tap to its cold one, and to the pipe back
MINUTES = 2.0  # for which a clicked tap is open


@dataclass(frozen=True)
class Spot:
    """Of one room: where its hot tap is, and where its branch leaves the corridor."""

    x: float
    tap: float

    @property
    def hot(self) -> Place:
        return self.x, self.tap

    @property
    def cold(self) -> Place:
        return self.x + BESIDE, self.tap


def spots(home: Home) -> list[Spot]:
    """Rooms stand along the corridor, on one side and on the other."""
    count = len(home.rooms)
    step = (LAST_X - FIRST_X - BESIDE) / max(count - 1, 1)
    return [Spot(FIRST_X + i * step if count > 1 else LAST_X - 4, UP_Y if i % 2 == 0 else DOWN_Y) for i in range(count)]


def plan(p: HouseParams, home: Home, r: HouseResult) -> Payload:
    """The layer: rooms, pipes coloured through the day, what they join, the time of day."""
    places, lines, first = spots(home), [], 0
    for k, (role, room) in enumerate(home.laid.roles):
        part = slice(first, first + int(r.segments[k]))
        nodes = NODES[role](places, room, home.p.layout is Layout.BIG_LOOP)
        lines.append(Line(nodes, r.water[:, part], r.wall[:, part], r.ways[:, k].astype(int)))
        first += int(r.segments[k])
    order = sorted(range(len(lines)), key=lambda k: home.laid.piping.runs[k].family != COLD)
    symbols = (*_rooms(home, places), *_taps(home, places, r), *_machines(p, home, places, r))
    times = tuple(map(float, r.times))
    clock = Clock(times, None, (1.9, 12.6), (0.0, 0.0), ("", "", ""), day=True)
    return pipes(tuple(lines[k] for k in order), symbols, clock, (2.0, 1.2))


def _trunk(places: list[Spot], i: int, visits: bool) -> tuple[Place, ...]:
    end = places[i]
    if visits:
        start = places[i - 1] if i else None
        begin = ((start.hot), (start.x + BACK, start.tap), (start.x + BACK, HOT_Y)) if start else ((OUT_X, HOT_Y),)
        return (*begin, (end.x, HOT_Y), end.hot)
    return ((places[i - 1].x if i else OUT_X, HOT_Y), (end.x, HOT_Y))


def _branch(places: list[Spot], i: int, _visits: bool) -> tuple[Place, ...]:
    return ((places[i].x, HOT_Y), places[i].hot)


def _return(places: list[Spot], i: int, visits: bool) -> tuple[Place, ...]:
    """From its start back to the heater, or to the joint before."""
    spot = places[i]
    if visits:
        return (spot.hot, (spot.x + BACK, spot.tap), (spot.x + BACK, RETURN_Y), (OUT_X, RETURN_Y))
    return ((spot.x, HOT_Y), (spot.x + BACK, HOT_Y), (spot.x + BACK, RETURN_Y), (OUT_X, RETURN_Y))


def _return_branch(places: list[Spot], i: int, _visits: bool) -> tuple[Place, ...]:
    spot = places[i]
    return (spot.hot, (spot.x + BACK, spot.tap), (spot.x + BACK, RETURN_Y))


def _cold_trunk(places: list[Spot], i: int, _visits: bool) -> tuple[Place, ...]:
    return ((places[i - 1].x + BESIDE if i else 0.6, COLD_Y), (places[i].x + BESIDE, COLD_Y))


def _cold_branch(places: list[Spot], i: int, _visits: bool) -> tuple[Place, ...]:
    return ((places[i].x + BESIDE, COLD_Y), places[i].cold)


NODES = {
    Role.TRUNK: _trunk,
    Role.BRANCH: _branch,
    Role.RETURN: _return,
    Role.RETURN_BRANCH: _return_branch,
    Role.COLD_TRUNK: _cold_trunk,
    Role.COLD_BRANCH: _cold_branch,
}


def _rooms(home: Home, places: list[Spot]) -> list[Symbol]:
    found = []
    for i, (room, spot) in enumerate(zip(home.rooms, places, strict=True)):
        above, name = spot.tap > HOT_Y, f"@rooms.room.{room.kind}"
        corner, down = (spot.x - (WIDE - BESIDE) / 2, 13.0 if above else 0.4 + TALL), 0.4 if above else TALL - 0.3
        found.append(Symbol("room", corner, name, words=(WIDE / 2, -down), size=(WIDE, TALL), number=i + 1))
    return found


def _taps(home: Home, places: list[Spot], r: HouseResult) -> list[Symbol]:
    """Hot and cold, each of which can be opened."""
    found, count = [], len(home.rooms)
    for outlet in range(2 * count):
        spot, cold = places[outlet % count], outlet >= count
        row = [outlet % count + 1, "cold" if cold else "hot", home.rooms[outlet % count].flow, MINUTES]
        opens = {"parameter": "opened", "row": row, "most": MOST_OPENED, "busy": _busy(home, row[:2])}
        states = tuple(int(v) for v in r.taps[:, outlet])
        found.append(Symbol("tap", spot.cold if cold else spot.hot, states=states, opens=opens, cold=cold))
    return found


def _busy(home: Home, tap: list[Any]) -> list[list[Any]]:
    """Rows of the timetable that open a tap."""
    table = home.p.draws.timetable if isinstance(home.p.draws, Timetable) else ()
    return [list(row) for row in table if list(row[1:3]) == tap]


def _machines(p: HouseParams, home: Home, places: list[Spot], r: HouseResult) -> list[Symbol]:
    burner, pump = (tuple(int(v) for v in column) for column in r.states.T)
    found = [heater_symbol(r.tank, HEATER, burner, (0.0, 2.3))]
    found.append(Symbol("mains", (0.9, COLD_Y), "@mains_symbol", words=(0.0, -1.0)))
    links = home.laid.piping.links
    if links:
        at = (OUT_X + 0.9, RETURN_Y if p.scheme.kind.startswith("return") else HOT_Y)
        found.append(Symbol("pump", at, "@pump_symbol", ("@stands", "@runs_state"), pump, (0.0, 1.9)))
    if p.scheme.kind in ("drain", "return_line"):
        return found
    for c, room in enumerate(home.laid.links_at):
        doors = tuple(int(v) for v in r.doors[:, c])
        at = _valve_at(p, home, places[room])
        found.append(Symbol("valve", at, "", ("@shut", "@open"), doors, (0.0, 0.85 if at[1] > COLD_Y else -1.0)))
    return found


def _valve_at(p: HouseParams, home: Home, spot: Spot) -> Place:
    """Between both taps, or where the return line begins."""
    if p.scheme.kind.startswith("return"):
        return (spot.x + BACK / 2, spot.tap if home.p.layout is not Layout.SMALL_LOOP else HOT_Y)
    return (spot.x + BESIDE / 2, spot.tap)


def frames(r: HouseResult) -> tuple[str, ...]:
    """The time of day of every moment."""
    minutes = np.floor(r.times / 60).astype(int)
    return tuple(f"{m // 60:02d}:{m % 60:02d}:{int(s % 60):02d}" for m, s in zip(minutes, r.times, strict=True))

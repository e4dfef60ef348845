"""What can be said of the waits of a day without a simulation: pistons of warm water, moved by draws and by the pump."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.hotwater import plant as place
from core.hotwater.house.home import Home, Wish
from core.hotwater.house.pistons import HOLD, Line, Piece, falls_after, push, spread, volume_before, warm_after
from core.hotwater.net import RETURN
from core.hotwater.single import pumped, settling, streams
from core.hotwater.theory import dead_time
from core.hotwater.water import LITRE

Array = np.ndarray

NEVER = -1.0  # s
MOMENT = 1.0  # s for which a pump runs at least
STILL_ON = 1.0  # s between two flows that are one to the burner
EVENING = 3600.0  # s for which a pump that runs at midnight has run before


class _Given(NamedTuple):
    """Of the heater: degrees above the room when it burns, and before; seconds until it does; whether it does."""

    hot: float
    cold: float
    delay: float
    fires: bool

    def pieces(self, flow: float, seconds: float) -> list[Piece]:
        cold = min(self.delay, seconds) if self.fires else seconds
        row = [(flow * cold, self.cold), (flow * (seconds - cold), self.hot)]
        return [(volume, warmth) for volume, warmth in row if volume > 0]


class _Circuit:
    """One link: the pipes that its water passes, and when its sensor stops it."""

    def __init__(self, home: Home, lines: list[Line], link: int) -> None:
        laid, plant = home.laid, home.system.plant
        room = max(laid.links_at[link], -1)
        hot = [pipe for pipe in laid.paths[room] if pipe in laid.looped]
        back = _back(home, link) if plant.link == place.OPEN_LINK else []
        self.sensed = [lines[pipe] for pipe in hot + back]
        valve = plant.closes < plant.stops_above
        self.stops, self.starts = (plant.closes, plant.reopens) if valve else (plant.stops_above, plant.starts_below)
        self.is_open = True

    def rests(self) -> float:
        """Seconds until its sensor lets it run again."""
        return 0.0 if self.is_open else falls_after(self.sensed[-1], self.starts)

    @property
    def holds(self) -> float:
        """m3."""
        return sum(line.holds for line in self.sensed)

    def width(self, flow: float) -> float:
        """Seconds that a front is wide at the sensor: its standard deviation."""
        return sum(spread(line.tube, flow) * line.holds / line.swells for line in self.sensed) ** 0.5

    def wants(self, flow: float, gives: _Given) -> float:
        """m3 that pass until its sensor is content."""
        stands = volume_before(self.sensed, self.stops)
        if stands is not None:
            return stands
        return self.holds + flow * gives.delay if gives.fires and gives.hot >= self.stops else np.inf

    def passes(self, enters: list[Piece], flow: float, content: bool) -> None:
        """A sensor that is content has seen its level and no more: the front is as wide there as its deviation."""
        push(self.sensed, enters)
        self.is_open = not content
        if content:
            self.sensed[-1].end_at(flow * self.width(flow), self.stops)


def _back(home: Home, link: int) -> list[int]:
    """Return pipes from a link to the heater."""
    runs, node, found = home.laid.piping.runs, home.laid.piping.links[link][1], []
    while (pipe := next((k for k, run in enumerate(runs) if run.family == RETURN and run.start == node), None)) is not None:
        found.append(pipe)
        node = runs[pipe].end
    return found


class _Pistons:
    """The hot side of a home through a day."""

    def __init__(self, home: Home) -> None:
        self.home, self.plant, self.time, self.fired_until = home, home.system.plant, 0.0, -np.inf
        self.known: dict[tuple[bool, ...], Array] = {}
        self.lines = [Line(run.tube, run.length) for run in home.laid.piping.runs if run.family <= RETURN]
        self.circuits = [_Circuit(home, self.lines, link) for link in range(len(home.laid.piping.links))]
        self.windows = [(float(begin), float(end)) for begin, end in home.system.windows] if self.circuits else []
        self.presses = sorted(home.presses())
        if self.windows and self.windows[0][0] == 0:
            self.runs(-EVENING, 0.0)

    def row(self, room: int) -> list[Line]:
        return [self.lines[pipe] for pipe in self.home.laid.paths[room]]

    def rest(self, until: float) -> None:
        """Nothing flows."""
        if until > self.time:
            for line in self.lines:
                line.cool(until - self.time)
            self.time = until

    def until(self, time: float) -> None:
        """All that the pump does of itself or is asked to, up to then."""
        for begin, end in self.windows:
            if end > self.time and begin < time:
                self.runs(max(begin, self.time), min(end, time))
        while self.presses and self.presses[0][0] < time:
            at, link = self.presses.pop(0)
            self.rest(at)
            if self.time < time:
                called = self.circuits if link < 0 else [self.circuits[int(link)]]
                self.called(called, min(time, self.time + self.plant.longest))
        self.rest(time)

    def runs(self, begin: float, end: float) -> None:
        """The pump may run; sensors stop it and let it run again."""
        self.rest(begin)
        self.time = begin
        while self.time < end:
            starts = self.time + min(circuit.rests() for circuit in self.circuits)
            self.rest(min(starts, end))
            if self.time < end:
                self.called([each for each in self.circuits if each.rests() < MOMENT], end)

    def called(self, circuits: list[_Circuit], end: float) -> None:
        """Every circuit runs until its own sensor is content, and at least a moment; what stands cools meanwhile."""
        begins, most = self.time, end - self.time
        flows = self.streams(tuple(each in circuits for each in self.circuits))
        plans = [(each, float(flow)) for each, flow in zip(self.circuits, flows, strict=True) if each in circuits and flow > 0]
        if not plans:  # its pressure does not open the valve
            self.rest(end)
            return
        gives = self.given(sum(flow for _, flow in plans), begins)
        wanted = [min(each.wants(flow, gives), flow * most) for each, flow in plans]
        spent = max((volume / flow for volume, (_, flow) in zip(wanted, plans, strict=True)))
        self.rest(min(begins + max(spent, MOMENT), end))
        for volume, (circuit, flow) in zip(wanted, plans, strict=True):
            circuit.passes(gives.pieces(flow, volume / flow), flow, content=volume < most * flow)
        self.fired_until = begins + spent if gives.fires else self.fired_until

    def streams(self, opened: tuple[bool, ...]) -> Array:
        """[C] m3/s of the pump through the links that are open."""
        if opened not in self.known:
            self.known[opened] = streams(self.home.system, opened)
        return self.known[opened]

    def given(self, flow: float, at: float) -> _Given:
        """What the heater gives; at once where its burner is on."""
        gives, burns = _given(self.home, flow), at <= self.fired_until + STILL_ON
        return gives._replace(delay=0.0, fires=True) if burns else gives

    def drawn(self, wish: Wish) -> float:
        """Seconds that it waits; NEVER where warm water does not come."""
        home = self.home
        if home.p.scheme.kind == "drain" and home.asks(wish):
            self.opens(wish, wish.at - home.ahead, home.ahead)
        return self.opens(wish, wish.at, home.p.patience if home.waits_for(wish) else 0.0, wish.lasts)

    def opens(self, wish: Wish, at: float, patience: float, lasts: float = 0.0) -> float:
        """A tap, or the drain valve beside it: until it is warm, which somebody waits for so long, and so many seconds more."""
        self.until(at)
        row, flow = self.row(wish.place), wish.flow * LITRE
        gives = self.given(flow, at)
        found = warm_after(row, flow, self.home.warm, gives.hot if gives.fires else -np.inf, gives.delay)
        runs = lasts + (patience if found is None else min(found, patience))
        push(row, gives.pieces(flow, runs))
        late = volume_before(row, self.home.warm) if found is not None and found <= patience else None
        if late:  # a slow wall lets the front pass before it is warm itself
            push(row, [(late + flow * HOLD, gives.hot)])
        self.fired_until = max(self.fired_until, at + runs) if gives.fires else self.fired_until
        return NEVER if found is None else float(found)


def _given(home: Home, flow: float) -> _Given:
    hot, delays, never = settling(home.p, home.p.mains, home.system.plant.volume_heat, flow)
    return _Given(hot - home.p.room, home.system.plant.mains, float(np.mean(delays)), not never)


def waits(home: Home) -> Array:
    """[wishes] s; NEVER where warm water does not come, or cold water is wanted."""
    pistons = _Pistons(home)
    return np.array([NEVER if wish.cold else pistons.drawn(wish) for wish in home.wishes])


def ready(home: Home) -> float:
    """Seconds until hot water is at the farthest tap that a pump, or each tap's drain valve, brings it to; 0: none does."""
    laid_ = home.laid
    if home.p.scheme.kind == "drain":
        return max(_reached(home, path, room.flow * LITRE) for path, room in zip(laid_.paths, home.rooms, strict=True))
    flow = pumped(home.system)
    looped = [[pipe for pipe in path if pipe in laid_.looped] for path in laid_.paths]
    return max(_reached(home, path, flow) for path in looped) if flow else 0.0


def _reached(home: Home, path: Sequence[int], flow: float) -> float:
    """Seconds from flow at the heater to hot water at the end of a row of pipes."""
    runs = home.laid.piping.runs
    return _given(home, flow).delay + sum(dead_time(runs[k].tube, runs[k].length, flow) for k in path)


def standing_loss(home: Home) -> float:
    """W that the hot side and the return line would lose if they were always hot and their water stood still nowhere."""
    p, pipes = home.p, home.laid.piping.runs
    hot = [run for run in pipes if run.family < 2]
    return float(sum((p.set_point - p.room) * run.tube.loss(0.0) * run.length for run in hot))

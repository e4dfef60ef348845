"""What can be said of the waits of a day without a simulation: which pipes still stand warm, and how long the rest takes."""

import numpy as np

from core.hotwater import heaters
from core.hotwater.house.home import Home, Wish
from core.hotwater.pipes import Pipe
from core.hotwater.single import pumped, settling
from core.hotwater.theory import cooled, dead_time
from core.hotwater.water import LITRE

Array = np.ndarray

LONG_AGO, NEVER = -1e9, -1.0  # s


class _Warmth:
    """When hot water last passed every pipe of the hot side."""

    def __init__(self, home: Home) -> None:
        self.home, self.flow = home, pumped(home.system)
        self.last = dict.fromkeys((pipe for path in home.laid.paths for pipe in path), LONG_AGO)

    def tube(self, pipe: int) -> Pipe:
        return self.home.laid.piping.runs[pipe].tube

    def length(self, pipe: int) -> float:
        return self.home.laid.piping.runs[pipe].length

    def is_warm(self, pipe: int, at: float) -> bool:
        """By both eigenvalues of a pipe at rest."""
        stood = at - max(self.last[pipe], self._pumped(pipe, at))
        p = self.home.p
        return p.room + (p.set_point - p.room) * float(cooled(self.tube(pipe), max(stood, 0.0))) >= p.use

    def _pumped(self, pipe: int, at: float) -> float:
        """Until when the pump has kept it warm."""
        home = self.home
        if pipe not in home.laid.looped or self.flow == 0:
            return LONG_AGO
        ready = self.reached(pipe)
        spans = [(begin, min(end, at)) for begin, end in home.system.windows if begin + ready <= at]
        return max((end for begin, end in spans if end >= begin + ready), default=LONG_AGO)

    def reached(self, pipe: int) -> float:
        """Seconds that the pump takes to bring hot water to the end of a pipe."""
        path = next(path for path in self.home.laid.paths if pipe in path)
        before = path[: path.index(pipe) + 1]
        return _delay(self.home, self.flow) + sum(dead_time(self.tube(k), self.length(k), self.flow) for k in before)

    def called(self, wish: Wish) -> None:
        """Somebody called the pump, or a drain valve, ahead of a draw."""
        if not self.home.asks(wish):
            return
        path, ahead = self.home.laid.paths[wish.place], self.home.ahead
        drains = self.home.p.scheme.kind == "drain"
        flow = wish.flow * LITRE if drains else self.flow
        spent = _delay(self.home, flow) if flow else ahead
        for pipe in path if drains else [pipe for pipe in path if pipe in self.home.laid.looped]:
            spent += dead_time(self.tube(pipe), self.length(pipe), flow) if flow else 0.0
            if flow and spent <= ahead:
                self.last[pipe] = wish.at


def waits(home: Home) -> Array:
    """[wishes] s: (1 + kappa) V / Q of what has gone cold between the tap and warm water; NEVER where it does not come."""
    warmth = _Warmth(home)
    return np.array([NEVER if wish.cold else _wait(warmth, wish) for wish in home.wishes])


def _wait(warmth: _Warmth, wish: Wish) -> float:
    home, path = warmth.home, warmth.home.laid.paths[wish.place]
    warmth.called(wish)
    cold, flow = [], wish.flow * LITRE
    for pipe in reversed(path):
        if warmth.is_warm(pipe, wish.at):
            break
        cold.append(pipe)
    fires = wish.flow >= heaters.fires_from(home.p.heater)
    if len(cold) == len(path) and not fires:
        return NEVER
    waited = sum(dead_time(warmth.tube(k), warmth.length(k), flow) for k in cold)
    waited += _delay(home, flow) if len(cold) == len(path) else 0.0
    if fires:
        for pipe in path:
            warmth.last[pipe] = wish.at + waited + wish.lasts
    return float(waited)


def ready(home: Home) -> float:
    """Seconds until hot water is at the farthest tap that a pump, or each tap's drain valve, brings it to; 0: none does."""
    warmth, laid_ = _Warmth(home), home.laid
    if home.p.scheme.kind == "drain":
        flows = [room.flow * LITRE for room in home.rooms]
        paths = zip(laid_.paths, flows, strict=True)
        return max(
            _delay(home, flow) + sum(dead_time(warmth.tube(k), warmth.length(k), flow) for k in path) for path, flow in paths
        )
    looped = [pipe for path in laid_.paths for pipe in path if pipe in laid_.looped]
    return max((warmth.reached(pipe) for pipe in looped), default=0.0) if warmth.flow else 0.0


def _delay(home: Home, flow: float) -> float:
    """Mean time from flow to warm water at the heater, s."""
    _, delays, _ = settling(home.p, home.p.mains, home.system.plant.volume_heat, flow)
    return float(np.mean(delays))


def standing_loss(home: Home) -> float:
    """W that the hot side and the return line would lose if they were always hot and their water stood still nowhere."""
    p, pipes = home.p, home.laid.piping.runs
    hot = [run for run in pipes if run.family < 2]
    return float(sum((p.set_point - p.room) * run.tube.loss(0.0) * run.length for run in hot))

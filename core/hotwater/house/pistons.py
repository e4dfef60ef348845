"""Water in a row of pipes as pieces that move like pistons with their share of the wall, and cool while they stand.

What flows moves warmth on by its own volume in a pipe that holds (1 + kappa) V of it: the dead time. How a front spreads on its
way is that of Anzelius and Schumann; pipes in a row are as one with the sum of their means and of their variances.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, inf, log, sqrt

from core.hotwater.pipes import Pipe
from core.hotwater.theory import cooling_time, front_variance, steady

Piece = tuple[float, float]  # m3 of (1 + kappa) V, degrees above the room

HOLD = 3.0  # s for which a tap must stay warm
ALIKE = 0.2  # K, pieces that are one
LEAST = 1e-9  # m3
SURE = 1e-6  # of a share
FARTHEST, HALVINGS = 3.5, 22  # deviations of a front that are looked through, and how often


@dataclass
class Line:
    """One pipe. pieces: from its end, where water leaves it, back to its start."""

    tube: Pipe
    length: float  # m
    pieces: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.swells = 1 + self.tube.kappa
        self.holds = self.swells * self.tube.area * self.length
        self.cools_in = cooling_time(self.tube)
        self.pieces = [(self.holds, 0.0)]

    def cool(self, seconds: float) -> None:
        """By the slow eigenvalue of a pipe at rest."""
        left = exp(-seconds / self.cools_in)
        self.pieces = [(volume, warmth * left) for volume, warmth in self.pieces]

    def push(self, enters: Sequence[Piece]) -> list[Piece]:
        """What leaves for it, both in the order in which they pass."""
        row = [*self.pieces, *enters]
        leaves, rest = cut(row, sum(volume for volume, _ in row) - self.holds)
        self.pieces = joined(rest)
        return leaves

    def end_at(self, volume: float, warmth: float) -> None:
        """The last of it has a temperature of its own: the front that a sensor has seen."""
        volume = min(volume, self.holds / 2)
        _, rest = cut(self.pieces, volume)
        self.pieces = [(volume, warmth), *rest]


def cut(row: Sequence[Piece], volume: float) -> tuple[list[Piece], list[Piece]]:
    """The first of a row, so much of it, and the rest."""
    first: list[Piece] = []
    for i, (size, warmth) in enumerate(row):
        if volume < size:
            taken = [(volume, warmth)] if volume > LEAST else []
            return first + taken, [(size - max(volume, 0.0), warmth), *row[i + 1 :]]
        first.append((size, warmth))
        volume -= size
    return first, []


def joined(row: Sequence[Piece]) -> list[Piece]:
    """Neighbours that are alike become one, with the heat of both."""
    found: list[Piece] = []
    for piece in row:
        alike = bool(found) and abs(found[-1][1] - piece[1]) < ALIKE
        found.append(_together(found.pop(), piece) if alike else piece)
    return [(volume, warmth) for volume, warmth in found if volume > LEAST]


def _together(one: Piece, other: Piece) -> Piece:
    volume = one[0] + other[0]
    return volume, (one[0] * one[1] + other[0] * other[1]) / volume


def push(row: Sequence[Line], enters: Sequence[Piece]) -> None:
    """Through all of them."""
    for line in row:
        enters = line.push(enters)


def upstream(row: Sequence[Line]) -> Iterator[tuple[Line, Piece]]:
    """Pieces from the tap back to the heater."""
    for line in reversed(row):
        for piece in line.pieces:
            yield line, piece


def volume_before(row: Sequence[Line], level: float) -> float | None:
    """m3 that must flow until what is as warm as that is at the end; None: there is none in the row."""
    before = 0.0
    for _, (volume, warmth) in upstream(row):
        if warmth >= level:
            return before
        before += volume
    return None


@dataclass
class Front:
    """What flows ahead of warm water: means and variances of the passage add up along a row of pipes."""

    flow: float  # m3/s
    seconds: float = 0.0  # of the water alone, V / Q
    swallowed: float = 0.0  # s more by the walls
    variance: float = 0.0  # s2
    size: float = 0.0  # m3
    heat: float = 0.0  # m3 K

    def add(self, line: Line, volume: float, warmth: float) -> None:
        """One more piece."""
        water = volume / line.swells
        self.seconds += water / self.flow
        self.swallowed += (volume - water) / self.flow
        self.variance += spread(line.tube, self.flow) * water
        self.size, self.heat = self.size + volume, self.heat + volume * warmth

    def passes(self, level: float, behind: float) -> float:
        """Seconds until the end is as warm as `level`, when what follows is as warm as `behind`."""
        if self.size == 0 or self.swallowed == 0:
            return self.seconds
        ahead = self.heat / self.size
        share = (level - ahead) / max(behind - ahead, SURE)
        x, scale = 2 * self.swallowed**2 / self.variance, self.variance / (2 * self.swallowed)
        return self.seconds + scale * reached(x, min(share, 1 - SURE))


def reached(x: float, share: float) -> float:
    """y at which J(x, y), the front of Anzelius and Schumann, has come to that share; 0 where its jump exp(-x) is enough."""
    low, high = 0.0, (sqrt(x) + FARTHEST) ** 2
    if share <= exp(-x):
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if passed(x, middle) < share else (low, middle)
    return (low + high) / 2


def passed(x: float, y: float) -> float:
    """J(x, y) = 1 - sum_k P(k | y) P(N > k | x): as many delays as a Poisson law of mean x has, each exponential of mean 1."""
    term, later, kept = exp(-y), 1 - exp(-x), exp(-x)
    missing, k = term * later, 0
    while later > SURE:
        k += 1
        kept, term = kept * x / k, term * y / k
        later -= kept
        missing += term * max(later, 0.0)
    return 1 - missing


@lru_cache(maxsize=256)
def spread(tube: Pipe, flow: float) -> float:
    """s2 a m3 of water that a front passes."""
    return front_variance(tube, 1.0, flow) / tube.area


def warm_after(row: Sequence[Line], flow: float, level: float, hot: float, delay: float) -> float | None:
    """Seconds until the end of a row is as warm as `level` for a while; hot: what the heater gives after `delay` seconds.

    Warm water that stands in the row comes first, where it lasts; None: it never comes.
    """
    front, found, lasts = Front(flow), [], 0.0
    pieces = list(upstream(row))
    for i, (line, (volume, warmth)) in enumerate(pieces):
        if warmth >= level:
            lasts = sum(size for size, _ in _warm_from(pieces, i, level)) / flow
            found += [front.passes(level, warmth)] if lasts >= HOLD else []
        front.add(line, volume, warmth)
    for line in row:
        hot *= steady(line.tube, line.length, flow)
    found += [delay + front.passes(level, hot)] if hot >= level else []
    return min(found, default=None)


def _warm_from(pieces: Sequence[tuple[Line, Piece]], first: int, level: float) -> Iterator[Piece]:
    """The piece and those behind it, as long as they are warm."""
    for _, piece in pieces[first:]:
        if piece[1] < level:
            return
        yield piece


def falls_after(line: Line, level: float) -> float:
    """Seconds at rest until the end of a pipe is no warmer than that, which is above the room."""
    warmth = line.pieces[0][1]
    if warmth <= level:
        return 0.0
    return line.cools_in * log(warmth / level) if level > 0 else inf

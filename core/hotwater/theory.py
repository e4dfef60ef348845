"""What can be said without a simulation: dead time, cooling, steady loss, and the front of Anzelius and Schumann."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from core.hotwater.pipes import Pipe

Array = np.ndarray

NODES = 128  # of the Gauss-Legendre rule; its error is below 1e-12 for x up to 200
TABULATED, PARTS = 200, 12  # points of a front; shares in which the heater's own rise is counted


def schumann(x: Array, y: Array) -> Array:
    """J(x, y) = 1 - int_0^x exp(-s - y) I_0(2 sqrt(s y)) ds, 0 where y < 0 (Anzelius 1926, Schumann 1929).

    Temperature of a fluid that enters at 1 a bed at 0, x = G L / (Cf v) down the line, y = G (t - L/v) / Cw after it got
    there; the wall's is 1 - J(y, x). x, y: any shapes that fit together.
    """
    from scipy.special import i0e  # noqa: PLC0415  the page opens without it

    nodes, weights = _nodes()
    x, later = np.broadcast_arrays(np.asarray(x, float), np.maximum(y, 0.0))
    s = x[..., None] * (nodes + 1) / 2
    together = np.sqrt(s * later[..., None])
    value = i0e(2 * together) * np.exp(2 * together - s - later[..., None])
    return np.where(np.asarray(y) < 0, 0.0, 1 - x / 2 * (value @ weights))


@cache
def _nodes() -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(NODES)


def dead_time(pipe: Pipe, length: float, flow: float) -> float:
    """(1 + kappa) V / Q, s: the mean of the front; length in m, flow in m3/s."""
    return (1 + pipe.kappa) * pipe.area * length / flow


def front_variance(pipe: Pipe, length: float, flow: float) -> float:
    """Of the step's arrival, s2: 2 L Cw^2 / (v Cf G)."""
    return 2 * length * pipe.wall_heat**2 / (pipe.volume_heat * flow * pipe.film(flow))


def cooling_time(pipe: Pipe) -> float:
    """Slow time constant at rest, s: the eigenvalue of the exchange between water, wall and room."""
    g, cf, cw = pipe.film(0.0), pipe.water_heat, pipe.wall_heat
    trace = -g / cf - (g + 1 / pipe.room_resistance) / cw
    product = g / (cf * cw * pipe.room_resistance)
    return (-trace + (trace**2 - 4 * product) ** 0.5) / (2 * product)


def cooled(pipe: Pipe, seconds: Array | float, wall: float = 1.0) -> Array:
    """Share of the warmth above the room left in water at rest: both eigenvalues. wall: its warmth at first, of the water's."""
    g, cf, cw = pipe.film(0.0), pipe.water_heat, pipe.wall_heat
    slow = 1 / cooling_time(pipe)
    fast = g / (cf * cw * pipe.room_resistance) / slow
    falls = g / cf * (1 - wall)  # share a second at first
    slowly, quickly = np.exp(-slow * np.asarray(seconds)), np.exp(-fast * np.asarray(seconds))
    return ((fast - falls) * slowly - (slow - falls) * quickly) / (fast - slow)


def steady(pipe: Pipe, length: float, flow: float) -> float:
    """Share of the warmth above the room that reaches the end of a long-running line: exp(-U L / (m c))."""
    return float(np.exp(-pipe.loss(flow) * length / (pipe.volume_heat * flow)))


@dataclass(frozen=True)
class Opening:
    """A tap opened on a line that has cooled; no pump. SI, degrees Celsius.

    hot: what the heater will give; delays: seconds from the opening until it has come even shares of the way to that; never:
    it does not fire.
    """

    pipe: Pipe
    length: float
    flow: float
    hot: float
    mains: float
    room: float
    delays: tuple[float, ...]
    never: bool

    @cached_property
    def arrives(self) -> float:
        """Steady temperature of the tap."""
        return self.room + (self.hot - self.room) * steady(self.pipe, self.length, self.flow)

    @cached_property
    def transit(self) -> float:
        """V / Q, s."""
        return self.pipe.area * self.length / self.flow

    @cached_property
    def _front(self) -> tuple[Array, Array]:
        """Seconds, and the answer of the tap to a step of the heater; straight lines between."""
        film, spread = self.pipe.film(self.flow), front_variance(self.pipe, self.length, self.flow) ** 0.5
        tail = self.pipe.wall_heat / film  # a single wall's; the deviation of a short pipe is less than that
        ends = dead_time(self.pipe, self.length, self.flow) + 7 * (spread + tail)
        seconds = np.linspace(self.transit, ends, TABULATED)
        x = film * self.length / (self.pipe.volume_heat * self.flow)
        return seconds, schumann(np.array(x), film * (seconds - self.transit) / self.pipe.wall_heat)

    def front(self, seconds: Array) -> Array:
        """Answer of the tap to a step of the heater, from 0 to 1."""
        return np.interp(seconds, *self._front, left=0.0)

    def tap(self, seconds: Array, standing: Array | float) -> Array:
        """Temperature of the tap so long after it was opened: two fronts, of mains water and then of hot water.

        seconds: [...], standing: [...] that fit together, s.
        """
        left = self.room + (self.hot - self.room) * cooled(self.pipe, standing)
        first, rise = self.front(seconds), self.arrives - self.mains
        if self.never:
            return left + (self.mains - left) * first
        parts = sum(self.front(seconds - delay) for delay in self.delays) / len(self.delays)
        return left + (self.mains - left) * first + rise * parts

    def _breaks(self) -> Array:
        """Times between which the tap's temperature is as good as straight, just before each jump among them."""
        starts = self.transit + np.array([0.0, *self.delays])
        return np.unique(np.concatenate([[0.0], starts - 1e-9, *(self._front[0] + start - self.transit for start in starts)]))

    def waits(self, use: float, standing: Array) -> Array:
        """Seconds until the tap is as warm as `use`, for standing times [k] in seconds; -1 where it never is."""
        seconds = self._breaks()
        tap = self.tap(seconds, np.asarray(standing)[:, None])
        warm = tap >= use
        first = warm.argmax(axis=1)
        rows, before = np.arange(len(tap)), np.maximum(first - 1, 0)
        rise = tap[rows, first] - tap[rows, before]
        share = (use - tap[rows, before]) / np.where(rise == 0, 1, rise)
        found = seconds[before] + np.where(first > 0, share, 0) * (seconds[first] - seconds[before])
        return np.where(warm.any(axis=1), found, -1.0)


def exchanger_delays(volume: float, flow: float, rise: float, need: float, most: float, settles: float) -> Array:
    """Seconds after the flame at which a mixed exchanger, first as cold as its inlet, has passed even shares of its rise.

    volume: m3 of water that it is worth; rise: K to reach; need, most: W for that rise and at full flame; settles: s in which
    the control closes a gap. The burner gives all it has until the control takes over.
    """
    rate, passed = flow / volume, rise * (np.arange(PARTS) + 0.5) / PARTS
    if need >= most:
        return -np.log(1 - passed / rise) / rate
    ceiling = rise * most / need  # K at full flame for ever
    taken_over = max(rise - settles * rate * (most - need) / need * rise, 0.0)
    full = -np.log(1 - np.minimum(passed, taken_over) / ceiling) / rate
    return full + np.log((rise - taken_over) / (rise - np.maximum(passed, taken_over))) / (rate + 1 / settles)

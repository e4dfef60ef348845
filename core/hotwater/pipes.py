"""A catalogue of pipes, and what one of them does to heat: capacity of water and wall, film, wall, insulation, room."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from math import log, pi

from core.hotwater import water

ROOM_FILM = 8.52  # W/(m2 K), still air with radiation
REFERENCE = 45.0  # degrees at which the properties of water are taken


class Size(Enum):
    """What a pipe is called in the shop."""

    PPR_20 = "ppr_20"
    PPR_25 = "ppr_25"
    PPR_32 = "ppr_32"
    PEX_16 = "pex_16"
    PEX_HALF = "pex_half"
    PEX_THREE_QUARTER = "pex_three_quarter"
    COPPER_15 = "copper_15"
    COPPER_22 = "copper_22"
    COPPER_HALF = "copper_half"
    COPPER_THREE_QUARTER = "copper_three_quarter"


@dataclass(frozen=True)
class Material:
    """heat: J/(m3 K) of its volume; conductivity: W/(m K)."""

    heat: float
    conductivity: float


COPPER, PEX, PPR = Material(3.45e6, 390.0), Material(2.20e6, 0.38), Material(1.71e6, 0.24)

# Outer and inner diameter in millimetres. PP-R: ISO 15874-2, series 3.2 (20 x 2.8 is the trade's 4 fen, 25 x 3.5 its 6 fen).
# PEX 16: ISO 15875-2. PEX in inches: ASTM F876, SDR 9. Copper: EN 1057; in inches ASTM B88 type L.
CATALOGUE: dict[Size, tuple[Material, float, float]] = {
    Size.PPR_20: (PPR, 20.0, 14.4),
    Size.PPR_25: (PPR, 25.0, 18.0),
    Size.PPR_32: (PPR, 32.0, 23.2),
    Size.PEX_16: (PEX, 16.0, 12.0),
    Size.PEX_HALF: (PEX, 15.88, 12.32),
    Size.PEX_THREE_QUARTER: (PEX, 22.22, 17.30),
    Size.COPPER_15: (COPPER, 15.0, 13.0),
    Size.COPPER_22: (COPPER, 22.0, 20.0),
    Size.COPPER_HALF: (COPPER, 15.88, 13.84),
    Size.COPPER_THREE_QUARTER: (COPPER, 22.22, 19.94),
}


@dataclass(frozen=True)
class Pipe:
    """A round pipe with insulation around it, all per metre. Lengths in metres; celsius: where water's properties are taken.

    The wall is one temperature, at the radius that halves its volume; its resistance lies half to either side.
    """

    material: Material
    outer: float
    inner: float
    insulation: float = 0.0
    insulation_conductivity: float = 0.04
    celsius: float = REFERENCE

    @property
    def area(self) -> float:
        """Of the water, m2; also m3 per metre."""
        return pi / 4 * self.inner**2

    @cached_property
    def water_heat(self) -> float:
        """Cf, J/(m K)."""
        return self.volume_heat * self.area

    @property
    def volume_heat(self) -> float:
        """rho c, J/(m3 K)."""
        return water.density(self.celsius) * water.HEAT

    @property
    def wall_heat(self) -> float:
        """Cw, J/(m K)."""
        return self.material.heat * pi / 4 * (self.outer**2 - self.inner**2)

    @property
    def kappa(self) -> float:
        """Heat of the wall over heat of the water."""
        return self.wall_heat / self.water_heat

    @property
    def middle(self) -> float:
        """Diameter that halves the volume of the wall, m."""
        return ((self.inner**2 + self.outer**2) / 2) ** 0.5

    def film(self, flow: float) -> float:
        """G from water to the middle of the wall, W/(m K), at a flow in m3/s."""
        re, pr = water.reynolds(flow, self.inner, self.celsius), water.prandtl(self.celsius)
        film = 1 / (pi * water.conductivity(self.celsius) * water.nusselt(re, pr))
        return 1 / (film + log(self.middle / self.inner) / (2 * pi * self.material.conductivity))

    @cached_property
    def room_resistance(self) -> float:
        """R from the middle of the wall to the room, m K/W."""
        around = self.outer + 2 * self.insulation
        wall = log(self.outer / self.middle) / self.material.conductivity
        return (wall + log(around / self.outer) / self.insulation_conductivity) / (2 * pi) + 1 / (pi * ROOM_FILM * around)

    def loss(self, flow: float) -> float:
        """U from water to room, W/(m K)."""
        return 1 / (1 / self.film(flow) + self.room_resistance)

    def resistance(self) -> float:
        """Of a metre: Pa over (m3/s)^1.75."""
        return water.blasius(self.inner, self.celsius)


def pipe(size: Size, insulation: float = 0.0, insulation_conductivity: float = 0.04) -> Pipe:
    """From the catalogue; insulation in metres."""
    material, outer, inner = CATALOGUE[size]
    return Pipe(material, outer / 1000, inner / 1000, insulation, insulation_conductivity)

"""Properties of liquid water, and how well a stream of it hands its heat to the wall of a pipe."""

from math import log, log10, pi

LITRE = 1e-3 / 60  # m3/s of 1 L/min
LAMINAR_NUSSELT = 3.66  # fully developed, constant wall temperature; kept as the floor at rest
LAMINAR_UP_TO, TURBULENT_FROM = 2300.0, 4000.0  # Reynolds number; between them, a straight line
HEAT = 4180.0  # J/(kg K), within 0.1 % from 20 to 70 degrees


def density(celsius: float) -> float:
    """kg/m3, 0 to 100 degrees (McCutcheon, Martin & Barnwell, Handbook of Hydrology, 1993)."""
    return 1000 * (1 - (celsius + 288.9414) / (508929.2 * (celsius + 68.12963)) * (celsius - 3.9863) ** 2)


def conductivity(celsius: float) -> float:
    """W/(m K) (Ramires et al., J. Phys. Chem. Ref. Data 24, 1995, equation 8)."""
    share = (celsius + 273.15) / 298.15
    return 0.6065 * (-1.48445 + 4.12292 * share - 1.63866 * share**2)


def viscosity(celsius: float) -> float:
    """Pa s (Vogel's equation with the usual constants of water; within 2.5 % from 0 to 370 degrees)."""
    return 2.414e-5 * 10 ** (247.8 / (celsius + 273.15 - 140))


def prandtl(celsius: float) -> float:
    return HEAT * viscosity(celsius) / conductivity(celsius)


def reynolds(flow: float, diameter: float, celsius: float) -> float:
    """Of a flow [m3/s] through a round pipe [m]."""
    return 4 * abs(flow) * density(celsius) / (pi * diameter * viscosity(celsius))


def nusselt(re: float, pr: float) -> float:
    """Gnielinski (1976) where turbulent, 3.66 where laminar, a line between."""
    if re <= LAMINAR_UP_TO:
        return LAMINAR_NUSSELT
    turbulent = gnielinski(max(re, TURBULENT_FROM), pr)
    share = min((re - LAMINAR_UP_TO) / (TURBULENT_FROM - LAMINAR_UP_TO), 1.0)
    return LAMINAR_NUSSELT + share * (turbulent - LAMINAR_NUSSELT)


def gnielinski(re: float, pr: float) -> float:
    """Nusselt number for 3000 < re < 5e6, smooth pipe."""
    friction = (0.79 * log(re) - 1.64) ** -2
    return friction / 8 * (re - 1000) * pr / (1 + 12.7 * (friction / 8) ** 0.5 * (pr ** (2 / 3) - 1))


def blasius(diameter: float, celsius: float) -> float:
    """Resistance of a metre of smooth pipe: Pa/m over (m3/s)^1.75 (Blasius 1913, f = 0.3164 re^-1/4)."""
    rho, mu = density(celsius), viscosity(celsius)
    return 10 ** (log10(0.1582) + 0.75 * log10(rho) + 0.25 * log10(mu) + 1.75 * log10(4 / pi) - 4.75 * log10(diameter))

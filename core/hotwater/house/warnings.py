"""What a plumber would point at; each where it applies. A teaching tool, not a design."""

import numpy as np

from core.hotwater import plant as place
from core.hotwater.heaters import Tankless, fires_from, numbers
from core.hotwater.house.home import Home
from core.hotwater.single import pumped
from core.hotwater.water import LITRE, density

Array = np.ndarray

GRAVITY = 9.81  # m/s2
LEGIONELLA_BELOW = 55.0  # degrees in a storage or a loop: DVGW W 551 asks for 60 at the outlet and 55 at the return
SCALDS_ABOVE = 60.0  # degrees: skin burns in about five seconds (Moritz and Henriques, 1947)


def warnings(home: Home, now: Array) -> list[str]:
    """Keys of the sentences that apply."""
    p, loops = home.p, bool(home.laid.piping.links)
    flow, is_tank = pumped(home.system) if loops else 0.0, not isinstance(numbers(p.heater), Tankless)
    rules = {
        "legionella_storage": is_tank and p.set_point < LEGIONELLA_BELOW,
        "legionella_loop": loops and float(now[place.PUMP_TIME]) > 3600 and p.set_point < LEGIONELLA_BELOW,
        "tank_runs_cold": float(now[place.LUKEWARM]) > 0,
        "scalds": p.set_point > SCALDS_ABOVE,
        "pump_too_weak": loops and flow < fires_from(p.heater) * LITRE,
        "thermosiphon": loops and p.scheme.kind != "crossover_solenoid" and buoyancy(home) > p.valve_opening * 1e3,
        "tap_too_weak": bool(_weak(home)),
        "filter_too_hot": float(now[place.FILTER_HOT]) > 0,
        "cold_line_hot": float(now[place.COLD_WARM]) > 0,
        "valve_stays_shut": loops and flow == 0,
    }
    return [name for name, applies in rules.items() if applies]


def buoyancy(home: Home) -> float:
    """Pa that drive water around a loop of which one leg is hot: (density cold - density hot) g h."""
    p = home.p
    return (density(p.room) - density(p.set_point)) * GRAVITY * p.height


def _weak(home: Home) -> list[int]:
    """Hot draws below the flow that fires the heater."""
    p = home.p
    least = fires_from(p.heater)
    return [i for i, wish in enumerate(home.wishes) if not wish.cold and wish.flow < least]

"""A catalogue of circulation pumps, and one's own by numbers."""

from typing import Literal

from core.parameters import Variant, slider


class OwnPump(Variant):
    """A pump known by three numbers; its pressure falls with the square of the flow."""

    kind: Literal["own"] = "own"
    pump_head: float = slider(
        4.0, 1.0, 12.0, 0.5, "m", "pressure of the pump against a closed valve, metres of water", advanced=True
    )
    pump_most: float = slider(25.0, 5.0, 100.0, 1.0, "L/min", "flow of the pump at which its pressure is gone", advanced=True)
    pump_power: float = slider(
        25.0, 5.0, 150.0, 5.0, "W", "electric power of the pump, all of it into the water", advanced=True
    )


class CatalogPump(Variant):
    """One that can be bought."""

    kind: Literal["star_z_nova", "comfort_15_14", "up_15_10", "up_15_29", "yonos_pico_4"] = "star_z_nova"


Pump = OwnPump | CatalogPump

CUBIC_METRE_AN_HOUR = 1000 / 60  # L/min
FOOT, GALLON = 0.3048, 3.785  # m, L

# Head against a closed valve, a flow in L/min and the head at it, the most electric power. Heads in metres of water.
# Wilo, technical data: Star-Z NOVA (article 4132760): 1.0 m, 0.4 m3/h, 3 to 5 W; Yonos PICO1.0 25/1-4 (4248082, made for
# heating): 4.3 m, 2.7 m3/h, 4 to 20 W.
# Grundfos Product Centre 2026.02: COMFORT 15-14 M, its curve: 1.17 m, 0.77 m at 0.50 m3/h, 7 W; UP 15-29 SU at 60 Hz: 2.2 m,
# 1.622 m at 2.35 m3/h, 87 W.
# Grundfos UP15-10SU7P/LC (99452459), as a buyer's guide to circulation pumps has it: 0 to 6 ft, 0 to 6.5 gpm, 25 W.
CATALOGUE: dict[str, tuple[float, float, float, float]] = {
    "star_z_nova": (1.0, 0.4 * CUBIC_METRE_AN_HOUR, 0.0, 5.0),
    "comfort_15_14": (1.17, 0.5 * CUBIC_METRE_AN_HOUR, 0.77, 7.0),
    "up_15_10": (6 * FOOT, 6.5 * GALLON, 0.0, 25.0),
    "up_15_29": (2.2, 2.35 * CUBIC_METRE_AN_HOUR, 1.622, 87.0),
    "yonos_pico_4": (4.3, 2.7 * CUBIC_METRE_AN_HOUR, 0.0, 20.0),
}


def numbers(pump: Pump) -> OwnPump:
    """The three of any pump; its run-out is where the parabola through both points of the catalogue ends."""
    if isinstance(pump, OwnPump):
        return pump
    head, flow, there, power = CATALOGUE[pump.kind]
    return OwnPump(pump_head=head, pump_most=flow / (1 - there / head) ** 0.5, pump_power=power)

"""A catalogue of water heaters, and one's own by numbers."""

from typing import Literal

from core.parameters import Variant, slider

LABELLED = 45.0  # K between water and room, 65 and 20 degrees, for which a standing loss is stated: Regulation (EU) 812/2013
EFFICIENCY = slider(
    0.85, 0.5, 1.0, 0.01, "", "heat into the water over heat in the gas: 0.82 to 0.87, condensing 0.90 to 0.96", advanced=True
)
VOLUME = slider(80.0, 10.0, 500.0, 5.0, "L", "water in the tank", advanced=True)
DIFFERENTIAL = slider(5.0, 1.0, 20.0, 0.5, "K", "the tank is heated again this far below the set point", advanced=True)
STANDING_LOSS = slider(
    60.0, 10.0, 200.0, 5.0, "W", "heat that the tank loses to a room 45 K cooler, as its label has it", advanced=True
)


class Tankless(Variant):
    """A gas heater that fires when water flows."""

    kind: Literal["tankless"] = "tankless"
    fires_from: float = slider(2.0, 1.0, 4.0, 0.1, "L/min", "flow at which the burner starts", advanced=True)
    ignition: float = slider(3.5, 0.0, 15.0, 0.5, "s", "from flow to flame", advanced=True)
    least_power: float = slider(3.5, 0.5, 12.0, 0.5, "kW", "below this the burner goes on and off", advanced=True)
    most_power: float = slider(28.0, 8.0, 60.0, 1.0, "kW", "heat into the water at full flame", advanced=True)
    exchanger: float = slider(0.5, 0.05, 3.0, 0.05, "L", "water with the heat capacity of the heat exchanger", advanced=True)
    efficiency: float = EFFICIENCY


class Tank(Variant):
    """An electric storage tank."""

    kind: Literal["tank"] = "tank"
    volume: float = VOLUME
    element: float = slider(2.0, 0.5, 12.0, 0.5, "kW", "electric power of the tank", advanced=True)
    differential: float = DIFFERENTIAL
    standing_loss: float = STANDING_LOSS


class GasTank(Variant):
    """A storage tank over a gas burner."""

    kind: Literal["gas_tank"] = "gas_tank"
    volume: float = VOLUME
    burner: float = slider(9.0, 2.0, 40.0, 0.5, "kW", "heat of the tank's burner into the water", advanced=True)
    differential: float = DIFFERENTIAL
    standing_loss: float = STANDING_LOSS
    efficiency: float = EFFICIENCY


class CatalogHeater(Variant):
    """One that can be bought."""

    kind: Literal["continuum_2532", "greentherm_c1050", "npe_240a", "okhe_80", "okhe_160", "label_c_200"] = "continuum_2532"


Heater = Tankless | Tank | GasTank | CatalogHeater

BTU_AN_HOUR = 0.29307e-3  # kW
WATT_HOURS_A_DAY = 1 / 24  # W

# Where a document says nothing (ignition, exchanger, starting flow, thermostat), the defaults above stand.
# Rinnai, user manual of the Continuum REU-2532FFU, its example of flows: 180,000 Btu/h at 0.82.
# Bosch, engineering submittal sheet of the Greentherm C 1050 ES (BTC 742008301 D, 2013): 184,500 Btu/h out, 94 %, 10:1.
# Navien, manual of the NPE-240A: 19,900 to 199,900 Btu/h in; application guide of the NPE series: UEF up to 0.96.
# Drazice, manual of the OKHE 80 to 160 SMART, table 1: 80 L, 4.8 kWh in 2.5 h, 6.88 Wh/(L day) of loss at 65 and 20 degrees;
# 155 L, 9.5 kWh in 5 h, 6.77 Wh/(L day).
# Energy label C: Regulation (EU) 812/2013, annex II, at most 16.66 + 8.33 V^0.4 W of V litres.
CATALOGUE: dict[str, Tankless | Tank] = {
    "continuum_2532": Tankless(most_power=180_000 * BTU_AN_HOUR * 0.82, efficiency=0.82),
    "greentherm_c1050": Tankless(
        least_power=18_450 * BTU_AN_HOUR, most_power=184_500 * BTU_AN_HOUR, efficiency=0.94
    ),
    "npe_240a": Tankless(
        least_power=19_900 * BTU_AN_HOUR * 0.96, most_power=199_900 * BTU_AN_HOUR * 0.96, efficiency=0.96
    ),
    "okhe_80": Tank(volume=80.0, element=4.8 / 2.5, standing_loss=80 * 6.88 * WATT_HOURS_A_DAY),
    "okhe_160": Tank(volume=155.0, element=9.5 / 5.0, standing_loss=155 * 6.77 * WATT_HOURS_A_DAY),
    "label_c_200": Tank(volume=200.0, standing_loss=16.66 + 8.33 * 200**0.4),
}  # fmt: skip


def numbers(heater: Heater) -> Tankless | Tank | GasTank:
    """Of any heater."""
    return CATALOGUE[heater.kind] if isinstance(heater, CatalogHeater) else heater


def fires_from(heater: Heater) -> float:
    """L/min below which it heats nothing; a tank is hot already."""
    made = numbers(heater)
    return made.fires_from if isinstance(made, Tankless) else 0.0


def burns(heater: Heater) -> bool:
    """Whether it burns gas."""
    return not isinstance(numbers(heater), Tank)


def efficiency(heater: Heater) -> float:
    """Heat into the water over gas or electricity."""
    made = numbers(heater)
    return 1.0 if isinstance(made, Tank) else made.efficiency

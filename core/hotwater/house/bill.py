"""What a day costs: fuel, electricity, water, a day's share of the kit; and when a kit has paid for itself."""

from dataclasses import dataclass

from core.hotwater import heaters, pumps
from core.hotwater.house.params import HouseParams

KWH = 3.6e6
YEAR = 365.0
NEVER = -1.0  # years
LONGEST = 1e6  # years


@dataclass(frozen=True)
class Bill:
    """Of one day. Money in the currency of the prices, heat and work in kWh."""

    fuel: float  # kWh
    gas: float  # m3
    power: float  # kWh, of the pump, and of an electric heater
    water: float  # L
    energy_cost: float
    water_cost: float
    kit_cost: float
    co2: float  # kg

    @property
    def running(self) -> float:
        """Without the kit."""
        return self.energy_cost + self.water_cost

    @property
    def total(self) -> float:
        return self.running + self.kit_cost


def kit_price(p: HouseParams) -> float:
    """Of what the scheme needs: nothing without one; a drain valve needs no pump."""
    if p.switching.kind == "never":
        return 0.0
    return max(p.kit_price - p.pump_price, 0.0) if p.scheme.kind == "drain" else p.kit_price


def bill(p: HouseParams, heat: float, pump_seconds: float, water: float) -> Bill:
    """heat: J into the water; water: L."""
    burns, fuel = heaters.burns(p.heater), heat / KWH / heaters.efficiency(p.heater)
    pump = pumps.numbers(p.pump).pump_power * pump_seconds / KWH
    power = pump if burns else pump + fuel
    gas = fuel / p.heating_value if burns else 0.0
    return Bill(
        fuel=fuel,
        gas=gas,
        power=power,
        water=water,
        energy_cost=gas * p.gas_price + power * p.electricity_price,
        water_cost=water / 1000 * p.water_price,
        kit_cost=kit_price(p) / (p.kit_years * YEAR),
        co2=(fuel * p.gas_co2 if burns else 0.0) + power * p.electricity_co2,
    )


def payback(price: float, saved_a_day: float) -> float:
    """Years until a price is saved; NEVER where that takes longer than anything lasts."""
    return price / (saved_a_day * YEAR) if saved_a_day * YEAR * LONGEST > price else NEVER

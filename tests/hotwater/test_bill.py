"""The bill of a small day worked out by hand."""

from dataclasses import replace

import pytest

from core.hotwater.house import HouseParams, compute
from core.hotwater.house.bill import NEVER, bill, kit_price, payback
from core.hotwater.house.day import lived, plain

PRICES = {"efficiency": 0.8, "heating_value": 10.0, "gas_price": 4.0, "electricity_price": 0.6, "water_price": 5.0}
PRICES |= {
    "kit_price": 730.0,
    "kit_years": 2.0,
    "pump_price": 365.0,
    "gas_co2": 0.2,
    "electricity_co2": 0.5,
    "pump_power": 25.0,
}
PUMPED = {"scheme": "return_line", "switching": "always"}


def test_gas_electricity_water_and_kit_by_hand():
    """36 MJ are 10 kWh, 12.5 of fuel, 1.25 m3, 5 yuan; two pump hours .05 kWh, 3 fen; 200 L 1 yuan; 730 yuan in 730 days."""
    paid = bill(HouseParams(**PRICES, **PUMPED), 36e6, 7200.0, 200.0)
    assert (paid.fuel, paid.gas, paid.power) == pytest.approx((12.5, 1.25, 0.05))
    assert (paid.energy_cost, paid.water_cost, paid.kit_cost) == pytest.approx((5.03, 1.0, 1.0))
    assert (paid.running, paid.total) == pytest.approx((6.03, 7.03))
    assert paid.co2 == pytest.approx(12.5 * 0.2 + 0.05 * 0.5)


def test_an_electric_tank_burns_nothing():
    """10 kWh and the pump's, at 60 fen; no gas, no efficiency of a flame."""
    prices = {name: price for name, price in PRICES.items() if name != "efficiency"}
    paid = bill(HouseParams(**prices, **PUMPED, heater="tank"), 36e6, 7200.0, 200.0)
    assert (paid.fuel, paid.gas, paid.power) == pytest.approx((10.0, 0.0, 10.05))
    assert (paid.energy_cost, paid.co2) == pytest.approx((6.03, 5.025))


def test_a_kit_is_paid_where_there_is_one():
    """Nothing by hand; a drain valve is the kit without its pump, and never below nothing."""
    assert kit_price(HouseParams(**PRICES)) == 0
    assert kit_price(HouseParams(**PRICES | {"switching": "on_demand"})) == 365
    assert kit_price(HouseParams(**PRICES | {"switching": "on_demand", "pump_price": 3000.0})) == 0
    assert kit_price(HouseParams(**PRICES, **PUMPED)) == 730


def test_a_price_is_saved_in_years_or_never():
    assert payback(730.0, 1.0) == 2.0 and payback(730.0, 0.0) == payback(730.0, -1.0) == NEVER


@pytest.mark.parametrize("own", [{"scheme": "crossover_solenoid"}, {"scheme": "drain"}])
def test_it_pays_where_water_is_dear_and_gas_is_free(own: dict):
    """What is bought over what is saved against the same home without it; a drain valve saves nothing, and never pays."""
    p = HouseParams(**own, switching="on_demand", ahead=150.0, water_price=50.0, gas_price=0.0, electricity_price=0.0)
    r = compute(p)
    saved = (lived(plain(p)).water - r.metrics()["water_L"]) / 1000 * 50
    assert r.metrics()["payback_years"] == pytest.approx(kit_price(p) / saved / 365 if saved > 0 else NEVER)
    assert (saved > 0) == (own["scheme"] != "drain")
    saves_one = replace(r, plain_running=r.prices["running"] + 1.0)
    assert saves_one.metrics()["payback_years"] == pytest.approx(kit_price(p) / 365)
    assert r.metrics()["cost"] == pytest.approx(r.metrics()["water_L"] / 1000 * 50 + kit_price(p) / 10 / 365)

"""What a home refuses: overlapping draws, parts that a scheme lacks, prices below nothing, floods of text; each by name."""

import re

import pytest

from core.faults import ParameterError
from core.hotwater.house import HouseParams
from core.hotwater.house.params import MOST_OPENED

SEVEN = ("07:00", 1, "hot", 8.0, 5.0)
PRICES = ("gas_price", "electricity_price", "water_price", "kit_price", "pump_price", "gas_co2", "electricity_co2")


def refused(**given: object) -> str:
    with pytest.raises(ParameterError) as error:
        HouseParams(**given)
    return str(error.value)


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"scheme": "drain", "switching": "always"}, "switching should be never / on_demand (scheme = drain), not 'always'"),
        (
            {"scheme": "crossover_check", "second_check": True},
            "second_check is a parameter only with scheme = return_line / return_thermostatic, not True",
        ),
        ({"scheme": "return_line", "everywhere": True}, "everywhere is a parameter only with scheme = crossover_"),
        ({"closes_at": 42.0}, "closes_at is a parameter only with scheme = return_thermostatic / crossover_"),
        ({"switching": "on_demand", "longest": 3.0}, "longest is a parameter only with switching = smart, not 3.0"),
        ({"heater": "tank", "ignition": 3.0}, "ignition is a parameter only with heater = tankless, not 3.0"),
        ({"timetable": [SEVEN]}, "timetable is a parameter only with draws = timetable"),
        ({"rooms": []}, "rooms should have 1 to 6 rows, not 0"),
        ({"scheme": {"kind": "return_line"}}, "scheme should be drain, return_line"),
    ],
)
def test_a_part_that_is_not_there_is_named(given_: dict, says: str):
    assert says in refused(**given_)


def test_no_tap_is_opened_twice_by_two_tables():
    """The row that begins later is to blame, in whichever table it is; hot and cold are two taps, an end is no overlap."""
    table = {"draws": "timetable", "timetable": [SEVEN]}
    late = refused(**table, opened=[("07:03", 1, "hot", 8.0, 5.0)])
    assert late == "opened should open the hot tap of place 1 in row 1 from 07:05 on, when row 1 of timetable ends, not 07:03"
    early = refused(**table, opened=[("06:58", 1, "hot", 8.0, 2.5)])
    assert early.startswith("timetable should open the hot tap of place 1 in row 1 from 07:01 on, when row 1 of opened ends")
    alone = refused(opened=[SEVEN, ("07:04", 1, "hot", 3.0, 1.0)])
    assert alone == "opened should open the hot tap of place 1 in row 2 from 07:05 on, when row 1 ends, not 07:04"
    for row in (("07:05", 1, "hot", 8.0, 5.0), ("07:03", 1, "cold", 8.0, 5.0), ("07:03", 2, "hot", 8.0, 5.0)):
        assert HouseParams(**table, opened=[row]).opened == (row,)


@pytest.mark.parametrize("name", PRICES)
def test_no_price_is_below_nothing(name: str):
    assert refused(**{name: -0.01}) == f"{name} should be greater than or equal to 0, not -0.01"


def test_a_flood_is_answered_in_one_line():
    """A sentence of a person's length, however long what was given."""
    many = refused(opened=[SEVEN] * 10_000)
    assert many == f"opened should have 0 to {MOST_OPENED} rows, not 10000"
    for given in (
        {"opened": "07:00,1,hot,8,5;" * 10_000},
        {"opened": [("x" * 10**6, 1, "hot", 8.0, 5.0)]},
        {"opened": "早上洗澡" * 1000},
        {"scheme": "x" * 10**6},
        {"set_point": 10**400},
        {"set_point": ["hot"] * 10_000},
        {"wrong": "x" * 10**6},
    ):
        said = refused(**given)
        assert re.match(f"{next(iter(given))} (should|is)", said) and len(said) < 250

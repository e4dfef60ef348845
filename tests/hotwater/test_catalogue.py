"""Pumps and heaters that can be bought: within the bounds of one's own, and as their documents say."""

from typing import get_args

import pytest

from core.faults import ParameterError
from core.hotwater import heaters, pumps
from core.hotwater.heaters import CatalogHeater, Tank, Tankless
from core.hotwater.house import HouseParams, compute
from core.hotwater.hydraulics import WEIGHT
from core.hotwater.params import Params
from core.hotwater.pumps import CatalogPump, OwnPump
from core.hotwater.single import pumped, single
from core.hotwater.water import LITRE


def test_every_option_has_its_numbers():
    """They are checked as one's own are when they are made."""
    assert set(CatalogPump.tags()) == set(pumps.CATALOGUE)
    assert set(CatalogHeater.tags()) == set(heaters.CATALOGUE)
    kinds = {tag for member in get_args(pumps.Pump) for tag in member.tags()}
    assert kinds == {"own", *pumps.CATALOGUE}
    for kind in pumps.CATALOGUE:
        assert isinstance(pumps.numbers(CatalogPump(kind=kind)), OwnPump)


@pytest.mark.parametrize(
    ("kind", "flow", "head"),
    [("comfort_15_14", 0.30, 0.98), ("comfort_15_14", 0.50, 0.77), ("up_15_29", 2.35, 1.622), ("yonos_pico_4", 2.7, 0.0)],
)
def test_the_curve_passes_through_what_the_maker_states(kind: str, flow: float, head: float):
    """m3/h and m; 0.30 m3/h is read from the curve of the data sheet and was not used: to 6 cm."""
    own = single(Params(pump=kind, scheme="return_line"), 10.0).plant
    assert own.pump_head * (1 - (flow / 3600 / own.pump_most) ** 2) / WEIGHT == pytest.approx(head, abs=0.07)


def test_the_pump_of_before_is_the_default():
    own = single(Params(scheme="return_line"), 10.0).plant
    assert (own.pump_head, own.pump_most, own.pump_heat) == (4 * WEIGHT, 25 * LITRE, 25.0)


def test_the_run_out_is_the_pump_s():
    """A pump that can move more moves more, and one that can move little moves less than that."""
    made = [single(Params(scheme="return_line", pump_most=most), 10.0) for most in (5.0, 25.0, 100.0)]
    flows = [pumped(each) / LITRE for each in made]
    assert flows[0] < 5.0 and flows == sorted(flows) and flows[1] > 1.1 * flows[0]


def test_a_heater_s_numbers_are_those_of_its_document():
    bosch, rinnai = (heaters.numbers(CatalogHeater(kind=kind)) for kind in ("greentherm_c1050", "continuum_2532"))
    assert isinstance(bosch, Tankless) and bosch.most_power == pytest.approx(54.07, abs=0.01)
    assert isinstance(rinnai, Tankless) and rinnai.most_power == pytest.approx(43.26, abs=0.01)
    okhe = heaters.numbers(CatalogHeater(kind="okhe_80"))
    assert isinstance(okhe, Tank) and okhe.standing_loss == pytest.approx(22.9, abs=0.1)
    label = heaters.numbers(CatalogHeater(kind="label_c_200"))
    assert isinstance(label, Tank) and label.standing_loss == pytest.approx(86.0, abs=0.1)
    assert (okhe.volume, okhe.element) == (80.0, pytest.approx(2.0, abs=0.1))


def test_what_is_bought_has_no_sliders():
    for given in (
        {"pump": "up_15_10", "pump_head": 3.0},
        {"heater": "okhe_80", "volume": 100.0},
        {"heater": "tank", "burner": 9.0},
    ):
        with pytest.raises(ParameterError, match="is a parameter only with"):
            HouseParams(**given)
    with pytest.raises(ParameterError, match="volume should be less than or equal to 500"):
        HouseParams(heater="tank", volume=1000.0)


def test_condensing_burns_less():
    used = [compute(HouseParams(heater=kind)).metrics()["gas_kWh"] for kind in ("continuum_2532", "npe_240a")]
    assert used[1] == pytest.approx(used[0] * 0.82 / 0.96, rel=0.05)

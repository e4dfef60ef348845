"""A tapping cycle asks for heat, and gets it."""

import numpy as np
import pytest

from core.hotwater.house import HouseParams
from core.hotwater.house.day import lived
from core.hotwater.system import HEAT, RUN_OFF_HEAT, WAIT


@pytest.mark.parametrize(
    ("scheme", "switching"),
    [("drain", "never"), ("return_line", "always"), ("return_line", "on_demand"), ("crossover_check", "timer")],
)
def test_every_draw_of_the_cycle_gets_the_heat_it_asks_for(scheme: str, switching: str):
    """Also while the burner's power goes up and down; the end is foreseen with the power of the step before."""
    seen = lived(HouseParams(draws="profile_m", scheme=scheme, switching=switching))
    asked, got = np.array([wish.heat for wish in seen.home.wishes]), seen.of(HEAT) - seen.of(RUN_OFF_HEAT)
    assert (seen.of(WAIT) >= 0).all()
    np.testing.assert_allclose(got, asked, rtol=1e-4)

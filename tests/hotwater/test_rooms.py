"""A small house worked out by hand: what every layout and scheme lays where, how long it is and what it holds.

Litres of a metre, pi / 4 of the inner diameters squared: trunk 18 mm, .25447; branch 14.4 mm, .16286; return 13 mm, .13273.
"""

import numpy as np
import pytest

from core.hotwater.house.rooms import MOST_CELLS, Laid, Layout, Role, Room, Tubes, laid
from core.hotwater.net import COLD, HOT, RETURN, net
from core.hotwater.pipes import Size, pipe

ROOMS = (Room("kitchen", 2.0, 1.0, 6.0), Room("bathroom", 3.0, 4.0, 8.0))
TUBES = Tubes(pipe(Size.PPR_25), pipe(Size.PPR_20), pipe(Size.COPPER_15))


def lay(layout: str, way: str, apart: bool = False, everywhere: bool = False) -> Laid:
    return laid(ROOMS, Layout(layout), TUBES, way, apart, everywhere, 4.0)


def family(made: Laid, kind: int) -> list[tuple[int, int, float]]:
    return [(run.start, run.end, run.length) for run in made.piping.runs if run.family == kind]


def litres(made: Laid, kind: int) -> float:
    return sum(run.tube.area * run.length * 1000 for run in made.piping.runs if run.family == kind)


def test_a_trunk_with_branches():
    """Mains 0, outlet 1; joints 2 and 3, taps 4 and 5; cold joints 6 and 7, taps 8 and 9."""
    made = lay("small_loop", "drain")
    assert family(made, HOT) == [(1, 2, 2.0), (2, 3, 3.0), (2, 4, 1.0), (3, 5, 4.0)]
    assert family(made, COLD) == [(0, 6, 2.0), (6, 7, 3.0), (6, 8, 1.0), (7, 9, 4.0)]
    assert made.piping.outlets == ((4, 0), (5, 0), (8, 1), (9, 1)) and made.paths == ((0, 2), (0, 1, 3))
    assert made.piping.links == () and made.looped == frozenset() and family(made, RETURN) == []
    assert litres(made, HOT) == litres(made, COLD) == pytest.approx(5 * 0.25447 + 5 * 0.16286, rel=1e-4)
    assert made.roles[:4] == ((Role.TRUNK, 0), (Role.TRUNK, 1), (Role.BRANCH, 0), (Role.BRANCH, 1))


def test_a_hot_line_through_every_tap():
    """2 + 1 m into the kitchen, 1 m out of it, 3 m on and 4 m into the bathroom; the cold side has branches still."""
    made = lay("big_loop", "drain")
    assert family(made, HOT) == [(1, 2, 3.0), (2, 3, 8.0)] and made.paths == ((0,), (0, 1))
    assert family(made, COLD) == [(0, 4, 2.0), (4, 5, 3.0), (4, 6, 1.0), (5, 7, 4.0)]
    assert made.piping.outlets == ((2, 0), (3, 0), (6, 1), (7, 1))
    assert litres(made, HOT) == pytest.approx(11 * 0.25447, rel=1e-4)


@pytest.mark.parametrize(("apart", "inlet"), [(False, 0), (True, 1)])
def test_one_return_line(apart: bool, inlet: int):
    """A second check valve puts a node between mains and heater. Small loop: 5 m back; big: 4 m more out of the bathroom."""
    n = inlet
    small, big = lay("small_loop", "return", apart), lay("big_loop", "return", apart)
    assert (small.piping.inlet, small.piping.outlet) == (n, n + 1) and family(small, COLD)[0][0] == 0
    assert family(small, HOT)[0] == (n + 1, n + 2, 2.0)
    assert family(small, RETURN) == [(n + 6, n, 5.0)] and small.piping.links == ((n + 3, n + 6),)
    assert small.looped == {0, 1} and small.piping.pump == 4 and small.links_at == (-1,)
    assert family(big, RETURN) == [(n + 4, n, 9.0)] and big.piping.links == ((n + 3, n + 4),)
    assert big.looped == {0, 1} and big.piping.pump == 2
    assert (litres(small, RETURN), litres(big, RETURN)) == pytest.approx((5 * 0.13273, 9 * 0.13273), rel=1e-4)


def test_a_way_back_beside_every_branch():
    """Kitchen: joint 6, end 7; bathroom: joint 8, end 9. The pump pushes along the pipe that ends at the heater."""
    made = lay("parallel", "return")
    assert family(made, RETURN) == [(6, 0, 2.0), (7, 6, 1.0), (8, 6, 3.0), (9, 8, 4.0)]
    assert made.piping.links == ((4, 7), (5, 9)) and made.links_at == (0, 1) and made.piping.pump == 4
    assert made.looped == {0, 1, 2, 3} and litres(made, RETURN) == pytest.approx(10 * 0.13273, rel=1e-4)
    assert [role for role, _ in made.roles[4:8]] == [Role.RETURN, Role.RETURN_BRANCH] * 2


def test_the_cold_line_as_way_back():
    """One valve under the last tap, or one under each; nothing else is laid."""
    plain, last, each = lay("small_loop", "drain"), lay("small_loop", "crossover"), lay("small_loop", "crossover", False, True)
    assert plain.piping.runs == last.piping.runs == each.piping.runs and last.piping.pump == -1
    assert last.piping.links == ((5, 9),) and last.links_at == (-1,) and last.looped == {0, 1, 3}
    assert each.piping.links == ((4, 8), (5, 9)) and each.links_at == (0, 1) and each.looped == {0, 1, 2, 3}
    assert lay("big_loop", "crossover").looped == {0, 1}


def test_one_unit_drawn_or_looped_goes_along_its_pipes():
    """The bathroom's hot tap draws through both trunks, its branch and the heater; a loop comes back by the cold side."""
    made = net(lay("small_loop", "crossover").piping)
    np.testing.assert_array_equal(made.demands[:, 1], [1, 1, 0, 1, 0, 0, 0, 0, 1])
    np.testing.assert_array_equal(made.demands[:, 3], [0, 0, 0, 0, 1, 1, 0, 1, 0])
    np.testing.assert_array_equal(made.loops[:, 0], [1, 1, 0, 1, -1, -1, 0, -1, 1])
    back = net(lay("small_loop", "return").piping)
    np.testing.assert_array_equal(back.loops[:, 0], [1, 1, 0, 0, 1, 0, 0, 0, 0, 1])


def test_cells_follow_the_length_within_bounds():
    """Four a metre, ten at least, and no more than the most."""
    rooms = (Room("kitchen", 0.5, 3.1, 6.0), Room("basin", 15.0, 15.0, 6.0))
    made = laid(rooms, Layout.BIG_LOOP, TUBES, "drain", False, False, 4.0)
    assert [run.cells for run in made.piping.runs] == [15, MOST_CELLS, 10, 60, 13, 60]

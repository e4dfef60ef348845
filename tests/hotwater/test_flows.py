"""Who pushes how much water where, against the laws of a network and another library's minimiser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from core.hotwater import hydraulics
from core.hotwater.kernels.flows import SLOW, link_flows
from core.hotwater.net import COLD, HOT, RETURN, Net, Piping, Run, net
from core.hotwater.pipes import Pipe, Size, pipe
from core.hotwater.water import LITRE

HEAD, MOST = 4 * hydraulics.WEIGHT, 25 * LITRE
TUBE = pipe(Size.PPR_20)


def ladder(lengths: list[float], returns: bool, tube: Pipe = TUBE) -> Net:
    """A trunk with a tap at every joint, and from every tap a link to a return line or to the cold side beside it."""
    count = len(lengths)
    hot, other = [2 + k for k in range(count)], [2 + count + k for k in range(count)]
    runs = [Run([1, *hot][k], hot[k], tube, lengths[k], 10, HOT) for k in range(count)]
    if returns:
        runs += [Run(other[k], [0, *other][k], tube, lengths[k], 10, RETURN) for k in range(count)]
    else:
        runs += [Run([0, *other][k], other[k], tube, lengths[k], 10, COLD) for k in range(count)]
    outlets = [(node, 0) for node in hot] + ([] if returns else [(node, 1) for node in other])
    links = tuple(zip(hot, other, strict=True))
    return net(Piping(0, 1, tuple(runs), links, tuple(outlets), len(lengths) if returns else -1))


def solved(made: Net, demand: np.ndarray, opening: float, head: float) -> np.ndarray:
    every = np.ones(len(made.links))
    return link_flows(made.drag, made.loops, made.demands @ demand, every, opening, made.pump, head, MOST)


def pressures(made: Net, demand: np.ndarray, x: np.ndarray, opening: float, head: float) -> np.ndarray:
    """Around every loop, Pa: what is lost, and the valve's, less the pump's."""
    q = made.demands @ demand + made.loops @ x
    lost = made.drag * np.abs(q) ** 0.75 * q
    if head:
        lost[made.pump] -= head * (1 - (max(q[made.pump], 0) / MOST) ** 2)
    return np.asarray(made.loops.T @ lost + opening)


lengths = st.lists(st.floats(0.5, 20), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(lengths, st.booleans(), st.booleans(), st.floats(0, 2e4), st.randoms(use_true_random=False))
def test_pressures_add_up_around_every_loop(long, returns, pumps, opening, chance):
    """Where a valve passes water the loop is in balance; where it passes none, nothing would open it."""
    made, head = ladder(long, returns), HEAD * pumps
    demand = np.array([chance.choice([0.0, 3.0, 8.0]) for _ in made.outlets]) * LITRE
    x = solved(made, demand, opening, head)
    around = pressures(made, demand, x, opening, head)
    assert (x >= 0).all()
    close = made.drag.sum() * SLOW**1.75  # Pa, the friction of flows that are told from rest no more; losses are 1e4
    assert np.abs(around[x > 0]).max(initial=0) < close < 0.01
    assert around[x == 0].min(initial=0) > -close


@settings(max_examples=20, deadline=None)
@given(lengths, st.booleans(), st.floats(0, 2e4))
def test_the_content_is_at_its_least(long, returns, opening):
    """scipy's L-BFGS-B on the same integral finds nothing lower."""
    made = ladder(long, returns)
    demand = np.full(len(made.outlets), 2.0) * LITRE

    def content(scaled: np.ndarray) -> float:
        x = scaled * LITRE
        q = made.demands @ demand + made.loops @ x
        own = (made.drag * np.abs(q) ** 2.75 / 2.75).sum() + opening * x.sum()
        return float(own - HEAD * (q[made.pump] - max(q[made.pump], 0) ** 3 / 3 / MOST**2))

    ours = content(solved(made, demand, opening, HEAD) / LITRE)
    theirs = minimize(content, np.full(len(long), 3.0), bounds=[(0, None)] * len(long), method="L-BFGS-B").fun
    assert ours <= theirs + 1e-9


@given(head=st.floats(0.5, 15), length=st.floats(1, 120))
def test_the_pump_works_where_both_curves_meet(head: float, length: float):
    made = ladder([length], returns=True)
    (flow,) = solved(made, np.zeros(1), 0.0, head * hydraulics.WEIGHT)
    asked = (TUBE.resistance() * 2 * length + hydraulics.HEATER_DROP) * flow**1.75
    assert asked == pytest.approx(head * hydraulics.WEIGHT * (1 - (flow / MOST) ** 2), rel=1e-6)


@given(flow=st.floats(1, 24), opening=st.floats(0, 2e4), length=st.floats(0.5, 60))
def test_both_ways_to_a_cold_tap_lose_the_same_pressure(flow: float, opening: float, length: float):
    """Along the cold line, or through heater, hot line and check valve."""
    made = ladder([length], returns=False)
    (along,) = solved(made, np.array([0.0, flow * LITRE]), opening, 0.0)
    straight = TUBE.resistance() * length * (flow * LITRE - along) ** 1.75
    detour = opening + (TUBE.resistance() * length + hydraulics.HEATER_DROP) * along**1.75
    assert 0 <= along < flow * LITRE
    assert straight == pytest.approx(detour, abs=1e-3) if along else straight <= opening + 1e-3


def test_what_lies_behind_an_open_link_gets_nothing():
    """The nearest has no resistance here: why a house has its links at the ends of branches, or one at the far end."""
    x = solved(ladder([5.0] * 4, returns=True), np.zeros(4), 0.0, HEAD)
    assert x[0] > 0.999 * x.sum()

"""Both orders compute the same; their cost is the formulas'."""

import numpy as np
import pytest

from core.lora import cost, measure
from core.lora.comparison import costs


def test_both_orders_compute_the_same():
    given = measure.operands(3, 10, 8, 6)
    for one, other in zip(cost.merged(*given), cost.split(*given), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("order", cost.ORDERS)
@pytest.mark.parametrize("r", [1, 5, 40])
def test_counted_operations_are_the_formula(order, r):
    b, n, m = 20, 30, 25
    assert measure.flops(order, *measure.operands(r, b, n, m)) == cost.flops(order, b, n, m, r)


@pytest.mark.parametrize("order", cost.ORDERS)
@pytest.mark.parametrize("r", [1, 32, 300])
def test_measured_memory_is_the_formula(order, r):
    """Python adds a few hundred bytes of headers to arrays of megabytes."""
    b, n, m = 200, 300, 250
    peak = measure.peak_bytes(getattr(cost, order), *measure.operands(r, b, n, m))
    assert peak == pytest.approx(float(cost.peak_bytes(order, b, n, m, r)), rel=0.005)


def test_what_ships_agrees_with_the_formulas():
    measured, expected = costs()
    np.testing.assert_allclose(measured, expected, rtol=2e-3)
    assert (measured[:, 0] > 1).all() and measured[0, 1] < 0.7, "made first, AB costs more than no LoRA; made last, less"

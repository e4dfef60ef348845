"""Who pushes how much water where: Blasius friction along the lines against a pump, or against another way to the tap."""

from collections.abc import Callable

HEATER_DROP = 30e3 / (10 / 60000) ** 1.75  # Pa over (m3/s)^1.75: 0.3 bar at 10 L/min, an assumption
WEIGHT = 9806.65  # Pa of a metre of water
PUMP_RUNS_OUT = 25 / 60000  # m3/s at which a small pump's head is gone; an assumption


def pump_flow(head: float, resistance: float, length: float) -> float:
    """m3/s where H0 (1 - (Q/Qmax)^2) meets R Q^1.75.

    head: of the pump against a closed valve, metres of water; resistance: of a metre of pipe, Pa/m over (m3/s)^1.75;
    length: of the whole loop, m, to which the heater is added.
    """
    whole = resistance * length + HEATER_DROP

    def gap(flow: float) -> float:
        return head * WEIGHT * (1 - (flow / PUMP_RUNS_OUT) ** 2) - whole * flow**1.75

    return _falling_root(gap, PUMP_RUNS_OUT)


def hot_way(flow: float, opening: float, resistance: float, length: float) -> float:
    """Part of a cold tap's flow [m3/s] that comes through heater, hot line and check valve.

    Both ways lose the same pressure; opening: what the check valve asks for, Pa; length: of either line, m.
    """

    def gap(along: float) -> float:
        straight = resistance * length * (flow - along) ** 1.75
        return straight - opening - (resistance * length + HEATER_DROP) * along**1.75

    return _falling_root(gap, flow) if gap(0.0) > 0 else 0.0


def _falling_root(function: Callable[[float], float], high: float) -> float:
    """By halving, to a 2^-50th of [0, high]."""
    low = 0.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return (low + high) / 2

"""Domestic hot water: a heater, pipes with walls that store heat, pumps, valves and taps."""

from core.hotwater.params import Params
from core.hotwater.tap import TapResult, compute

__all__ = ["Params", "TapResult", "compute"]

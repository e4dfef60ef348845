"""A whole home: rooms along a trunk, every scheme and layout, a day of draws, what it costs."""

from core.hotwater.house.day import HouseResult, compute
from core.hotwater.house.params import HouseParams

__all__ = ["HouseParams", "HouseResult", "compute"]

"""Digits come back from five corruptions: one network and one reverse loop for all of them. Importing this imports no torch."""

from core.udm.restoration.comparison import ComparisonResult, compare
from core.udm.restoration.experiment import compute, warm
from core.udm.restoration.params import Params
from core.udm.restoration.result import DigitsResult

__all__ = ["ComparisonResult", "DigitsResult", "Params", "compare", "compute", "warm"]

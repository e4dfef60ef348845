"""All schemes in one home on the same draws, a year by sampled days, and the best settings of a control."""

from core.hotwater.compare.best import BestResult, best
from core.hotwater.compare.experiment import CompareResult, compute
from core.hotwater.compare.params import CompareParams

__all__ = ["BestResult", "CompareParams", "CompareResult", "best", "compute"]

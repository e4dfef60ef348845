"""Lines of Tang poems by a small trained transformer, out of holes or wrong characters. Importing this imports no torch."""

from core.udm.poem.comparison import ComparisonResult, compare
from core.udm.poem.experiment import compute, warm
from core.udm.poem.params import Params
from core.udm.poem.result import PoemResult

__all__ = ["ComparisonResult", "Params", "PoemResult", "compare", "compute", "warm"]

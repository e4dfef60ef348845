"""The encoding model: codes that are trained together with the way back from them. Importing this imports no torch."""

from core.udm.encoding.comparison import ComparisonResult, comparison
from core.udm.encoding.experiment import compute, warm
from core.udm.encoding.params import Params
from core.udm.encoding.result import EncodeResult

__all__ = ["ComparisonResult", "EncodeResult", "Params", "comparison", "compute", "warm"]

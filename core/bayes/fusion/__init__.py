"""NBCE on Gaussian contexts whose errors correlate: everything is exact, the best beta too."""

from core.bayes.fusion.experiment import FusionResult, compute
from core.bayes.fusion.params import Params

__all__ = ["FusionResult", "Params", "compute"]

"""Guidance of a real diffusion model of handwritten digits. Importing this imports no torch."""

from core.guidance.digits.costs import Cost, costs
from core.guidance.digits.params import Params
from core.guidance.digits.pictures import compute
from core.guidance.digits.result import PicturesResult
from core.guidance.digits.strip import GAMMAS, StripResult, strip

__all__ = ["GAMMAS", "Cost", "Params", "PicturesResult", "StripResult", "compute", "costs", "strip"]

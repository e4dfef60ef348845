"""Guidance of a real diffusion model of handwritten digits. Importing this imports no torch."""

from core.guidance.digits.comparison import GAMMAS, ComparisonResult, comparison
from core.guidance.digits.params import Params
from core.guidance.digits.pictures import compute, warm
from core.guidance.digits.result import PicturesResult

__all__ = ["GAMMAS", "ComparisonResult", "Params", "PicturesResult", "comparison", "compute", "warm"]

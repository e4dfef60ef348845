"""Guidance of a real diffusion model of handwritten digits. Importing this imports no torch."""

from core.guidance.digits.params import Params
from core.guidance.digits.pictures import compute
from core.guidance.digits.result import PicturesResult

__all__ = ["Params", "PicturesResult", "compute"]

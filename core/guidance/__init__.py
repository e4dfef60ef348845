"""Guidance of diffusion models: on mixtures of the plane, where everything is exact; on handwritten digits in `digits`."""

from core.guidance.curves import CurvesResult, curves
from core.guidance.plane import Params, PlaneResult, compute

__all__ = ["CurvesResult", "Params", "PlaneResult", "compute", "curves"]

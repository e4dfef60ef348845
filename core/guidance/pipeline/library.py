"""The guiders of diffusers, taken only once pictures are to be drawn."""

import logging

from diffusers.guiders import (
    AdaptiveProjectedGuidance,
    ClassifierFreeGuidance,
    ClassifierFreeZeroStarGuidance,
    MagnitudeAwareGuidance,
    TangentialClassifierFreeGuidance,
)

from core.diffusers import DDIMScheduler

logging.getLogger("diffusers.guiders.guider_utils").setLevel(logging.ERROR)  # it says at every guider that it is new

__all__ = [
    "AdaptiveProjectedGuidance",
    "ClassifierFreeGuidance",
    "ClassifierFreeZeroStarGuidance",
    "DDIMScheduler",
    "MagnitudeAwareGuidance",
    "TangentialClassifierFreeGuidance",
]

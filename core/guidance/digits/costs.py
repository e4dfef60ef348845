"""What each method has to be trained for."""

from core.digits import manifest
from core.digits.weights import asset

# Beside the denoiser; the weaker one of autoguidance is the denoiser as it was early in its own training, so it is free.
TRAINED_FOR = {"classifier noised": "classifier", "classifier clean": "clean_classifier", "classifier_mean": "classifier"}
TRAINED_FOR |= {"similarity": "encoder"}


def training_minutes(scene: str) -> float:
    """Of the denoiser and of the network that a scene of the table adds, from the manifest."""
    names = ["denoiser", *filter(None, [TRAINED_FOR.get(scene)])]
    return round(sum(float(manifest.lines()[asset(name)]["minutes"]) for name in names), 1)

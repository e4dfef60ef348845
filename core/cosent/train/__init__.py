"""Models that score pairs of texts, trained under one loss after another from the same seeds: does CoSENT help?"""

from core.cosent.train.experiment import TrainResult, compute
from core.cosent.train.params import TrainParams

__all__ = ["TrainParams", "TrainResult", "compute"]

"""Models that score pairs of texts, trained under one loss after another from the same seeds: does CoSENT help?"""

from core.cosent.train.experiment import compute
from core.cosent.train.params import TrainParams
from core.cosent.train.result import TrainResult

__all__ = ["TrainParams", "TrainResult", "compute"]

"""Which rank does an adapter need? Spectra of differences beside the law of noise."""

from core.lora.rank.experiment import compute
from core.lora.rank.params import RankParams
from core.lora.rank.result import RankResult

__all__ = ["RankParams", "RankResult", "compute"]

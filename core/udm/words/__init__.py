"""Words of five letters: few enough that every posterior of the unified diffusion model is a sum that can be written out."""

from core.udm.words.experiment import WordsResult, compute
from core.udm.words.params import Params

__all__ = ["Params", "WordsResult", "compute"]

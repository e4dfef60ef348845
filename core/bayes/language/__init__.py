"""A language model out of counts: naive Bayes, and the dials that turn it into attention."""

from core.bayes.language.experiment import LanguageResult, compute
from core.bayes.language.params import Params

__all__ = ["LanguageResult", "Params", "compute"]

"""A small network that recalls records, asked about more contexts than it was trained to hold: the experiment nbce_recall."""

from core.bayes.recall.experiment import compute
from core.bayes.recall.params import Params
from core.bayes.recall.result import RecallResult

__all__ = ["Params", "RecallResult", "compute"]

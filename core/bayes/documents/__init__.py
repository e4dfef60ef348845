"""NBCE over documents of one's own, by a language model that a package ships, where that package is installed."""

from core.bayes.documents.experiment import compute
from core.bayes.documents.params import Params
from core.bayes.documents.result import DocumentsResult

__all__ = ["DocumentsResult", "Params", "compute"]

"""A matrix of logits or of attention weights, row by row: entropy, effective support, and what noise does to each row."""

from core.attention.matrix.experiment import compute
from core.attention.matrix.params import MatrixParams
from core.attention.matrix.result import MatrixResult

__all__ = ["MatrixParams", "MatrixResult", "compute"]

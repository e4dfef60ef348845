"""Ranks of all layers so far, and the spectrum of the one that is drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.result import Result

Array = np.ndarray

STATE_BYTES = 8  # Adam keeps two moments in single precision for each number


@dataclass(frozen=True, eq=False)
class RankResult(Result):
    """L layers so far; energies are shares of the squared Frobenius norm of a layer's difference."""

    kind: str  # planted, longer, apart, upload or example
    rule: str
    total: int  # layers in all
    layers: list[str]  # [L] names of the tensors
    shapes: list[str]  # [L] as stored
    rows: Array  # [L]
    columns: Array  # [L] of a convolution in * height * width
    change: Array  # [L] norm of the difference over that of the weights before; 0 where those are zero
    numerical_rank: Array  # [L] singular values that the rounding of the files could not make
    energy_rank_1: Array  # [L] share kept by the best product of that rank
    energy_rank_2: Array  # [L]
    energy_rank_4: Array  # [L]
    energy_rank_8: Array  # [L]
    energy_rank_16: Array  # [L]
    rank_by_energy: Array  # [L]
    rank_by_threshold: Array  # [L]
    suggested: Array  # [L] by the rule chosen
    kept: Array  # [L] share kept at it
    error: Array  # [L] |difference - truncated product| / |difference|, from the product
    error_theory: Array  # [L] by Eckart and Young
    spectrum_error: Array  # [L] how far a singular value up to the rank may be from a true one, relative; 0: exact
    adapter_parameters: Array  # [L] r (rows + columns)
    full_parameters: Array  # [L]
    chosen: int  # the layer drawn, from 0
    spectrum: Array  # [k] its singular values, or the leading ones
    expected: Array  # [k] noise of its sigma; of a planted scene, planted directions where they are seen, then noise
    cumulative: Array  # [c + 1] share kept by rank 0 ... c
    cumulative_random: Array  # [c + 1] the same of a random matrix of that shape
    others: Array  # [L, R] share kept by rank 1 ... R of every layer
    sigma: float  # of its noise, by the median
    noise_edge: float  # largest singular value of that noise
    random_edge: float  # largest singular value of a random difference of the same norm
    threshold: float  # of Gavish and Donoho
    truth: list[float]  # planted singular values; empty where nobody knows
    expected_rank: int  # that theory expects to be suggested; -1 where nobody knows
    peft: dict[str, Any]  # arguments of peft.LoraConfig; empty where no layer has a rank

    def metrics(self) -> dict[str, float]:
        """Of the layer drawn; trained_parameters, state_bytes and everything with total_ are of all layers so far."""
        at, trained = self.chosen, float(self.adapter_parameters.sum())
        values = {
            "suggested_rank": float(self.suggested[at]),
            "energy_kept": float(self.kept[at]),
            "relative_error": float(self.error[at]),
            "relative_error_theory": float(self.error_theory[at]),
            "numerical_rank": float(self.numerical_rank[at]),
            "above_random": float(np.sum(self.spectrum > self.random_edge)),
            "spectrum_error": float(self.spectrum_error[at]),
            "trained_parameters": trained,
            "trained_share": trained / float(self.full_parameters.sum()),
            "state_bytes": STATE_BYTES * trained,
        }
        if self.expected_rank >= 0:
            values["suggested_rank_theory"] = float(self.expected_rank)
        return values

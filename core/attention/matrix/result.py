"""Every row so far, and the one that is looked at."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

Array = np.ndarray
NOTHING = 1e-6  # an error below which no ratio is taken


@dataclass(frozen=True, eq=False)
class MatrixResult(Result):
    """R rows so far. Entropies are in nats; errors are root mean squares for independent values of variance 1."""

    total: int  # rows in all
    number: Array  # [R] of the rows so far, from 1; the one that is looked at was the first to be done
    were_weights: bool  # whether the numbers came as weights
    weights: Array  # [rows, columns] float32
    shaken: Array  # [rows, columns] float32, one draw of the noise
    tokens: Array  # [R] that may be attended to
    entropy: Array  # [R]
    entropy_theory: Array  # [R] expected of independent Gaussian logits of the same spread
    support: Array  # [R] 1 / sum p^2
    largest: Array  # [R] weight
    largest_at: Array  # [R] its column, from 0
    spread: Array  # [R] standard deviation of the logits
    gradient: Array  # [R] Frobenius norm of softmax's Jacobian
    error: Array  # [R] measured
    error_stderr: Array  # [R]
    error_exact: Array  # [R], or empty where it is not known
    error_leading: Array  # [R] to second order, or empty where Var e^eps is infinite
    chosen: int  # its place among the rows so far
    scales: Array  # [S] what the logits may be multiplied by
    entropy_by_scale: Array  # [S] of the row that is looked at
    entropy_by_scale_theory: Array  # [S] of Gaussian logits of its spread
    freezing: float  # scale at which Gaussian logits of its spread would freeze; 0 where its logits are all alike

    def metrics(self) -> dict[str, float]:
        """Of the row that is looked at; medians are over all rows so far."""
        at = self.chosen
        known = self.error_exact if len(self.error_exact) else self.error_leading
        values = {
            "entropy": float(self.entropy[at]),
            "entropy_theory": float(self.entropy_theory[at]),
            "effective_support": float(self.support[at]),
            "relative_error": float(self.error[at]),
            "relative_error_stderr": float(self.error_stderr[at]),
        }
        if len(known):
            values["relative_error_theory"] = float(known[at])
            values |= self._medians(known)
        if len(self.error_leading):
            values["second_order_error"] = float(self.error_leading[at])
        values["entropy_median"] = float(np.median(self.entropy))
        values["effective_support_median"] = float(np.median(self.support))
        return values

    def _medians(self, known: Array) -> dict[str, float]:
        """Of theory over measurement, in the rows where there is an error to speak of."""
        told = (self.error > NOTHING) & (known > NOTHING)
        return {"predicted_over_measured_median": float(np.median(known[told] / self.error[told]))} if told.any() else {}

"""Pictures under one adapter, its numbers, and what two independent readers say of them."""

from dataclasses import dataclass

import numpy as np

from core.lora.diffusion.style import KINDS
from core.result import Result

COLUMNS = 10


@dataclass(frozen=True, eq=False)
class PicturesResult(Result):
    """Ten pictures on their way; nothing is read or measured (empty arrays) before they are finished."""

    history: np.ndarray  # [k, 10, 28, 28] uint8  guesses of every step, or pictures while the style is learnt; the last is now
    learnt: np.ndarray  # [k] steps of training at each of them; empty where nothing is learnt here
    loss: np.ndarray  # [steps done] of the training; empty as above
    by_scale: np.ndarray  # [7, 10, 28, 28] uint8  the same noise at rank r and every scale of params.SCALES
    by_rank: np.ndarray  # [5, 10, 28, 28] uint8  at the scale asked for and every rank of params.RANKS
    asked: np.ndarray  # [10] digits
    wanted: np.ndarray  # [j] styles that count as right, indices into KINDS
    style: np.ndarray  # [10 or 0] what the recogniser of styles reads, an index into KINDS
    digit: np.ndarray  # [10 or 0] what the judge reads
    drawings: np.ndarray  # [n, 28, 28] uint8  that the style is learnt from
    spectrum: np.ndarray  # [layers, R] singular values of the update at scale 1, falling; of a mix at its weights
    rank_kept: int  # of the widest update that rank r, or a mix of two, can hold
    update_rank: int  # largest rank of any layer's merged update, by its singular values; 0 before it is measured
    trained_parameters: int  # numbers in the adapter's factors
    merged_error: float  # largest difference of v, merged against unmerged; -1 before it is measured
    adapter: np.ndarray  # [bytes] uint8  the file of what was learnt here; empty where it ships or was brought

    def metrics(self) -> dict[str, float]:
        """style_score, judge_agreement of the ten pictures; trained_parameters, state_bytes (Adam, float32), update_rank,
        energy_kept (of the widest update by its best one of rank r), merged_error. What was not measured is absent."""
        found: dict[str, float] = {}
        if len(self.style):
            found["style_score"] = float(np.isin(self.style, self.wanted).mean())
            found["judge_agreement"] = float((self.digit == self.asked).mean())
        if self.trained_parameters:
            found["trained_parameters"] = float(self.trained_parameters)
            found["state_bytes"] = 8.0 * self.trained_parameters
        if self.spectrum.size:
            found["energy_kept"] = energy(self.spectrum, self.rank_kept)
        if self.merged_error >= 0:
            found |= {"update_rank": float(self.update_rank), "merged_error": self.merged_error}
        return found


def energy(spectrum: np.ndarray, rank: int) -> float:
    """Share of the squared norm of all layers' updates, singular values [layers, R], in the first `rank` of each."""
    square = np.square(spectrum)
    return float(square[:, :rank].sum() / max(square.sum(), 1e-300))


def kinds(*names: str) -> np.ndarray:
    """Indices of these styles."""
    return np.array([KINDS.index(name) for name in names])

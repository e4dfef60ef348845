"""The same pictures under several methods, what each did, and what it cost."""

from dataclasses import dataclass

import numpy as np

from core.result import Result


@dataclass(frozen=True, eq=False)
class PipelineResult(Result):
    """m methods, of which d are drawn; pictures that are not drawn yet are the noise they begin with, or grey.

    Lengths are over those of the conditional prediction, means over the pictures.
    """

    methods: list[str]  # [m]
    pictures: np.ndarray  # [m, n, h, w] uint8, 0 = paper, or [m, n, h, w, 3] uint8 colours
    levels: np.ndarray  # [k] noise to signal ratio of every step; empty before the first method is drawn
    length: np.ndarray  # [d, k] of what the sampler was given
    length_theory: np.ndarray  # [d, k]
    push: np.ndarray  # [d, 2] parts of (guided - conditional) along the conditional prediction, and across; over the steps
    push_theory: np.ndarray  # [d, 2]
    contrast: np.ndarray  # [d] standard deviation of the points, which lie in [-1, 1]
    clipped: np.ndarray  # [d] share of the points outside [-1, 1], which a screen cannot show
    moved: np.ndarray  # [d] root mean square difference from the plain conditional pictures
    evaluations: np.ndarray  # [d] of the network, a picture
    asked: list[int]  # [n] class of each picture; empty for a prompt
    read: np.ndarray  # [d, n] digit that an independent network reads, of the shipped digits; else [d, 0]
    seconds: list[float]  # [d] a picture, as measured while they were drawn: no function of the parameters

    def metrics(self) -> dict[str, float]:
        """evaluations; length_error of the theory; contrast_METHOD, clipped_METHOD and judge_agreement_METHOD of those drawn."""
        found = {"evaluations": float(self.evaluations.sum())}
        if len(self.length):
            found["length_error"] = float(np.abs(self.length - self.length_theory).max())
        for i, name in enumerate(self.methods[: len(self.contrast)]):
            found |= {f"contrast_{name}": float(self.contrast[i]), f"clipped_{name}": float(self.clipped[i])}
            if self.read.shape[1]:
                found[f"judge_agreement_{name}"] = self.agreement(i)
        return found

    def agreement(self, i: int) -> float:
        """Share of a method's digits that are read as asked."""
        return float((self.read[i] == np.array(self.asked)).mean())

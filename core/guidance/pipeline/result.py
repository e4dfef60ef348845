"""The same pictures under several methods, what each did, and what it cost."""

from dataclasses import dataclass

import numpy as np

from core.result import Result

SHOWN = 128  # points of a picture on the page, each way
TOLD = ("plain", "cfg", "rescaled")  # whose contrast is a row of the report; the table has all


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
    overshoot: np.ndarray  # [d] root mean square of how far points lie outside [-1, 1], which a screen cannot show
    moved: np.ndarray  # [d] root mean square difference from the plain conditional pictures
    evaluations: np.ndarray  # [d] of the network, a picture
    asked: list[int]  # [n] class of each picture; empty for a prompt
    read: np.ndarray  # [d, n] digit that an independent network reads, of the shipped digits; else [d, 0]
    seconds: list[float]  # [d] a picture, as measured while they were drawn: no function of the parameters

    def metrics(self) -> dict[str, float]:
        """evaluations; length_error of the theory; of the methods drawn overshoot_METHOD, and contrast_METHOD of TOLD."""
        found = {"evaluations": float(self.evaluations.sum())}
        if len(self.length):
            found["length_error"] = float(np.abs(self.length - self.length_theory).max())
        for i, name in enumerate(self.methods[: len(self.contrast)]):
            found[f"overshoot_{name}"] = float(self.overshoot[i])
            if name in TOLD:
                found[f"contrast_{name}"] = float(self.contrast[i])
        return found

    def agreement(self, i: int) -> float:
        """Share of a method's digits that are read as asked."""
        return float((self.read[i] == np.array(self.asked)).mean())


def shrunk(pictures: np.ndarray) -> np.ndarray:
    """[n, h, w, ...] uint8, no larger than SHOWN points each way; blocks of points are averaged."""
    times = -(-pictures.shape[1] // SHOWN)
    if times == 1:
        return pictures
    side = pictures.shape[1] // times
    blocks = pictures[:, : side * times, : side * times].reshape(len(pictures), side, times, side, times, -1)
    return np.round(blocks.mean(axis=(2, 4))).astype(np.uint8).reshape(len(pictures), side, side, *pictures.shape[3:])

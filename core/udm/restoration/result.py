"""Digits on their way back under every rule, and how near they are to the true one."""

from dataclasses import dataclass

import numpy as np

from core.result import Result
from core.udm.forward import decibels
from core.udm.restoration.measures import distinct, errors, ssim
from core.udm.restoration.reverse import Rule
from core.udm.restoration.table import Row

Array = np.ndarray

FRAMES = 9
RULES = tuple(rule.value for rule in Rule)


@dataclass(frozen=True, eq=False)
class DigitsResult(Result):
    """R = 3 rules in the order of RULES, n restarts; pictures are float32 in [-1, 1] or beyond, -1 is paper.

    The network and the judge have nothing to say (0 rows) before they are asked.
    """

    clean: Array  # [28, 28] x_0
    label: int  # -1: nobody knows
    corrupted: Array  # [28, 28] x_t of restart 0, where every rule starts
    exact: Array  # [28, 28] E[x_0 | x_t] of the picture set
    network: Array  # [0 or 1, 28, 28] the same as the network has learnt it
    films: Array  # [R, F, 28, 28] uint8  restart 0 on its way, 0 = paper, 255 = ink; F <= FRAMES
    times: Array  # [F] its t
    outcomes: Array  # [R, n, 28, 28] predicted x_0 of every restart; at the end what came back
    read: Array  # [R, n] digit that the judge reads, 0 columns before the end
    possible: Array  # [n, 28, 28] draws from the exact posterior at the start: what could as well lie behind it
    evaluations: int  # predictions a picture and rule so far
    table: list[Row]  # of generation from nothing by the network: one row a rule, at the nearest sigma; floor included

    def metrics(self) -> dict[str, float]:
        """PSNR in dB and SSIM at the start; of what came back PSNR, mean over restarts, and the count of outcomes."""
        ends = dict(zip(RULES, self.outcomes, strict=True))
        near = {f"psnr_{name}": float(decibels(errors(found, self.clean)).mean()) for name, found in ends.items()}
        every = ends | {"exact": self.possible}
        counts = {f"distinct_outcomes_{name}": float(distinct(found)) for name, found in every.items()}
        return self._beside() | near | counts | self._judged() | self._tabulated()

    def _beside(self) -> dict[str, float]:
        """Of the start, and of one prediction from it."""
        shown = {"corrupted": self.corrupted[None], "exact": self.exact[None], "network": self.network}
        known = {name: picture for name, picture in shown.items() if len(picture)}
        values = {f"psnr_{name}": float(decibels(errors(picture, self.clean))[0]) for name, picture in known.items()}
        values |= {f"ssim_{name}": float(ssim(picture, self.clean[None])[0]) for name, picture in known.items()}
        apart = {"distance_to_exact": float(np.sqrt(errors(self.network, self.exact)[0]))} if len(self.network) else {}
        return values | apart

    def _judged(self) -> dict[str, float]:
        """Share of the outcomes read as the digit that was corrupted."""
        if self.label < 0 or not self.read.size:
            return {}
        return {
            f"judge_agreement_{name}": float((read == self.label).mean()) for name, read in zip(RULES, self.read, strict=True)
        }

    def _tabulated(self) -> dict[str, float]:
        rows = {f"frechet_{row['rule']}": float(row["frechet"]) for row in self.table}
        return rows | {f"frechet_{row['rule']}_floor": float(row["floor"]) for row in self.table}

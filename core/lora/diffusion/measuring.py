"""Many pictures of one adapter, read by the two judges, and the network's response to the scale."""

import numpy as np

from core.digits.door import AT_WORK
from core.guidance.digits.pictures import noise
from core.lora.diffusion import theory
from core.lora.diffusion.adapter import Adapter
from core.lora.diffusion.network import Merged, Start
from core.lora.diffusion.params import Params
from core.lora.diffusion.result import COLUMNS
from core.lora.diffusion.scoring import scored


class Measuring:
    """One adapter; pictures are others than those on the page."""

    def __init__(self, p: Params, adapter: Adapter, count: int) -> None:
        self.adapter, self.seed = adapter, p.seed
        self.start = Start(noise(p.seed, count, COLUMNS), p.labels(count), p.gamma, p.steps)
        with AT_WORK:
            self.merged = Merged()

    def shares(self, scale: float, wanted: np.ndarray) -> tuple[float, float]:
        """(of the pictures read as a style that was wanted, read as the digit asked for)."""
        with AT_WORK:
            pictures = self.start.pictures(self.merged.put(self.adapter, scale))
        score = scored(pictures)
        return float(np.isin(score.style, wanted).mean()), float((score.digit == self.start.labels).mean())

    def response(self) -> theory.Response:
        """At every scale of theory.FINE."""
        with AT_WORK:
            return theory.response(self.adapter, self.seed)

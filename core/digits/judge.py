"""The judge: a digit recogniser that no guidance ever sees, and what it says of a picture."""

from dataclasses import dataclass

import numpy as np
import torch

from core.digits import weights
from core.digits.door import AT_WORK

BATCH = 250


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the judge sees in n pictures."""

    probabilities: np.ndarray  # [n, 10] float32
    features: np.ndarray  # [n, 64] float32  the space of the Frechet distance

    def agreement(self, labels: np.ndarray) -> float:
        """Share of the pictures that the judge reads as labels [n]."""
        return float((self.probabilities.argmax(1) == labels).mean())


def judged(pictures: np.ndarray) -> Verdict:
    """Verdict on pictures [n, 28, 28] in [-1, 1], a few hundred at a time."""
    with AT_WORK, torch.inference_mode():
        network, parts = weights.recogniser("judge"), torch.from_numpy(pictures.astype(np.float32)).split(BATCH)
        features = torch.cat([network.features(part) for part in parts])
        probabilities = network.classes(features).softmax(1)
        return Verdict(probabilities.numpy(), features.numpy())

"""What becomes of E while it is trained: how large its codes are, and the loss at fixed strengths of the noise."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import torch

from core.diffusers import ModelMixin
from core.digits.data import split
from core.udm.encoding.recipes import losses

STRENGTHS = (0.1, 0.3, 0.5, 0.7, 0.9)
DIGITS = 250  # of those that nothing is trained on
MOMENTS = 60  # of a training, ever further apart


@dataclass
class Growth:
    """One row a moment."""

    steps: list[int]
    code_rms: list[float]  # root mean square of E(x_0), digits and dimensions together
    loss: list[list[float]]  # -log q a pixel in nats, at every one of STRENGTHS

    @classmethod
    def upto(cls, path: Path, step: int) -> Self:
        """What was noted until this step; nothing where there is no file."""
        if not path.exists():
            return cls([], [], [])
        noted = json.loads(path.read_text())
        count = sum(each <= step for each in noted["steps"])
        return cls(*(noted[name][:count] for name in ("steps", "code_rms", "loss")))

    def note(self, step: int, model: ModelMixin) -> None:
        """One row more, with the weights as they are now."""
        pictures, training = _pictures(), model.training
        with torch.inference_mode():
            model.eval()
            self.steps.append(step)
            self.code_rms.append(round(float(model.encode(pictures).square().mean().sqrt()), 4))
            self.loss.append([round(_loss(model, pictures, t), 5) for t in STRENGTHS])
            model.train(training)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)))


def moments(steps: int) -> set[int]:
    """The steps after which a row is noted: 1 and the last among them."""
    return set(np.unique(np.geomspace(1, steps, MOMENTS).round().astype(int)).tolist())


def _loss(model: ModelMixin, pictures: torch.Tensor, t: float) -> float:
    """The noise is always the same."""
    noise = torch.Generator().manual_seed(11)
    return float(losses(model, pictures, torch.full((len(pictures),), t), noise).mean())


@cache
def _pictures() -> torch.Tensor:
    """[DIGITS, 784] as many of every digit as of any other."""
    pictures = split("validation").pictures
    return torch.from_numpy(pictures[:: len(pictures) // DIGITS].copy()).flatten(1)

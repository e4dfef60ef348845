"""Who judges the pictures: a recogniser of styles and the digit judge, neither of which any adapter was trained against."""

from dataclasses import dataclass

import numpy as np
import torch

from core.digits.door import AT_WORK
from core.digits.judge import judged
from core.digits.networks import DigitNet
from core.lora.diffusion.style import upright
from core.shipping import FILE, shipped

ASSET = f"lora/reader/{FILE}"


@dataclass(frozen=True, eq=False)
class Score:
    """What is read in n pictures."""

    style: np.ndarray  # [n] index into style.KINDS
    digit: np.ndarray  # [n] 0..9


def scored(pictures: np.ndarray) -> Score:
    """Of pictures [n, 28, 28] uint8. The judge knows ink on paper alone: where the edge is inked, it reads the negative."""
    shown = (pictures / 127.5 - 1).astype(np.float32)
    with AT_WORK, torch.inference_mode():
        style = torch.cat([reader()(part) for part in torch.from_numpy(shown).split(250)]).argmax(1).numpy()
    return Score(style, judged(upright(shown)).probabilities.argmax(axis=1))


def reader() -> DigitNet:
    """The shipped recogniser of styles; raises DamagedAssetError, naming the file, where it is missing or altered."""
    return shipped(DigitNet, ASSET)

"""A text in pieces as long as those that the networks were trained on."""

import torch
from torch import Tensor

from core.attention.model.shape import LENGTH
from core.attention.model.text import coded

BEFORE = "\n"  # stands before the first character, so that this one is predicted too


def windows(text: str, length: int = LENGTH) -> tuple[Tensor, Tensor]:
    """Codes [n, l] and the characters that follow each, [n, l], int64; what is left over at the end is not used.

    A text shorter than a window is one window of its own length.
    """
    codes = torch.from_numpy(coded(BEFORE + text).astype("int64"))
    each = min(length, len(codes) - 1)
    count = (len(codes) - 1) // each
    return codes[:-1][: count * each].view(count, each), codes[1:][: count * each].view(count, each)

"""How good the character models are, on plays that nothing was trained or chosen on."""

from typing import cast

import numpy as np
import torch
from torch import nn

from core.attention.model.baselines import likelihoods
from core.attention.model.lengths import LN2, bits_along, by_span
from core.attention.model.network import CharNet
from core.attention.model.shape import LENGTH
from core.attention.model.spans import LONG
from core.attention.model.text import spelt, split
from core.attention.model.windows import windows
from core.diffusers import ModelMixin

Array = np.ndarray

AT_ONCE = 32  # windows
LONG_WINDOWS = 24  # of the held-out plays, spread over them


@torch.inference_mode()
def bits(model: CharNet, text: str) -> Array:
    """[n] mean bits of a character, window by window."""
    codes, following = windows(text)
    rows = [
        nn.functional.cross_entropy(model(one).transpose(1, 2), two, reduction="none").mean(1)
        for one, two in zip(codes.split(AT_ONCE), following.split(AT_ONCE), strict=True)
    ]
    return torch.cat(rows).numpy().astype(float) / LN2


def with_error(rows: Array) -> list[float]:
    """Mean and standard error of [n]."""
    return [round(float(rows.mean()), 4), round(float(rows.std(ddof=1)) / len(rows) ** 0.5, 4)]


def quality(model: ModelMixin) -> dict[str, float]:
    """Bits a character of the held-out plays in windows of LENGTH, and their standard error."""
    mean, error = with_error(bits(cast(CharNet, model), spelt(split("test"))))
    return {"bits": mean, "bits_stderr": error}


def by_position(model: CharNet) -> Array:
    """[LONG_WINDOWS, B] bits of a character by how many it sees, in windows of LONG."""
    codes, following = windows(spelt(split("test")), LONG)
    chosen = np.linspace(0, len(codes) - 1, LONG_WINDOWS).astype(int)
    return by_span(np.array([bits_along(model, codes[i], following[i]) for i in chosen]))


def ngram() -> tuple[int, list[float]]:
    """(order, bits by counts with an error): the order that is best on the validation play, measured on the held-out plays."""
    train = split("train").astype(np.int64)
    chosen = int(np.log(likelihoods(train, split("validation").astype(np.int64))).mean(1).argmax())
    rows = -np.log2(likelihoods(train, split("test").astype(np.int64))[chosen])
    whole = len(rows) // LENGTH * LENGTH
    return chosen, with_error(rows[:whole].reshape(-1, LENGTH).mean(1))

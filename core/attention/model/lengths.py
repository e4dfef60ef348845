"""Longer than in training: what the next character costs, and how spread attention is, against how far back a query sees."""

import numpy as np
import torch
from torch import nn

from core.attention.model.network import CharNet
from core.attention.model.noise import clean_layers
from core.attention.model.spans import SPANS

Array = np.ndarray

LN2 = float(np.log(2))


@torch.inference_mode()
def along(model: CharNet, codes: torch.Tensor, following: torch.Tensor) -> tuple[Array, Array]:
    """Of one window [l]: bits of every character and the entropy of attention, mean over heads and layers, nats; [l] each."""
    entropy = torch.zeros(len(codes))
    for layer in clean_layers(model, codes[None]):
        entropy += torch.special.entr(layer.logits.softmax(-1)).sum(-1).mean((0, 1)) / len(model.blocks)
    bits = nn.functional.cross_entropy(model.scores(layer.stream)[0], following, reduction="none") / LN2
    return bits.numpy().astype(float), entropy.numpy().astype(float)


@torch.inference_mode()
def bits_along(model: CharNet, codes: torch.Tensor, following: torch.Tensor) -> Array:
    """Bits of every character of one window [l]."""
    scores = model(codes[None])[0]
    return (nn.functional.cross_entropy(scores, following, reduction="none") / LN2).numpy().astype(float)


def by_span(rows: Array) -> Array:
    """[..., 1024] -> mean over each of SPANS, [..., B]."""
    return np.stack([rows[..., begin:end].mean(-1) for begin, end in SPANS], -1)

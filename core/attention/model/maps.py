"""Attention of one head at the end of a text, without noise and with another draw of it in every frame."""

import numpy as np
import torch

from core.attention.model.network import CharNet, future
from core.attention.model.noise import Noise, Place, Silent, amounts, layer_of
from core.attention.model.params import Params
from core.attention.model.shape import LENGTH
from core.attention.model.text import coded, spelt
from core.attention.model.windows import BEFORE

Array = np.ndarray

FRAMES = 10


@torch.inference_mode()
def maps(model: CharNet, p: Params) -> tuple[Array, Array, str]:
    """[l, l] and [F, l, l] float32 weights of queries (rows) on keys, and the l characters; noise is on the logits alone."""
    codes = torch.from_numpy(coded(BEFORE + p.text)[-LENGTH:].astype("int64"))
    noise = Noise(Place.LOGITS, torch.tensor([p.strength]), amounts(model, Place.LOGITS, p), p.seed * 64 + 36)
    before = weights(model, codes[None, None], p, Silent())
    after = weights(model, codes.expand(1, FRAMES, -1), p, noise)
    return before[0], after, spelt(codes.numpy())


def weights(model: CharNet, codes: torch.Tensor, p: Params, noise: Silent) -> Array:
    """[1, F, l] codes -> [F, l, l] of the layer and head that are drawn."""
    hidden, last = model.embedded(codes), p.layer - 1
    for number in range(last):
        hidden = layer_of(model, number, hidden, noise)
    query, key, _ = model.asked(model.stack[last], hidden)
    logits = noise.added(Place.LOGITS, last, query @ key.transpose(-2, -1) + future(codes.shape[-1]))
    return np.ascontiguousarray(logits.softmax(-1)[0, :, p.head - 1].float().numpy())

"""Noise inside a network: on the attention logits, on the values, on what the two layers say, on the stream that all add to.

Independent Gaussian numbers of one deviation everywhere, or of one relative deviation: a strength times the root mean square
of what they are added to. Of logits that is the deviation within a row, because softmax is blind to the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

import torch
from torch import Tensor

from core.attention.model.network import CharNet, Scaling, future
from core.attention.model.params import Amount, Params, Where
from core.attention.model.shape import HEADS, LAYERS
from core.attention.model.text import scene
from core.attention.model.weights import network
from core.attention.model.windows import windows

CALIBRATED = 4096  # characters of the scene by which sizes are measured


class Place(Enum):
    """What is shaken."""

    LOGITS = "logits"
    VALUES = "values"
    MLP = "mlp"
    STREAM = "stream"


class Silent:
    """No noise."""

    def added(self, place: Place, layer: int, clean: Tensor) -> Tensor:  # noqa: ARG002
        """The same."""
        return clean


@dataclass(frozen=True, eq=False)
class Clean:
    """A layer of a clean run: everything that noise could be added to."""

    logits: Tensor  # [..., heads, l, l] with -inf for what comes later
    values: Tensor  # [..., heads, l, d]
    thought: Tensor  # [..., l, width]
    stream: Tensor  # [..., l, width] after the layer


class Noise(Silent):
    """Independent noise at one place of the layers that are reached, at many strengths with the same random numbers.

    What comes in as [1 or S, n, ...] goes out as [S, n, ...]. Numbers of a layer follow each other window by window, so that
    they do not depend on how many windows are run at a time.
    """

    def __init__(self, place: Place, strengths: Tensor, amounts: Tensor, seed: int) -> None:
        self.place, self.strengths, self.amounts = place, strengths, amounts
        self.random = [torch.Generator().manual_seed(seed * 64 + layer) for layer in range(len(amounts))]

    def added(self, place: Place, layer: int, clean: Tensor) -> Tensor:
        """With the noise of this place and layer."""
        if place is not self.place or not self.amounts[layer].any():
            return clean
        drawn = torch.randn(clean.shape[1:], generator=self.random[layer]).mul_(self.amounts[layer])
        return torch.addcmul(clean, drawn, self.strengths.view(-1, *[1] * (clean.dim() - 1)))

    @property
    def first(self) -> int:
        """The first layer that is reached; all before it is clean."""
        return int(self.amounts.flatten(1).any(1).int().argmax())


def amounts(model: CharNet, place: Place, p: Params) -> Tensor:
    """Deviation of the noise at strength 1, [layers, heads, 1, 1] or [layers, 1, 1]: 0 where it does not reach.

    What has no heads is reached in the whole layer where one head is asked for.
    """
    found = sizes(model.scaling)[place].clone()
    if p.amount is Amount.SAME:
        found.fill_(1)
    if p.where is not Where.ALL:
        found[torch.arange(len(found)) != p.layer - 1] = 0
    if p.where is Where.HEAD and place in (Place.LOGITS, Place.VALUES):
        found[:, torch.arange(found.shape[1]) != p.head - 1] = 0
    return found


def layer_of(model: CharNet, number: int, hidden: Tensor, noise: Silent) -> Tensor:
    """One layer with noise: [S or 1, n, l, width] -> the same."""
    block = model.stack[number]
    query, key, value = model.asked(block, hidden)
    logits = noise.added(Place.LOGITS, number, query @ key.transpose(-2, -1) + future(hidden.shape[-2]))
    value = noise.added(Place.VALUES, number, value)
    hidden = hidden + block.gathered(logits.softmax(-1) @ value)
    hidden = hidden + noise.added(Place.MLP, number, block.thought(hidden))
    return noise.added(Place.STREAM, number, hidden)


@torch.inference_mode()
def through(model: CharNet, codes: Tensor, noise: Silent) -> Tensor:
    """[n, l] codes -> what leaves the last layer, [1 or S, n, l, width]."""
    hidden = model.embedded(codes)[None]
    for number in range(len(model.blocks)):
        hidden = layer_of(model, number, hidden, noise)
    return hidden


def clean_layers(model: CharNet, codes: Tensor) -> Iterator[Clean]:
    """Layer by layer of [..., l] codes."""
    hidden = model.embedded(codes)
    for block in model.stack:
        query, key, value = model.asked(block, hidden)
        logits = query @ key.transpose(-2, -1) + future(codes.shape[-1])
        middle = hidden + block.gathered(logits.softmax(-1) @ value)
        thought = block.thought(middle)
        hidden = middle + thought
        yield Clean(logits, value, thought, hidden)


@cache
def sizes(scaling: Scaling) -> dict[Place, Tensor]:
    """Root mean squares of the shipped network on the scene: [layers, heads, 1, 1], or [layers, 1, 1] without heads.

    Of logits the deviation within a row, over rows with at least two keys.
    """
    codes, _ = windows(scene()[:CALIBRATED])
    with torch.inference_mode():
        layers = list(clean_layers(network(scaling), codes))
        return {
            Place.LOGITS: torch.stack([within_rows(layer.logits) for layer in layers]).view(LAYERS, HEADS, 1, 1),
            Place.VALUES: torch.stack([(layer.values**2).mean((0, 2, 3)).sqrt() for layer in layers]).view(LAYERS, HEADS, 1, 1),
            Place.MLP: torch.stack([(layer.thought**2).mean().sqrt() for layer in layers]).view(LAYERS, 1, 1),
            Place.STREAM: torch.stack([(layer.stream**2).mean().sqrt() for layer in layers]).view(LAYERS, 1, 1),
        }


def within_rows(logits: Tensor) -> Tensor:
    """[n, heads, l, l] with -inf for what comes later -> [heads] root mean square deviation within a row."""
    seen = torch.isfinite(logits)
    count, safe = seen.sum(-1, keepdim=True), logits.masked_fill(~seen, 0)
    apart = (safe - safe.sum(-1, keepdim=True) / count).masked_fill(~seen, 0)
    return ((apart**2).sum(-1) / count[..., 0])[..., 1:].mean((0, 2)).sqrt()

"""The model goes on with a text, with noise and without, from keys and values that it keeps.

All texts are drawn by the same random numbers (the largest of logit + Gumbel noise is a draw from the softmax), so that they
differ only where the noise has changed the model's mind. A query sees the last LENGTH characters, as many as in training.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from core.attention.model.network import CharNet
from core.attention.model.noise import Place, amounts
from core.attention.model.params import Params
from core.attention.model.result import CONDITIONS, COPIES, PLACES
from core.attention.model.shape import HEADS, LAYERS, LENGTH
from core.attention.model.text import SIZE, coded
from core.attention.model.windows import BEFORE


class Shaking:
    """Noise of every place, each on its own row of the conditions; drawn by position, whatever is kept of the past."""

    def __init__(self, model: CharNet, p: Params, positions: int) -> None:
        random = torch.Generator().manual_seed(p.seed * 64 + 33)
        width = model.config.width
        shapes = {
            Place.LOGITS: (HEADS, positions, LENGTH),  # the last one: how many characters ago
            Place.VALUES: (HEADS, positions, model.dimension),
            Place.MLP: (positions, width),
            Place.STREAM: (positions, width),
        }
        self.drawn = {
            place: torch.randn(LAYERS, COPIES, *shape, generator=random).mul_(
                p.strength * amounts(model, place, p).unsqueeze(1)
            )
            for place, shape in shapes.items()
        }

    def shake(self, place: Place, layer: int, clean: Tensor, first: int, begin: int = 0) -> None:
        """Add to the condition's row of [C, G, ..., m, k], in place; m positions from `first`, keys from `begin` on."""
        row, count = 1 + PLACES.index(place.value), clean.shape[-2]
        drawn = self.drawn[place][layer][..., first : first + count, :]
        if place is Place.LOGITS:
            ago = torch.arange(first, first + count)[:, None] - torch.arange(begin, begin + clean.shape[-1])
            drawn = drawn.gather(-1, ago.clamp(0, LENGTH - 1).expand(*drawn.shape[:-1], ago.shape[1]))
        clean[row] += drawn


class Memory:
    """Keys and values of every layer, [C, G, heads, positions, d], as far as they are known."""

    def __init__(self, model: CharNet, positions: int) -> None:
        shape = (LAYERS, len(CONDITIONS), COPIES, HEADS, positions, model.dimension)
        self.keys, self.values, self.length = torch.zeros(shape), torch.zeros(shape), 0


@torch.inference_mode()
def read(model: CharNet, memory: Memory, codes: Tensor, shaking: Shaking) -> Tensor:
    """Logits [C, G, SIZE] of what follows the new characters [C, G, m], which are remembered."""
    first, count = memory.length, codes.shape[-1]
    begin, end = max(0, first - LENGTH + 1), first + count
    hidden, unseen = model.embedded(codes), band(first, count, begin)
    for number, block in enumerate(model.stack):
        query, key, value = model.asked(block, hidden, first, LENGTH)
        shaking.shake(Place.VALUES, number, value, first)
        memory.keys[number][..., first:end, :], memory.values[number][..., first:end, :] = key, value
        logits = query @ memory.keys[number][..., begin:end, :].transpose(-2, -1) + unseen
        shaking.shake(Place.LOGITS, number, logits, first, begin)
        hidden = hidden + block.gathered(logits.softmax(-1) @ memory.values[number][..., begin:end, :])
        thought = block.thought(hidden)
        shaking.shake(Place.MLP, number, thought, first)
        hidden = hidden + thought
        shaking.shake(Place.STREAM, number, hidden, first)
    memory.length = end
    return model.scores(hidden[..., -1, :])


def band(first: int, count: int, begin: int) -> Tensor:
    """[count, keys] 0 for the last LENGTH characters up to the query, -infinity for all others."""
    ago = torch.arange(first, first + count)[:, None] - torch.arange(begin, first + count)
    return torch.zeros(ago.shape).masked_fill((ago < 0) | (ago >= LENGTH), -torch.inf)


def prompt(p: Params) -> Tensor:
    """[C, G, m] the end of the text, at most LENGTH characters."""
    codes = torch.from_numpy(coded(BEFORE + p.text)[-LENGTH:].astype("int64"))
    return codes.expand(len(CONDITIONS), COPIES, -1)


def written(model: CharNet, p: Params, keep: bool = True) -> Iterator[Tensor]:
    """[C, G, k] the characters so far, one more each time. keep: of the past; else all is read again for each."""
    codes = prompt(p)
    start, positions = codes.shape[-1], codes.shape[-1] + p.written
    shaking, memory = Shaking(model, p, positions), Memory(model, positions)
    luck = torch.Generator().manual_seed(p.seed * 64 + 34)
    new = codes
    for _ in range(p.written):
        if not keep:
            memory, new = Memory(model, positions), codes
        gumbel = -torch.empty(COPIES, SIZE).exponential_(generator=luck).log()
        new = (read(model, memory, new, shaking) / p.temperature + gumbel).argmax(-1, keepdim=True)
        codes = torch.cat([codes, new], -1)
        yield codes[..., start:]

"""A style of the visitor's own: an adapter trained on a handful of drawings, while one may look on."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import torch

from core.diffusers import ModelMixin
from core.digits.door import AT_WORK
from core.digits.recipes import Batch, denoising
from core.lora.diffusion import adapters
from core.lora.diffusion.adapter import Adapter
from core.lora.diffusion.params import Drawn
from core.training import Recipe, Training

BATCH = 16
NOWHERE = Path("build/lora_diffusion/own.safetensors")  # nothing is ever written there


def recipe(style: Drawn, rank: int, seed: int) -> Recipe:
    """The denoiser's own loss on warped drawings; the first picture is that of the plain network."""
    drawings, labels = (torch.from_numpy(each) for each in style.pictures())

    def new() -> ModelMixin:
        return adapters.new(rank)

    def loss(model: ModelMixin, noise: torch.Generator) -> torch.Tensor:
        rows = torch.randint(len(labels), (BATCH,), generator=noise)
        batch = Batch(drawings[rows], labels[rows], noise)
        return denoising(model, Batch(batch.warped(), labels[rows], noise))

    return Recipe(new, loss, style.training, rate=6e-3, decay=0.95, warm_up=10, seed=seed)


class Learning:
    """One training on its way."""

    def __init__(self, style: Drawn, rank: int, seed: int) -> None:
        with AT_WORK:
            self.training = Training(recipe(style, rank, seed), NOWHERE)

    def advance(self, steps: int) -> list[float]:
        """So many steps, or to the end; their losses."""
        return [self._step() for _ in range(min(steps, self.training.recipe.steps - self.training.step))]

    def _step(self) -> float:
        with AT_WORK:
            return self.training.advance()

    def adapter(self) -> Adapter:
        """The running mean so far."""
        with AT_WORK:
            return adapters.taken(self.training.mean)


Key = tuple[Drawn, int, int]


@dataclass
class Kept:
    """Adapters learnt lately, for whoever asks for the same next."""

    most: int
    adapters: OrderedDict[Key, Adapter] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def keep(self, key: Key, adapter: Adapter) -> None:
        """Remember it; the oldest is forgotten first."""
        with self.lock:
            self.adapters[key] = adapter
            while len(self.adapters) > self.most:
                self.adapters.popitem(last=False)

    def learnt(self, key: Key) -> Adapter | None:
        """The finished adapter, if it is remembered."""
        return self.adapters.get(key)


KEPT = Kept(8)


def finished(style: Drawn, rank: int, seed: int) -> Iterator[Adapter | None]:
    """Step by step to the adapter, which comes last; at once where it is remembered."""
    key = (style, rank, seed)
    if (known := KEPT.learnt(key)) is None:
        learning = Learning(style, rank, seed)
        for _ in range(style.training):
            learning.advance(1)
            yield None
        known = learning.adapter()
        KEPT.keep(key, known)
    yield known

"""Train one network, seeded and resumable: every random number of step k comes from (the recipe's seed, k), and a checkpoint
is written every so often, from which the same command goes on. What ships is the running mean of the weights."""

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol, Self

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from core.diffusers import ModelMixin

EVERY = 250  # steps
WARM_UP = 200  # steps, where a recipe says nothing else

State = dict[str, Tensor]


class Loss(Protocol):
    """A scalar Tensor of one random batch, which it draws itself from the generator."""

    def __call__(self, model: ModelMixin, noise: torch.Generator) -> Tensor: ...


@dataclass(frozen=True)
class Recipe:
    """All that decides a training."""

    new: Callable[[], ModelMixin]
    loss: Loss
    steps: int
    rate: float = 1e-3
    decay: float = 0.999  # of the running mean of the weights that ships
    horizon: int = 0  # steps over which the rate follows half a cosine; 0 is all steps
    cooldown: int = 1  # last steps, over which it also falls linearly to zero
    warm_up: int = WARM_UP  # first steps, over which it rises linearly
    seed: int = 0

    def rate_at(self, step: int) -> float:
        """The learning rate: warm-up, half a cosine, cool-down."""
        wave = 0.5 + 0.5 * math.cos(math.pi * step / (self.horizon or self.steps))
        return self.rate * min(1.0, (step + 1) / self.warm_up) * wave * min(1.0, (self.steps - step) / self.cooldown)

    def noise_of(self, step: int) -> torch.Generator:
        """The randomness of one step, the same whenever it is asked for."""
        return torch.Generator().manual_seed(self.seed * 1_000_003 + step)


@dataclass
class Training:
    """One network on its way."""

    recipe: Recipe
    checkpoint: Path
    step: int = 0
    seconds: float = 0.0
    model: ModelMixin = field(init=False)
    mean: ModelMixin = field(init=False)
    optimiser: torch.optim.AdamW = field(init=False)

    def __post_init__(self) -> None:
        torch.manual_seed(self.recipe.seed)
        self.model, self.mean = self.recipe.new(), self.recipe.new()
        self.mean.load_state_dict(self.model.state_dict())
        self.model.train().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.trained(), self.recipe.rate, (0.9, 0.99), weight_decay=0.01)

    def trained(self) -> list[Tensor]:
        """What the optimiser moves: of a network with an adapter, the adapter alone."""
        return [each for each in self.model.parameters() if each.requires_grad]

    def advance(self) -> float:
        """One step; returns the loss."""
        started = monotonic()
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate_at(self.step)
        loss = self.recipe.loss(self.model, self.recipe.noise_of(self.step))
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained(), 1.0)
        self.optimiser.step()
        self.step += 1
        self._follow()
        self.seconds += monotonic() - started
        return loss.item()

    @torch.no_grad()
    def _follow(self) -> None:
        """The running mean forgets its start: its memory grows with the steps up to the recipe's decay."""
        decay = min(self.recipe.decay, (1 + self.step) / (10 + self.step))
        for slow, fast in zip(self.mean.state_dict().values(), self.model.state_dict().values(), strict=True):
            if slow.is_floating_point():
                slow.lerp_(fast, 1 - decay)
            else:
                slow.copy_(fast)

    def save(self) -> None:
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        part = self.checkpoint.with_suffix(".part")
        clock = {"step": str(self.step), "seconds": str(self.seconds)}
        save_file({key: value.contiguous() for key, value in self._state()}, part, metadata=clock)
        part.replace(self.checkpoint)

    @classmethod
    def resumed(cls, recipe: Recipe, checkpoint: Path) -> Self:
        """From wherever its checkpoint stands."""
        training = cls(recipe, checkpoint)
        training.load()
        return training

    @property
    def cost(self) -> dict[str, int | float]:
        """What a manifest says of it."""
        return {"seed": self.recipe.seed, "steps": self.step, "minutes": round(self.seconds / 60, 1)}

    def load(self) -> None:
        """Go on from the checkpoint, if there is one."""
        if not self.checkpoint.exists():
            return
        with safe_open(self.checkpoint, "pt") as file:
            self.step, self.seconds = int(file.metadata()["step"]), float(file.metadata()["seconds"])
            saved = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  not a dict
        self.model.load_state_dict(_part(saved, "model."))
        self.mean.load_state_dict(_part(saved, "mean."))
        for i, parameter in enumerate(self.trained()):
            self.optimiser.state[parameter] = _part(saved, f"adam.{i}.")

    def finish(self) -> Iterator[int]:
        """To the end of the recipe; yields the steps done after each one, and says how it goes."""
        losses: list[float] = []
        while self.step < self.recipe.steps:
            losses.append(self.advance())
            if self.step % EVERY == 0 or self.step == self.recipe.steps:
                self.save()
                mean = sum(losses) / len(losses)
                print(f"{self.checkpoint.stem} {self.step} loss {mean:.4f} {self.seconds / 60:.1f} min", flush=True)
                losses = []
            yield self.step

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        for prefix, model in (("model.", self.model), ("mean.", self.mean)):
            yield from ((prefix + key, value) for key, value in model.state_dict().items())
        for i, parameter in enumerate(self.trained()):
            yield from ((f"adam.{i}.{key}", value) for key, value in self.optimiser.state[parameter].items())


def arguments(doc: str | None, *names: str) -> argparse.Namespace:
    """Of a command that trains: one of these names, where there are some, and the threads, which are set."""
    parser = argparse.ArgumentParser(description=doc)
    if names:
        parser.add_argument("name", choices=names)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    return given


def _part(state: State, prefix: str) -> State:
    return {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}

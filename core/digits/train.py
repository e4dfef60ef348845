"""Train one network of the digits: python -m core.digits.train NAME [--threads N].

Seeded and resumable: a checkpoint is written every minute or so, and the same command goes on from it. core.digits.publish
then ships the running mean of the weights.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import torch
from diffusers import ModelMixin
from safetensors import safe_open
from safetensors.torch import save_file

from core.digits.recipes import RECIPES, Recipe, batch

CHECKPOINTS = Path("build/digits")
EVERY = 250  # steps
SNAPSHOTS = {"denoiser": {700: "weak_denoiser"}}  # autoguidance wants the same network, less trained

State = dict[str, torch.Tensor]


@dataclass
class Training:
    """One network on its way."""

    name: str
    recipe: Recipe
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
        self.optimiser = torch.optim.AdamW(self.model.parameters(), self.recipe.rate, (0.9, 0.99), weight_decay=0.01)

    @property
    def checkpoint(self) -> Path:
        return CHECKPOINTS / f"{self.name}.safetensors"

    def advance(self) -> float:
        """One step; returns the loss."""
        started = monotonic()
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate_at(self.step)
        loss = self.recipe.loss(self.model, batch(self.recipe, self.step))
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
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

    def load(self) -> None:
        """Go on from the checkpoint, if there is one."""
        if not self.checkpoint.exists():
            return
        with safe_open(self.checkpoint, "pt") as file:
            self.step, self.seconds = int(file.metadata()["step"]), float(file.metadata()["seconds"])
            saved = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118  not a dict
        self.model.load_state_dict(_part(saved, "model."))
        self.mean.load_state_dict(_part(saved, "mean."))
        for i, parameter in enumerate(self.model.parameters()):
            self.optimiser.state[parameter] = _part(saved, f"adam.{i}.")

    def _state(self) -> Iterator[tuple[str, torch.Tensor]]:
        for prefix, model in (("model.", self.model), ("mean.", self.mean)):
            yield from ((prefix + key, value) for key, value in model.state_dict().items())
        for i, parameter in enumerate(self.model.parameters()):
            yield from ((f"adam.{i}.{key}", value) for key, value in self.optimiser.state[parameter].items())


def _part(state: State, prefix: str) -> State:
    return {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}


def train(name: str) -> Training:
    """To the end of the recipe, from wherever the checkpoint stands."""
    training = Training(name, RECIPES[name])
    training.load()
    losses: list[float] = []
    while training.step < training.recipe.steps:
        losses.append(training.advance())
        if training.step % EVERY == 0 or training.step == training.recipe.steps:
            training.save()
            print(f"{name} {training.step} loss {sum(losses) / len(losses):.4f} {training.seconds / 60:.1f} min", flush=True)
            losses = []
        if snapshot := SNAPSHOTS.get(name, {}).get(training.step):
            training.mean.save_pretrained(CHECKPOINTS / snapshot)
    training.mean.save_pretrained(CHECKPOINTS / name)
    return training


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options.name)


if __name__ == "__main__":
    main()

"""A style that is learnt: the first change that is seen, steps against a plain PEFT loop, and ten pictures at once."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import torch
from torch import nn

from core.digits.door import AT_WORK
from core.digits.networks import fold
from core.digits.recipes import Batch
from core.guidance.digits.pictures import noise
from core.lora.diffusion import adapters
from core.lora.diffusion.experiment import compute
from core.lora.diffusion.learning import BATCH, Learning
from core.lora.diffusion.network import Merged, Start
from core.lora.diffusion.params import Drawn, Params
from tests.benchmarks.timing import ratio

RANK, STEPS, ROUNDS = 4, 20, 3
WANTED_STEPS, WANTED_AT_ONCE, WANTED_CHANGE = 0.8, 3.0, 0.25
VISIBLE = 0.05  # mean absolute difference of the ten pictures, ink being 1


class Plain:
    """What anyone would write with peft: add_adapter, AdamW, the loss, step; no running mean, no schedule."""

    def __init__(self) -> None:
        self.model, self.noise = adapters.new(RANK).train(), torch.Generator().manual_seed(0)
        self.trained = [each for each in self.model.parameters() if each.requires_grad]
        self.optimiser = torch.optim.AdamW(self.trained, 6e-3)
        drawings, labels = Drawn().pictures()
        self.drawings, self.labels = torch.from_numpy(drawings), torch.from_numpy(labels)

    def run(self) -> None:
        for _ in range(STEPS):
            rows = torch.randint(len(self.labels), (BATCH,), generator=self.noise)
            batch = Batch(self.drawings[rows], self.labels[rows], self.noise)
            level = batch.levels()
            x, v = batch.noised(batch.warped(), level)
            predicted = self.model(fold(x), level, None, class_labels=batch.labels).sample
            self.optimiser.zero_grad()
            nn.functional.mse_loss(predicted, fold(v)).backward()
            self.optimiser.step()


def ours() -> None:
    Learning(Drawn(training=300), RANK, 0).advance(STEPS)


def drawing(count: int) -> Callable[[], object]:
    """So many pictures, in one batch a step."""
    model = Merged().model
    start = Start(noise(0, count), np.arange(count) % 10, 2.0, 6)
    return lambda: start.pictures(model)


def first_change() -> tuple[float, float]:
    """Seconds until the pictures of a style that is learnt differ visibly from the first ones, and of the whole run."""
    started, seen = perf_counter(), 0.0
    for _, result in compute(Params(style="drawn")):
        moved = np.abs(result.history[-1].astype(float) - result.history[0]).mean() / 255
        if not seen and len(result.learnt) > 1 and moved > VISIBLE:
            seen = perf_counter() - started
    return seen, perf_counter() - started


def main() -> None:
    print(f"styles: steps against a plain PEFT loop, ratio {ratio(Plain().run, ours, ROUNDS):.2f} (wanted {WANTED_STEPS:g})")
    with AT_WORK:
        many, one = drawing(10), drawing(1)
        found = ratio(lambda: [one() for _ in range(10)], many, ROUNDS)
    print(f"  ten pictures at once against one by one, ratio {found:.1f} (wanted {WANTED_AT_ONCE:g})")
    seen, whole = first_change()
    print(f"  a visible change after {seen:.1f} s, share of the whole run {seen / whole:.2f} (wanted below {WANTED_CHANGE:g})")


if __name__ == "__main__":
    main()

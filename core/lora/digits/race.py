"""Several adapters on one seed, watched until the end: how far each got, and what it had forgotten on the way."""

import numpy as np
import torch

from core.digits.door import AT_WORK
from core.lora.digits import data
from core.lora.digits.adapters import Adapter
from core.lora.digits.comparison import REACHED, Row
from core.lora.digits.data import Labelled
from core.lora.digits.finetuning import CHUNK, EXPLODED, recipe, right_share
from core.lora.digits.layers import cut
from core.lora.digits.params import Params
from core.lora.digits.program import Program, losses_of

Array = np.ndarray

LOOKS = 10
TESTED = 250  # pictures of each world


class Course:
    """What all seeds share: the network, and pictures of both worlds as its trunk sees them."""

    def __init__(self, p: Params) -> None:
        with AT_WORK, torch.no_grad():
            self.network = cut(p.network, p.layers)
            self.read = tuple(_part(each) for each in (data.to_read(p.world), data.old_world()))
            self.seen = tuple(self.network.trunk(torch.from_numpy(each.pictures)) for each in self.read)

    def run(self, p: Params, adapters: list[Adapter]) -> Row:
        """Train them together on the pictures and batches of p.seed; adapters that move W itself come first."""
        program, looks = self._program(p, adapters), []
        steps = sorted({round(p.steps * k / LOOKS) for k in range(LOOKS + 1)})
        while True:
            with AT_WORK:
                if program.at in steps:
                    looks.append(self._look(program))
                if program.at == p.steps:
                    break
                program.step()
        losses, right_new, right_old = (np.stack(each) for each in zip(*looks, strict=True))
        gentle, pace = crossings(losses, right_old, np.array(steps, float))
        return Row(right_new[-1], right_old[-1], gentle, pace, float(right_old[0, 0]), TESTED)

    def _program(self, p: Params, adapters: list[Adapter]) -> Program:
        learnt = data.to_learn(p)
        with AT_WORK, torch.no_grad():
            seen = torch.cat([self.network.trunk(part) for part in torch.from_numpy(learnt.pictures).split(CHUNK)])
            return Program(self.network, recipe(p), adapters, seen, torch.from_numpy(learnt.labels))

    @torch.no_grad()
    def _look(self, program: Program) -> tuple[Array, Array, Array]:
        """[A] loss on the new world, accuracy there, accuracy on the old one."""
        logits = [program.logits(each) for each in self.seen]
        right = [right_share(*pair) for pair in zip(logits, self.read, strict=True)]
        losses = losses_of(logits[0], torch.from_numpy(self.read[0].labels))
        return losses.nan_to_num(nan=EXPLODED).clamp(max=EXPLODED).numpy(), right[0], right[1]


def crossings(losses: Array, values: Array, steps: Array) -> tuple[Array, Array]:
    """[A] values, and steps, at the moment each column of losses [k, A] first falls to REACHED of its first; -1 if never."""
    found = [_crossing(*columns, steps) for columns in zip(losses.T, values.T, strict=True)]
    return np.array([value for value, _ in found]), np.array([step for _, step in found])


def _crossing(losses: Array, values: Array, steps: Array) -> tuple[float, float]:
    level = REACHED * losses[0]
    below = np.flatnonzero(losses <= level)
    if not len(below):
        return -1.0, -1.0
    i = int(below[0])
    share = (losses[i - 1] - level) / (losses[i - 1] - losses[i])
    return tuple(float(each[i - 1] + share * (each[i] - each[i - 1])) for each in (values, steps))  # type: ignore[return-value]


def _part(read: Labelled) -> Labelled:
    return Labelled(read.pictures[:TESTED], read.labels[:TESTED])

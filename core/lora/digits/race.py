"""Several adapters on one seed, watched until the end: how far each got, and what it had forgotten on the way."""

import numpy as np

from core.digits.door import AT_WORK
from core.lora.digits import data
from core.lora.digits.adapters import Adapter
from core.lora.digits.comparison import REACHED, Row
from core.lora.digits.data import Labelled
from core.lora.digits.finetuning import EXPLODED, recipe
from core.lora.digits.layers import cut
from core.lora.digits.params import Params
from core.lora.digits.program import Program, losses_of
from core.lora.digits.reading import Part, answers, joined, parts, right_share

Array = np.ndarray

LOOKS = 20  # the closer the earlier: losses fall fast at first
TESTED = 160  # pictures of each world, other ones for each seed


class Course:
    """What all seeds share: the network and the pictures of both worlds."""

    def __init__(self, p: Params) -> None:
        with AT_WORK:
            self.network = cut(p.network, p.layers)
            self.worlds = data.to_read(p.world), data.old_world()

    def run(self, p: Params, adapters: list[Adapter], place: int) -> Row:
        """Train them together on the pictures and batches of p.seed; adapters that move W itself come first.

        place: which of the pictures to read, the first TESTED, the next, ...
        """
        looks = []
        with AT_WORK:
            program = Program(self.network, recipe(p), adapters, *joined(parts(self.network, data.to_learn(p))))
            read = [parts(self.network, _some(each, place)) for each in self.worlds]
        steps = sorted({round(p.steps * (k / LOOKS) ** 2) for k in range(LOOKS + 1)})
        while True:
            with AT_WORK:
                if program.at in steps:
                    looks.append(_look(program, read))
                if program.at == p.steps:
                    break
                program.step()
        losses, right_new, right_old = (np.stack(each) for each in zip(*looks, strict=True))
        gentle, pace = crossings(losses, right_old, np.array(steps, float))
        return Row(right_new[-1], right_old[-1], gentle, pace, float(right_old[0, 0]), TESTED)


def _look(program: Program, read: list[list[Part]]) -> tuple[Array, Array, Array]:
    """[A] loss on the new world, accuracy there, accuracy on the old one."""
    (new, labels), (old, theirs) = (answers([program], each)[0] for each in read)
    losses = losses_of(new, labels).nan_to_num(nan=EXPLODED).clamp(max=EXPLODED)
    return losses.numpy(), right_share(new, labels), right_share(old, theirs)


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


def _some(read: Labelled, place: int) -> Labelled:
    mine = slice(TESTED * place, TESTED * (place + 1))
    return Labelled(read.pictures[mine], read.labels[mine])

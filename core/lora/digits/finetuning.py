"""One run of the experiment: the trunk once, the program step by step, and what is known at each moment."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.digits.door import AT_WORK
from core.lora.digits import data, spectra
from core.lora.digits.adapters import Adapter, compared
from core.lora.digits.experiment import chosen, preview, shown
from core.lora.digits.layers import cut
from core.lora.digits.merging import merged, unmerged_error
from core.lora.digits.params import Params
from core.lora.digits.program import Program, Recipe
from core.lora.digits.reading import Part, Reader, answers, joined, parts, right_share
from core.lora.digits.result import DigitsResult

Array = np.ndarray

LOOKS = 10  # accuracy points on the way
TESTED = 120  # pictures of each world that they are of
EXPLODED = 1e3  # losses beyond it are not told apart
CHECKED = 50  # pictures on which merged and unmerged are compared


class FineTuning:
    """From the preview to the last number."""

    def __init__(self, p: Params) -> None:
        self.p, self.adapters = p, compared(p)
        self.found = preview(p)
        self.losses: list[Array] = []
        self.points: list[tuple[int, Array, Array]] = []

    def result(self) -> DigitsResult:
        """What is known now."""
        rows = np.array(self.losses, np.float32).reshape(-1, len(self.adapters))
        return replace(
            self.found,
            losses=np.nan_to_num(np.minimum(rows, EXPLODED), nan=EXPLODED),
            shown=np.array([step for step, _, _ in self.points]),
            new=np.array([new for _, new, _ in self.points]),
            old=np.array([old for _, _, old in self.points]),
            tested=TESTED,
        )

    def run(self) -> Iterator[float]:
        """Shares of the work done; after each there is something new in result()."""
        with AT_WORK:
            self._begin()
        yield 0.01
        with AT_WORK:
            program = self._program()
        looks = {round(self.p.steps * k / LOOKS) for k in range(1, LOOKS)}
        while program.at < self.p.steps:
            with AT_WORK:
                self.losses.append(program.step())
                if program.at in looks:
                    self._look(program)
            if program.at in looks:
                yield 0.05 + 0.75 * program.at / self.p.steps
        with AT_WORK:
            self._finish(program)
        yield 1.0

    @torch.no_grad()
    def _begin(self) -> None:
        """The pretrained network on a first part of both worlds: the first point of every curve."""
        p, everyone = self.p, len(self.adapters)
        self.cut = cut(p.network, p.layers)
        self.first = [parts(self.cut, each) for each in (data.to_read(p.world, TESTED), data.old_world(TESTED))]
        self.before = [float(accuracies([self.cut], each)[0][0]) for each in self.first]
        new, old = (np.full(everyone, share) for share in self.before)
        self.points.append((0, new, old))
        told = self.cut.logits(self.cut.trunk(torch.from_numpy(shown(p)[0])))
        self.found = replace(self.found, before=np.array(self.before), read_before=told.argmax(1).numpy())

    def _program(self) -> Program:
        self.learnt = joined(parts(self.cut, data.to_learn(self.p)))
        return Program(self.cut, recipe(self.p), self.adapters, *self.learnt)

    def _look(self, program: Program) -> None:
        """Accuracies of all adapters on the first part of both worlds."""
        new, old = (accuracies([program], each)[0] for each in self.first)
        self.points.append((program.at, new, old))

    def _finish(self, program: Program) -> None:
        """Everything that is of the trained adapters: all pictures, spectra, cut copies, merging."""
        at, updates = chosen(self.p, self.adapters), program.updates()
        full = [each[_number(self.adapters, "full")] for each in updates]
        mine = [each[at] for each in updates]
        ranks = self.found.cut_ranks
        copies = spectra.cut_to(self.cut, full, ranks)
        read = data.to_read(self.p.world), data.old_world()
        final = [accuracies([program, copies, self.cut], parts(self.cut, each)) for each in read]
        self._look(program)
        shares = spectra.captured(spectra.first_gradient(self.cut, *self.learnt), ranks, self.p.seed)
        self.found = replace(
            self.found,
            final_new=final[0][0],
            final_old=final[1][0],
            finally_tested=len(read[0].labels),
            before=np.array([each[2][0] for each in final]),
            spectra=spectra.singular_values(full),
            learnt=spectra.singular_values(mine),
            cut_new=final[0][1],
            cut_old=final[1][1],
            captured=shares.mean,
            captured_error=shares.error,
            **self._merged(program, at, mine),
        )

    @torch.no_grad()
    def _merged(self, program: Program, at: int, mine: list[Tensor]) -> dict[str, Any]:
        """Merged against unmerged, and what the adapter looked at reads in the pictures shown."""
        network, pictures = merged(self.cut, mine), torch.from_numpy(data.to_read(self.p.world, CHECKED).pictures)
        together, apart = network(pictures), program.logits(self.cut.trunk(pictures))[:, at]
        error = float((together - apart).abs().max() / together.abs().max())
        told = program.logits(self.cut.trunk(torch.from_numpy(shown(self.p)[0])))[:, at].argmax(1)
        return {
            "read_after": told.numpy(),
            "merged_error": error if np.isfinite(error) else -1.0,  # of an adapter that has diverged
            "unmerged_error": unmerged_error(self.cut, network, mine),
        }


def recipe(p: Params) -> Recipe:
    """How these parameters ask to train."""
    rate = 10**p.log_learning_rate
    return Recipe(rate, rate * p.full_share, p.alpha, p.steps, p.batch, p.optimiser.kind, p.seed)


def accuracies(readers: Sequence[Reader], several: list[Part]) -> list[Array]:
    """[V] of every reader."""
    return [right_share(logits, labels) for logits, labels in answers(readers, several)]


def _number(adapters: list[Adapter], method: str) -> int:
    return next(i for i, each in enumerate(adapters) if each.method == method)

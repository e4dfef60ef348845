"""From an adapter to pictures, rows of pictures and numbers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from core.digits.door import AT_WORK
from core.guidance.digits.pictures import noise
from core.guidance.digits.result import key_frames
from core.lora.diffusion import adapters, learning
from core.lora.diffusion.adapter import Adapter, written
from core.lora.diffusion.choice import Choice, choice
from core.lora.diffusion.network import Merged, Start, changes, velocity
from core.lora.diffusion.params import RANKS, SCALES, Drawn, Params
from core.lora.diffusion.result import COLUMNS, PicturesResult
from core.lora.diffusion.scoring import scored

LOOKS = 10  # pictures of a style while it is learnt
ROWS = len(SCALES) + len(RANKS)
LEVEL = 1.0  # noise to signal ratio at which merged is compared with unmerged
SMALLEST = 1e-5  # of the largest singular value: what is below is rounding in single precision

Part = tuple[float, PicturesResult]


class Painting:
    """One set of parameters on its way from an adapter to all its pictures."""

    def __init__(self, p: Params, preview: PicturesResult) -> None:
        self.p, self.result = p, preview
        self.start = Start(noise(p.seed, COLUMNS), p.labels(COLUMNS), p.gamma, p.steps)
        with AT_WORK:
            self.merged = Merged()

    def parts(self) -> Iterator[Part]:
        """(fraction done, result so far); the last fraction is 1."""
        learnt: Adapter | None = None
        if isinstance(self.p.style, Drawn):
            for done, known in self._learnt(self.p.style):
                learnt = known
                yield done, self.result
        found = choice(self.p, learnt)
        if learnt is None:
            for done in self._denoised(found.chosen):
                yield done, self.result
        self._measured(found)
        for row in self._rows(found):
            yield 0.6 + 0.4 * row / ROWS, self.result

    def _update(self, **changed: Any) -> None:
        self.result = replace(self.result, **changed)

    def _learnt(self, style: Drawn) -> Iterator[tuple[float, Adapter]]:
        """The adapter while it is learnt: nothing yet, and then LOOKS times."""
        at = learning.Learning(style, self.p.r, self.p.seed)
        films, steps, losses = [self._pictures(at.adapter(), self.p.scale)], [0], list[float]()
        self._update(history=films[0][None].copy(), learnt=np.array(steps))
        yield 0.02, at.adapter()
        every = style.training // LOOKS
        while len(losses) < style.training:
            losses += at.advance(every)
            known = at.adapter()
            films, steps = [*films, self._pictures(known, self.p.scale)], [*steps, len(losses)]
            self._update(history=np.stack(films), learnt=np.array(steps), loss=np.array(losses))
            yield 0.6 * len(losses) / style.training, known
        learning.KEPT.keep((style, self.p.r, self.p.seed), known)
        self._update(adapter=np.frombuffer(written(known), np.uint8).copy())

    def _pictures(self, adapter: Adapter, scale: float) -> np.ndarray:
        """[10, 28, 28] uint8 from the same start."""
        with AT_WORK:
            return self.start.pictures(self.merged.put(adapter, scale))

    def _denoised(self, adapter: Adapter) -> Iterator[float]:
        """The guess of every step."""
        frames = list(self.result.history)
        with AT_WORK:
            model = self.merged.put(adapter, self.p.scale)
            guesses = self.start.guesses(model)
        for step in range(1, self.p.steps + 1):
            with AT_WORK:
                frames.append(next(guesses))
            self._update(history=key_frames(frames))
            yield 0.6 * step / self.p.steps

    def _measured(self, found: Choice) -> None:
        """What the readers see, and the numbers of the adapter."""
        score = scored(self.result.history[-1])
        with AT_WORK:
            ranks = [_rank(each) for each in changes(found.chosen).values()]
            error = self._merged_error(found.chosen)
        self._update(
            style=score.style,
            digit=score.digit,
            spectrum=found.widest.spectrum(),
            rank_kept=found.kept,
            update_rank=max(ranks),
            trained_parameters=found.chosen.parameters,
            merged_error=error,
        )

    def _merged_error(self, adapter: Adapter) -> float:
        """Largest difference of v between merged weights and PEFT's modules, on the pictures at noise level 1."""
        x = torch.from_numpy(((self.result.history[-1] / 127.5 - 1) + LEVEL * self.start.noise) / np.sqrt(1 + LEVEL**2))
        labels = torch.from_numpy(self.start.labels)
        models = self.merged.put(adapter, self.p.scale), adapters.attached(adapter, self.p.scale)
        one, other = (velocity(model, x.float(), LEVEL, labels) for model in models)
        return float((one - other).abs().max())

    def _rows(self, found: Choice) -> Iterator[int]:
        """Every scale at the rank asked for, then every rank at the scale asked for."""
        rows = [("by_scale", found.chosen, scale) for scale in SCALES]
        rows += [("by_rank", found.at_rank[rank], self.p.scale) for rank in RANKS]
        for done, (name, adapter, scale) in enumerate(rows):
            grid = getattr(self.result, name).copy()
            grid[done if name == "by_scale" else done - len(SCALES)] = self._pictures(adapter, scale)
            self._update(**{name: grid})
            yield done + 1


def _rank(change: torch.Tensor) -> int:
    """Of a layer's merged update, by its singular values."""
    values = torch.linalg.svdvals(change.flatten(1))
    return int((values > SMALLEST * values[0]).sum()) if values[0] > 0 else 0

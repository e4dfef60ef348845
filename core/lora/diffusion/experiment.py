"""The digit diffusion model with a LoRA adapter: pictures in another style, at every rank and scale, from the same noise."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.guidance.digits.pictures import noise
from core.guidance.digits.result import quantised
from core.lora.diffusion.choice import wanted
from core.lora.diffusion.params import RANKS, SCALES, Drawn, Params
from core.lora.diffusion.result import COLUMNS, PicturesResult

if TYPE_CHECKING:
    from core.lora.diffusion.painting import Painting


def compute(p: Params) -> Iterator[tuple[float, PicturesResult]]:
    """(fraction done, the pictures so far): the noise, the guess of every step or the style while it is learnt, then the rows.

    Deterministic in p. Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    yield 0.0, preview(p)
    yield from start(p).parts()


def start(p: Params) -> "Painting":
    """The part that needs torch."""
    from core.lora.diffusion.painting import Painting  # noqa: PLC0415  torch takes seconds; the preview does not wait for it

    return Painting(p, preview(p))


def preview(p: Params) -> PicturesResult:
    """The noise alone: nothing is loaded, nothing read."""
    pictures = quantised(noise(p.seed, COLUMNS) / 3)
    empty, numbers = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)
    return PicturesResult(
        history=pictures[None].copy(),
        learnt=numbers.copy(),
        loss=np.zeros(0),
        by_scale=np.stack([pictures] * len(SCALES)),
        by_rank=np.stack([pictures] * len(RANKS)),
        asked=p.labels(COLUMNS),
        wanted=wanted(p),
        style=numbers.copy(),
        digit=numbers.copy(),
        drawings=quantised(p.style.pictures()[0]) if isinstance(p.style, Drawn) else empty,
        spectrum=np.zeros((0, 0)),
        rank_kept=p.r,
        update_rank=0,
        trained_parameters=0,
        merged_error=-1.0,
        adapter=np.zeros(0, np.uint8),
    )


def warm() -> None:
    """Import what is heavy, load every network and draw a few pictures, so that the first visitor does not wait for it."""
    for _, _ in zip(range(2), compute(Params(seed=1, steps=5)), strict=False):
        pass

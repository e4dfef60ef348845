"""Your own diffusion model, or the shipped digits, guided in several ways from one seed, side by side with what each costs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.guidance.digits.pictures import noise
from core.guidance.digits.result import quantised
from core.guidance.pipeline import params
from core.guidance.pipeline.folder import Named
from core.guidance.pipeline.host import named
from core.guidance.pipeline.methods import FAMILIES
from core.guidance.pipeline.result import PipelineResult, shrunk

if TYPE_CHECKING:
    from core.guidance.pipeline.drawing import Drawing

Array = np.ndarray
GREY = 128
EMPTY_SIDE = 64  # of the grey picture that stands where none is drawn yet

Params: type[params.Params] = params.params_for(named())


def compute(p: params.Params) -> Iterator[tuple[float, PipelineResult]]:
    """(fraction done, the pictures so far): the noise first, then a method at a time, the plain conditional model first.

    Deterministic in p but for `seconds`. Raises core.digits.manifest.DamagedAssetError where a shipped file is altered.
    """
    return drawn(p, named())


def drawn(p: params.Params, pipeline: Named | None) -> Iterator[tuple[float, PipelineResult]]:
    """The same with this pipeline in the place of the host's."""
    yield 0.0, preview(p, pipeline)
    yield from _start(p, pipeline).parts()


def warm() -> None:
    """Import what is heavy, load the digits and draw one, so that the first visitor does not wait for it."""
    *_, _last = drawn(params.Params(count=1, steps=5, family="cfg"), None)


def preview(p: params.Params, pipeline: Named | None) -> PipelineResult:
    """Before anything is loaded."""
    methods = FAMILIES[p.family]
    nothing, rows = np.zeros(0), np.zeros((0, 0))
    return PipelineResult(
        methods=[method.value for method in methods],
        pictures=np.stack([blank(p, pipeline)] * len(methods)),
        levels=nothing,
        length=rows,
        length_theory=rows.copy(),
        push=np.zeros((0, 2)),
        push_theory=np.zeros((0, 2)),
        contrast=nothing.copy(),
        overshoot=nothing.copy(),
        moved=nothing.copy(),
        evaluations=nothing.copy(),
        asked=[],
        read=np.zeros((0, 0), np.int64),
        seconds=[],
    )


def blank(p: params.Params, pipeline: Named | None) -> Array:
    """[n, 28, 28] the noise of the digits, or [n, h, w, 3] grey, as large as pictures will be shown."""
    if isinstance(p.model, params.Digits):
        return quantised(noise(p.seed, p.count) / 3)
    side = pipeline.side if pipeline else EMPTY_SIDE
    return shrunk(np.full((p.count, side, side, 3), GREY, np.uint8))


def _start(p: params.Params, pipeline: Named | None) -> "Drawing":
    """The part that needs torch."""
    from core.guidance.pipeline.drawing import Drawing  # noqa: PLC0415  torch takes seconds; the preview does not wait for it

    return Drawing(p, pipeline, blank(p, pipeline))

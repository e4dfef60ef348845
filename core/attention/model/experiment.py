"""Experiment attention_model: noise in a trained character model, where it hurts and where it does not."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.attention.model.params import Measured, Params
from core.attention.model.result import CONDITIONS, COPIES, GRID, PLACES, ModelResult
from core.attention.model.shape import LENGTH
from core.attention.model.text import scene
from core.digits.door import AT_WORK

EVERY = 20  # characters that are written between two parts
EARLY = 0.3  # of the way, when the text is written
SHOWN = 4  # times that the curves are drawn anew


def compute(p: Params) -> Iterator[tuple[float, ModelResult]]:
    """(fraction done, what is known): heads, maps and the first windows of the curves; the text; all windows.

    All randomness is p.seed's. Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    from core.attention.model.curve import curves  # noqa: PLC0415  torch takes seconds
    from core.attention.model.weights import network  # noqa: PLC0415
    from core.attention.model.writing import written  # noqa: PLC0415

    with AT_WORK:
        model, text = network(p.scale.value), measured_text(p)
        r = alone(p)
        walk = curves(model, text, p)
        clean, noisy = next(walk)
    r = replace(r, clean=clean, noisy=noisy)
    yield 0.1, r
    pen = written(model, p)
    for begin in range(0, p.written, EVERY):
        with AT_WORK:
            for _ in range(min(EVERY, p.written - begin)):
                codes = next(pen)
        r = replace(r, written=np.ascontiguousarray(codes.numpy().astype(np.uint8)))
        yield 0.1 + EARLY * r.written.shape[2] / p.written, r
    whole = max(len(text) // LENGTH, 1)
    while len(r.clean) < whole:
        wanted = min(len(clean) + max(whole // SHOWN, 1), whole)
        while len(clean) < wanted:
            with AT_WORK:
                clean, noisy = next(walk)
        r = replace(r, clean=clean, noisy=noisy)
        if len(r.clean) < whole:
            yield 0.4 + 0.6 * len(r.clean) / whole, r
    yield 1.0, r


def measured_text(p: Params) -> str:
    """Whose perplexity is measured."""
    return p.text if p.measured is Measured.OWN else scene()[: p.characters]


def alone(p: Params) -> ModelResult:
    """Heads and maps; no losses, nothing written."""
    from core.attention.model.heads import errors  # noqa: PLC0415
    from core.attention.model.maps import maps  # noqa: PLC0415
    from core.attention.model.noise import Place, sizes  # noqa: PLC0415
    from core.attention.model.weights import network  # noqa: PLC0415
    from core.attention.model.windows import windows  # noqa: PLC0415

    model = network(p.scale.value)
    found = errors(model, windows(measured_text(p))[0], p)
    before, after, read = maps(model, p)
    return ModelResult(
        clean=np.zeros(0),
        noisy=np.zeros((len(PLACES), len(GRID) + 1, 0)),
        strength=p.strength,
        measured=found.measured,
        measured_stderr=found.stderr,
        leading=found.leading,
        exact=found.exact,
        entropy=found.entropy,
        concentration=found.concentration,
        deviation=sizes(model.scaling)[Place.LOGITS][..., 0, 0].numpy().astype(float),
        layer=p.layer - 1,
        head=p.head - 1,
        before=before,
        after=after,
        read=read,
        written=np.zeros((len(CONDITIONS), COPIES, 0), np.uint8),
    )


def warm() -> None:
    """Import what is heavy and compute the first part once, so that the first visitor does not wait for it."""
    next(compute(Params(characters=256)))

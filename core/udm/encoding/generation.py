"""From noise to digits, and from one digit to another."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.udm.encoding.params import Interpolate, Params, Predictor, Sample
from core.udm.encoding.reconstruction import DIMENSIONS, held_out
from core.udm.encoding.result import PIXELS, UNKNOWN, EncodeResult, quantised
from core.udm.encoding.sampling import Way, great_circle, noised, straight_way, strengths, walk, without_grain
from core.udm.encoding.shipped import digits, nearest_row
from core.udm.rules import Partial

Array = np.ndarray

COUNT = 24  # samples
FRAMES = 5
WAYS = ("pixels", "straight_way", "great_circle")
PLACES = 8  # on the way from one digit to another
WAY_STEPS = 6  # back from the noise of such a place


def sampled(p: Params, task: Sample) -> Iterator[tuple[float, EncodeResult]]:
    """(fraction done, the samples so far): first the mean digit, which is all that noise tells."""
    average = quantised(np.tile(digits().principal.mean, (COUNT, 1)))
    row = nearest_row(p.model.value, task.predictor.value, task.steps, task.fresh)
    first = _nothing("sample", average, ["made"], 1.0, row)
    yield 0.0, first
    yield from _walked(first, p, task)


def _walked(first: EncodeResult, p: Params, task: Sample) -> Iterator[tuple[float, EncodeResult]]:
    from core.digits.judge import judged  # noqa: PLC0415  torch takes seconds; the first picture does not wait for it
    from core.udm.encoding.models import encoding  # noqa: PLC0415

    model, rng, levels = encoding(p.model), np.random.default_rng((p.seed, 4)), strengths(task.steps)
    x = rng.standard_normal((COUNT, DIMENSIONS), np.float32)
    way, frames = without_grain(Partial(fresh=task.fresh), task.predictor), list[Array]()
    for step, x0 in enumerate(walk(model, x, levels, way, rng), 1):
        frames.append(quantised(x0))
        shown = np.unique(np.linspace(0, step - 1, FRAMES).round().astype(int))
        now = replace(
            first,
            frames=np.stack([frames[i] for i in shown]),
            moments=levels[shown].tolist(),
            judge=judged(frames[-1] / 127.5 - 1).probabilities,
            codes=model.encode(x0),
        )
        yield step / task.steps, now


def interpolated(p: Params, task: Interpolate) -> Iterator[tuple[float, EncodeResult]]:
    """(fraction done, the ways so far): first the way through pixels, which needs no network."""
    ends = held_out(p.seed, task.first), held_out(p.seed, task.second, int(task.first == task.second))
    pixels = straight_way(*ends, PLACES)
    empty = np.full((2 * PLACES, PIXELS), -1.0)
    first = _nothing("interpolate", quantised(np.concatenate([pixels, empty])), list(WAYS), task.t, {})
    yield 0.0, first
    yield 1.0, _through_codes(first, p, ends, pixels)


def _through_codes(first: EncodeResult, p: Params, ends: tuple[Array, Array], pixels: Array) -> EncodeResult:
    """Codes on the two ways, all with the same noise of strength t, and back by the invertible rule."""
    from core.digits.judge import judged  # noqa: PLC0415
    from core.udm.encoding.models import encoding  # noqa: PLC0415

    model, rng = encoding(p.model), np.random.default_rng((p.seed, 5))
    one, other = model.encode(np.stack(ends)).astype(np.float64)
    codes = np.concatenate([way(one, other, PLACES) for way in (straight_way, great_circle)]).astype(np.float32)
    x = noised(codes, rng.standard_normal((1, DIMENSIONS), np.float32), first.t).astype(np.float32)
    *_, made = walk(model, x, strengths(WAY_STEPS, first.t), Way(Partial(fresh=0.0), Predictor.MEAN), rng)
    frame = quantised(np.concatenate([pixels, made]))
    return replace(first, frames=frame[None], judge=judged(frame / 127.5 - 1).probabilities, codes=codes)


def _nothing(task: str, frame: Array, rows: list[str], t: float, table: dict[str, float]) -> EncodeResult:
    """Pictures that no network has seen yet."""
    return EncodeResult(
        task=task,
        frames=frame[None],
        moments=[],
        rows=rows,
        labels=[],
        errors=np.zeros((0, 0)),
        judge=np.zeros((0, 10), np.float32),
        codes=np.zeros((0, DIMENSIONS), np.float32),
        t=t,
        nats=np.zeros(0),
        straight_error=UNKNOWN,
        table=table,
    )

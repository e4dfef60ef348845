"""Encode, add noise, decode: a network's q beside the best straight model and the mean digit."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.digits import sketch
from core.udm.encoding.levels import signal_to_noise
from core.udm.encoding.linear import allocate, reconstruct
from core.udm.encoding.params import Drawing, Params, Predictor, Reconstruct
from core.udm.encoding.result import PIXELS, UNKNOWN, EncodeResult, quantised
from core.udm.encoding.sampling import noised
from core.udm.encoding.shipped import digits

if TYPE_CHECKING:
    from core.udm.encoding.models import Encoding

Array = np.ndarray

DIMENSIONS = 32  # of the codes
SHOWN = 8  # digits, of as many classes; or noises that a drawing is shown under
ROWS = ("original", "mean", "part_1", "part_2", "straight", "average")


def reconstructed(p: Params, task: Reconstruct | Drawing) -> Iterator[tuple[float, EncodeResult]]:
    """(fraction done, the pictures so far): first what needs no network, then all."""
    x0, labels = _originals(p, task)
    eps = np.random.default_rng((p.seed, 1)).standard_normal((len(x0), DIMENSIONS), np.float32)
    straight, error = _straight(x0, eps, task.t)
    average = np.tile(digits().principal.mean, (len(x0), 1))
    empty = np.full_like(x0, -1)
    first = EncodeResult(
        task=task.kind,
        frames=quantised(np.concatenate([x0, empty, empty, empty, straight, average]))[None],
        moments=[],
        rows=list(ROWS),
        labels=labels,
        errors=np.zeros((0, len(x0))),
        judge=np.zeros((0, 10), np.float32),
        codes=np.zeros((0, DIMENSIONS), np.float32),
        t=task.t,
        nats=np.zeros(0),
        straight_error=error if isinstance(task, Reconstruct) else UNKNOWN,
        table={},
    )
    yield 0.0, first
    yield 1.0, _answered(first, p, x0, eps, straight, average)


def _answered(first: EncodeResult, p: Params, x0: Array, eps: Array, straight: Array, average: Array) -> EncodeResult:
    """With the network's rows."""
    from core.digits.judge import judged  # noqa: PLC0415  torch takes seconds; the first pictures do not wait for it
    from core.udm.encoding.models import encoding  # noqa: PLC0415

    model: Encoding = encoding(p.model)
    code, rng = model.encode(x0), np.random.default_rng((p.seed, 2))
    belief = model.believe(noised(code, eps, first.t), first.t)
    parts = [belief.predicted(Predictor.PART, rng) for _ in range(2)]
    rows = np.stack([x0, belief.mean(), *parts, straight, average])
    frame = quantised(rows.reshape(-1, PIXELS))
    return replace(
        first,
        frames=frame[None],
        errors=np.square(rows - x0).mean(2, dtype=np.float64),
        judge=judged(frame / 127.5 - 1).probabilities,
        codes=code,
        nats=belief.nats(x0),
    )


def _originals(p: Params, task: Reconstruct | Drawing) -> tuple[Array, list[int]]:
    """x_0 [n, 784] and the digits that they are: of classes that the seed chose, or one drawing, whose digit nobody knows."""
    if isinstance(task, Drawing):
        return np.tile(sketch.picture(task.drawing).reshape(1, -1), (SHOWN, 1)), []
    chosen = np.sort(np.random.default_rng((p.seed, 6)).permutation(10)[:SHOWN]).tolist()
    return np.stack([held_out(p.seed, digit) for digit in chosen]), chosen


def held_out(seed: int, digit: int, which: int = 0) -> Array:
    """[784] a digit of this class that nothing was trained on; another `which` is another one."""
    pool = digits().held_out[digit]
    return pool[np.random.default_rng((seed, 3, digit)).permutation(len(pool))[which]]


def _straight(x0: Array, eps: Array, t: float) -> tuple[Array, float]:
    """Best straight reconstruction [n, 784] through as much noise, and its expected error of a pixel in closed form."""
    principal, ratio = digits().principal, signal_to_noise(t)
    best = allocate(principal.variances, ratio, DIMENSIONS)
    return reconstruct(principal, x0, best, ratio, eps).astype(np.float32), best.error / PIXELS

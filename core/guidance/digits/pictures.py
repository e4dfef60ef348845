"""The face of the experiment: an iterator over ever better pictures. Torch is first imported after the preview."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.guidance.digits import standard
from core.guidance.digits.params import Mix, Params
from core.guidance.digits.result import PicturesResult, quantised

if TYPE_CHECKING:
    from core.guidance.digits.drawing import Drawing

CLASSES, FEATURES = 10, 64


def compute(p: Params) -> Iterator[tuple[float, PicturesResult]]:
    """(fraction done, the pictures so far): first the noise, then the guess of every step; the last fraction is 1.

    Deterministic in p: picture i has its own random numbers, whatever the count.
    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    yield 0.0, preview(p)
    drawing = start_drawing(p)
    for step, guess in enumerate(drawing.guesses(), 1):
        yield step / p.steps, drawing.result(guess)


def warm() -> None:
    """Import what is heavy, load every network and draw one picture, so that the first visitor does not wait for it."""
    start_drawing(Params(count=1)).finished()
    start_drawing(Params(count=1, method="similarity")).finished()


def start_drawing(p: Params) -> "Drawing":
    """The part that needs torch."""
    from core.guidance.digits.drawing import Drawing  # noqa: PLC0415  torch takes seconds; the preview does not wait for it

    return Drawing(p)


def preview(p: Params) -> PicturesResult:
    """The noise alone: nothing is loaded, nothing judged."""
    pictures = quantised(noise(p.seed, p.count) / 3)
    return PicturesResult(
        pictures=pictures,
        history=pictures[None].copy(),
        asked=asked(p),
        judge=np.zeros((0, CLASSES), np.float32),
        features=np.zeros((0, FEATURES), np.float32),
        likeness=np.zeros(0, np.float32),
        usual_likeness=0.0,
        nearest=np.zeros((0, 28, 28), np.uint8),
        nearest_label=np.zeros(0, np.int64),
        nearest_distance=np.zeros(0, np.float32),
        usual_distance=0.0,
        evaluations=0,
        table=standard.row(p),
    )


def noise(seed: int, count: int, first: int = 0) -> np.ndarray:
    """[count, 28, 28] float32, what pictures first, first + 1 ... begin with; picture i is the same for any count."""
    return np.stack([rng.standard_normal((28, 28), np.float32) for rng in generators(seed, count, first)])


def generators(seed: int, count: int, first: int = 0) -> list[np.random.Generator]:
    """Every picture's own source of random numbers."""
    return [np.random.default_rng((seed, first + i)) for i in range(count)]


def asked(p: Params) -> np.ndarray:
    """[n, 10] share asked of each digit; zeros where any will do."""
    digit, shares = p.digit, np.zeros((p.count, CLASSES), np.float32)
    if isinstance(digit, Mix):
        shares[:, digit.first] += 1 - digit.share
        shares[:, digit.second] += digit.share
    elif digit.kind == "all":
        shares[np.arange(p.count), np.arange(p.count) % CLASSES] = 1
    elif digit.kind != "any":
        shares[:, int(digit.kind)] = 1
    return shares

"""Experiment lora_digits: a recogniser of digits meets a new world. Torch is first imported after the preview."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from core.digits.data import split
from core.lora import accounts
from core.lora.digits.adapters import Adapter, compared
from core.lora.digits.params import RANKS, Params, names, sizes
from core.lora.digits.result import DigitsResult
from core.lora.digits.worlds import Alphabet
from core.lora.flat import MOMENTS

if TYPE_CHECKING:
    from core.lora.digits.finetuning import FineTuning

Array = np.ndarray

SHOWN = 16  # pictures on screen
BYTES = 4  # of a number in the optimiser's state: single precision


def compute(p: Params) -> Iterator[tuple[float, DigitsResult]]:
    """(fraction done, the result so far): pictures alone, accuracy of the pretrained network, then of adapters as they learn.

    Deterministic in p. Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    yield 0.0, preview(p)
    tuning = start(p)
    for done in tuning.run():
        yield done, tuning.result()


def start(p: Params) -> "FineTuning":
    """The part that needs torch."""
    from core.lora.digits.finetuning import FineTuning  # noqa: PLC0415  torch takes seconds; the preview does not wait for it

    return FineTuning(p)


def warm() -> None:
    """Import what is heavy and train for a moment, so that the first visitor does not wait for it."""
    list(islice(compute(Params(steps=20, examples=50, layers="head")), 3))


def preview(p: Params) -> DigitsResult:
    """Pictures of the new world and what every adapter costs: nothing is loaded, nothing trained."""
    adapters, (pictures, labels) = compared(p), shown(p)
    nothing, none = np.zeros((0, len(adapters))), np.zeros(0, int)
    return DigitsResult(
        methods=[each.method for each in adapters],
        ranks=np.array([each.rank for each in adapters]),
        chosen=chosen(p, adapters),
        trained=np.array([trained(p, each) for each in adapters]),
        state=np.array([BYTES * MOMENTS[p.optimiser.kind] * trained(p, each) for each in adapters]),
        pictures=quantised(pictures),
        labels=labels,
        read_before=none,
        read_after=none.copy(),
        losses=nothing.astype(np.float32),
        shown=none.copy(),
        new=nothing,
        old=nothing.copy(),
        tested=0,
        final_new=np.zeros(0),
        final_old=np.zeros(0),
        finally_tested=0,
        before=np.full(2, -1.0),
        layers=list(names(p.layers)),
        sizes=sizes(p.network, p.layers),
        spectra=np.zeros((0, 0)),
        learnt=np.zeros((0, 0)),
        cut_ranks=np.array(sorted({*RANKS, p.rank})),
        cut_new=np.zeros(0),
        cut_old=np.zeros(0),
        captured=np.zeros((0, 0)),
        captured_error=np.zeros((0, 0)),
        merged_error=-1.0,
        unmerged_error=-1.0,
    )


def trained(p: Params, each: Adapter) -> int:
    """Numbers that the optimiser moves at a time, over the adapted layers."""
    name = "lora" if each.method == "parallel" else each.method  # side by side: one product of the rank of all
    return sum(accounts.trained(name, int(n), int(m), each.at_once) for n, m in sizes(p.network, p.layers))


def chosen(p: Params, adapters: list[Adapter]) -> int:
    """Which of them is looked at."""
    return next(i for i, each in enumerate(adapters) if (each.method, each.rank) == (p.method.kind, p.rank))


def shown(p: Params) -> tuple[Array, Array]:
    """(pictures [SHOWN, 28, 28] of the new world that nobody learns from, labels), drawn by the seed."""
    if isinstance(p.world, Alphabet):
        labels = np.arange(SHOWN) % len(p.world.NAMES)
        return p.world.of("test")[labels], labels
    digits = split("test")
    rows = np.random.default_rng((p.seed, 4)).permutation(len(digits.labels))[:SHOWN]
    return p.world.of(digits.pictures[rows]), digits.labels[rows]


def quantised(pictures: Array) -> Array:
    """[..., 28, 28] in [-1, 1] -> uint8, 255 is ink."""
    return np.round(np.clip(pictures + 1, 0, 2) * 127.5).astype(np.uint8)

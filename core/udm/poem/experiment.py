"""Experiment udm_text_poem: lines of five characters come back out of holes or wrong characters, by a trained network."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.udm.poem.lines import CODE, HOLE, LENGTH, SIZE, split, vocabulary
from core.udm.poem.measured import measured
from core.udm.poem.params import Edit, Params
from core.udm.poem.result import PoemResult

if TYPE_CHECKING:
    from core.udm.poem.drawing import Drawing

Array = np.ndarray


def compute(p: Params) -> Iterator[tuple[float, PoemResult]]:
    """(fraction done, the lines so far): first x_T, then every step; the last fraction is 1. All randomness is p.seed's.

    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    start = started(p)
    yield 0.0, result(p, [start])
    drawing, path = start_drawing(p), [start]
    for done, states in drawing.steps(start):
        path.append(states)
        yield done, result(p, path)
    yield 1.0, drawing.scored(result(p, path))


def start_drawing(p: Params) -> "Drawing":
    """The part that needs torch."""
    from core.udm.poem.drawing import Drawing  # noqa: PLC0415  torch takes seconds; the first picture does not wait for it

    return Drawing(p)


def warm() -> None:
    """Import what is heavy and draw once, so that the first visitor does not wait for it."""
    for _ in compute(Params(places=LENGTH)):
        pass


def given(p: Params) -> Array:
    """[l] characters that are given, HOLE for the others."""
    return vocabulary().coded(p.given)


def started(p: Params, count: int = 0) -> Array:
    """[count or p.count, l] x_T: holes, or characters of which each of the SIZE is as likely; what is given stands."""
    start = np.tile(given(p), (count or p.count, 1))
    if not isinstance(p.corruption, Edit):
        return start
    lot = np.random.default_rng((p.seed, 0)).integers(0, SIZE, start.shape, dtype=CODE)
    return np.where(start == HOLE, lot, start)


def by_frequency(p: Params) -> Array:
    """[n, l] characters by how often they stand at their place in the training lines; what is given stands."""
    chosen = np.random.default_rng((p.seed, 1)).integers(0, len(split("train").lines), (p.count, LENGTH))
    lot = split("train").lines[chosen, np.arange(LENGTH)]
    return np.where(given(p) == HOLE, lot, given(p)).astype(CODE)


def result(p: Params, path: list[Array]) -> PoemResult:
    """Not scored."""
    table, nothing = measured(), np.zeros(0)
    shares = {f"perplexity_{name}": pair[0] for name, pair in table["perplexity"].items()}
    distance = float(np.dot(table["distances"], np.arange(LENGTH + 1)))
    counts = np.array(table["counts"], float)
    return PoemResult(
        walks=np.stack(path, 1),
        by_frequency=by_frequency(p),
        log_p=nothing.copy(),
        log_p_back=nothing.copy(),
        log_p_frequency=nothing.copy(),
        nearest=np.zeros((0, LENGTH), CODE),
        distance=np.zeros(0, np.int64),
        edges=np.array(table["edges"]),
        held_out=counts / counts.sum(),
        table=shares | {"log_p": table["log_p"][0], "order_gap": table["order_gap"], "distance": distance},
    )

"""Texts that people rated in pairs, and what a sentence encoder makes of each: computed once, shipped as whole numbers.

One file: `features` [N, 2, 384] int8 times `steps` [N, 2] are unit vectors of two layers (core.cosent.train.encoder.LAYERS),
`<task>_pairs` [P, 2] and `<task>_score` [P] in [0, 1] who was rated and how; the texts themselves are in its header.
"""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from safetensors import safe_open

from core.digits.manifest import verified

Array = np.ndarray

FILE = "cosent/texts.safetensors"
TASKS = ("lee", "wordsim", "simlex")
MADE_UP = "example"  # the pairs that show the form of a file


@dataclass(frozen=True, eq=False)
class Rated:
    """P pairs out of N texts; labels are in [0, 1]."""

    texts: tuple[str, ...]  # N, as they are shown
    features: Array | None  # [N, D] float32, unit vectors; None before texts of one's own are read
    first: Array  # [P] number of a text
    second: Array  # [P]
    label: Array  # [P]

    def cosines(self) -> Array:
        """[P] the encoder's own score of every pair."""
        assert self.features is not None
        return (self.features[self.first] * self.features[self.second]).sum(1).astype(float)


@dataclass(frozen=True, eq=False)
class Shipped:
    """The whole file."""

    texts: tuple[str, ...]
    features: Array  # [N, 2, 384] float32
    pairs: dict[str, Array]  # of every task
    scores: dict[str, Array]


@cache
def shipped() -> Shipped:
    """Raises DamagedAssetError where the file is not as it was made."""
    with safe_open(verified(FILE), "numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
        texts = tuple(json.loads(file.metadata()["texts"]))
    features = unit(arrays["features"].astype(np.float32) * arrays["steps"][..., None])
    names = (*TASKS, MADE_UP)
    pairs = {name: arrays[f"{name}_pairs"].astype(np.int64) for name in names}
    return Shipped(texts, features, pairs, {name: arrays[f"{name}_score"].astype(float) for name in names})


@cache
def known() -> dict[str, int]:
    """Text -> its row, of all whose features ship; of documents only the beginning is here, so they are not known."""
    every = shipped()
    whole = sorted({int(row) for name in (*TASKS[1:], MADE_UP) for row in every.pairs[name].ravel()})
    return {every.texts[row]: row for row in whole}


def rated(task: str, layer: int) -> Rated:
    """A task that ships; layer: 0 or 1, place in LAYERS."""
    every = shipped()
    rows, places = np.unique(every.pairs[task], return_inverse=True)
    first, second = places.reshape(-1, 2).T
    texts = tuple(every.texts[row] for row in rows)
    return Rated(texts, every.features[rows, layer].copy(), first.copy(), second.copy(), every.scores[task])


def unit(x: Array) -> Array:
    """[..., D] of length 1."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def quantised(x: Array) -> tuple[Array, Array]:
    """(int8 [..., D], step [...] float32) of vectors: the largest number becomes 127."""
    step = np.abs(x).max(-1) / 127
    return np.round(x / step[..., None]).astype(np.int8), step.astype(np.float32)

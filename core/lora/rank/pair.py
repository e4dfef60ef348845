"""Two files of one network, before and after: which layers changed, read and decomposed one at a time."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.digits import manifest
from core.lora.rank.decomposition import Decomposition, decompose
from core.lora.rank.weights import LARGEST, ROUNDING, Entry, Weights, WeightsError, opened

Array = np.ndarray

FILE = "diffusion_pytorch_model.safetensors"
SMALLEST = 1 / LARGEST  # a difference whose largest entry is below it is none
SHIPPED = {  # before, after
    "longer": ("weak_denoiser", "denoiser"),  # one training, after 700 and after 9000 steps
    "apart": ("classifier", "encoder"),  # one architecture, trained from two starts for two tasks
}


@dataclass(frozen=True, eq=False)
class Layer:
    """What happened to one matrix. decomposition: None where nothing did.

    rounding: singular values below it may come from the rounding of the stored numbers.
    """

    name: str
    shape: tuple[int, ...]  # as stored
    decomposition: Decomposition | None
    before_norm: float
    rounding: float

    @property
    def sides(self) -> tuple[int, int]:
        return self.shape[0], int(np.prod(self.shape[1:]))


class Pair:
    """The layers of both files, in the order of the first; those that were looked at are remembered where `keeps`."""

    def __init__(self, before: Weights, after: Weights, keeps: bool = True) -> None:
        """Raises WeightsError where a matrix is missing on one side or has two shapes.

        Two files with one matrix each are a pair whatever the matrices are called.
        """
        self.before, self.after, self.keeps = before, after, keeps
        self.names = _matched(before, after)
        self.modules = tuple(sorted({name.rpartition(".")[0] for name in after.entries}))
        self._known: dict[int, Layer] = {}

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_known(self) -> bool:
        """Whether every layer is remembered."""
        return len(self._known) == len(self)

    def work(self, i: int) -> int:
        """Multiplications that layer i needs, roughly."""
        entry = self.after.matrices[self.names[i][1]]
        return entry.rows * entry.columns * min(entry.rows, entry.columns)

    def layer(self, i: int) -> Layer:
        """Raises WeightsError where a number is not finite."""
        found = self._known.get(i) or self._read(i)
        if self.keeps:
            self._known[i] = found
        return found

    def differs(self) -> bool:
        """Whether any matrix does."""
        return any(np.abs(self._both(i)[1]).max() > SMALLEST for i in range(len(self)))

    def _both(self, i: int) -> tuple[Array, Array]:
        """(before, after minus before), [rows, columns] float64."""
        first, second = self.names[i]
        old = self.before.matrix(first)
        return old, self.after.matrix(second) - old

    def _read(self, i: int) -> Layer:
        first, second = self.names[i]
        old, change = self._both(i)
        entries = self.before.matrices[first], self.after.matrices[second]
        moved = float(np.abs(change).max()) > SMALLEST
        norms = float(np.linalg.norm(old)), float(np.linalg.norm(old + change))
        found = decompose(change) if moved else None
        return Layer(second, entries[1].shape, found, norms[0], _rounding(entries, norms))


def _rounding(entries: tuple[Entry, Entry], norms: tuple[float, float]) -> float:
    """Largest singular value of the rounding of both files, taken as noise.

    An error uniform within u times each number has the variance u^2 w^2 / 3; the edge of such noise is as of a random matrix.
    """
    errors = [ROUNDING[entry.kind] * norm for entry, norm in zip(entries, norms, strict=True)]
    size = np.linalg.norm(errors) / np.sqrt(3)
    return float(size * (1 / np.sqrt(entries[0].rows) + 1 / np.sqrt(entries[0].columns)))


def _matched(before: Weights, after: Weights) -> list[tuple[str, str]]:
    """Names of the same matrix in both files."""
    one, other = before.matrices, after.matrices
    if len(one) == len(other) == 1:
        names = [(next(iter(one)), next(iter(other)))]
    else:
        for mine, theirs, side in ((one, other, "after"), (other, one, "before")):
            if missing := [name for name in mine if name not in theirs]:
                message = f"should hold the same matrices as the other file: {missing[0]} is missing in {side}"
                raise WeightsError("weights_missing", message, side, f"{missing[0]} ({len(missing)})")
        names = [(name, name) for name in one]
    for first, second in names:
        if one[first].shape != other[second].shape:
            shapes = f"{list(one[first].shape)}", f"{list(other[second].shape)}"
            message = f"should have the shape {shapes[0]} that {first} has before"
            raise WeightsError("weights_shape", message, f"{first} {shapes[0]}", f"{second} {shapes[1]}")
    return names


@lru_cache(maxsize=2)
def given(before: str, after: str) -> Pair:
    """Of two files as letters.

    Raises WeightsError; also where nothing differs.
    """
    pair = Pair(opened(before), opened(after))
    if not pair.differs():
        message = "should differ from the other file: no matrix changed, so no adapter is needed"
        raise WeightsError("weights_same", message, "a difference", f"{len(pair)} equal matrices")
    return pair


@lru_cache(maxsize=len(SHIPPED))
def shipped(kind: str) -> Pair:
    """Of two networks that ship.

    Raises core.digits.manifest.DamagedAssetError where one is missing or altered.
    """
    before, after = (manifest.verified(f"digits/{name}/{FILE}") for name in SHIPPED[kind])
    return Pair(Weights(before.read_bytes()), Weights(after.read_bytes()))

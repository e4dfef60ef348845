"""A difference whose truth is known: a few planted directions and noise."""

from dataclasses import dataclass

import numpy as np

from core.lora.rank import noise
from core.lora.rank.decomposition import decompose
from core.lora.rank.pair import Layer
from core.lora.rank.weights import ROUNDING

Array = np.ndarray

NAME = "planted.weight"
NOTHING = 1e-12  # noise, of the first singular value, that counts as none


@dataclass(frozen=True)
class Plant:
    """r planted singular values i^-decay in [rows, columns]; noise: its sigma sqrt(longer side), 1 is the first of them."""

    rows: int
    columns: int
    rank: int
    decay: float
    noise: float

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def sigma(self) -> float:
        return self.noise / float(np.sqrt(max(self.shape)))

    @property
    def strengths(self) -> Array:
        """[r] singular values of the signal, absolute."""
        return np.arange(1.0, min(self.rank, *self.shape) + 1) ** -self.decay

    @property
    def visible(self) -> int:
        """How many of them leave a trace."""
        return int(np.sum(self.strengths > noise.visible(noise.beta(self.shape)) * self.noise))


def difference(plant: Plant, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """(D [rows, columns], planted left directions [rows, r], right ones [columns, r])."""
    count = len(plant.strengths)
    left, right = (np.linalg.qr(rng.standard_normal((side, count)))[0] for side in plant.shape)
    return (left * plant.strengths) @ right.T + plant.sigma * rng.standard_normal(plant.shape), left, right


def layer(plant: Plant, seed: int) -> Layer:
    """As if it had been read from two files in double precision, the first of them zero."""
    D, _, _ = difference(plant, np.random.default_rng(seed))
    found = decompose(D)
    rounding = ROUNDING["F64"] * found.norm * (1 / np.sqrt(plant.rows) + 1 / np.sqrt(plant.columns))
    return Layer(NAME, plant.shape, found, 0.0, float(rounding))


def spectrum(plant: Plant) -> Array:
    """[min(rows, columns)] what theory expects to see: visible directions where they are seen, then pure noise."""
    count, ratio = min(plant.shape), noise.beta(plant.shape)
    if plant.noise < NOTHING:
        return np.concatenate([plant.strengths, np.zeros(count - len(plant.strengths))])
    seen = noise.observed(plant.strengths[: plant.visible] / plant.noise, ratio)
    return plant.noise * np.concatenate([seen, noise.expected(count - plant.visible, ratio)])

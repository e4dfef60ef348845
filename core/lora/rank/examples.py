"""Two small files, for those who have none at hand and as the form of a file: a dense layer and a convolution, made up.

The dense layer moved along two directions and a little noise, the convolution along one; the bias is no matrix.
"""

from base64 import b64encode

import numpy as np
from safetensors.numpy import save

SHAPES: dict[str, tuple[int, ...]] = {"dense.weight": (16, 24), "dense.bias": (16,), "convolution.weight": (8, 4, 3, 3)}
RANKS = {"dense.weight": 2, "convolution.weight": 1}
NOISE = 0.02


def _files() -> tuple[str, str]:
    rng = np.random.default_rng(9590)
    before = {name: rng.standard_normal(shape) / np.sqrt(np.prod(shape[1:])) for name, shape in SHAPES.items()}
    after = {name: weight + _change(name, weight.shape, rng) for name, weight in before.items()}
    return _letters(before), _letters(after)


def _change(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    rank, columns = RANKS.get(name, 0), int(np.prod(shape[1:]))
    signal = rng.standard_normal((shape[0], rank)) @ rng.standard_normal((rank, columns)) / np.sqrt(columns)
    return signal.reshape(shape) + NOISE * rng.standard_normal(shape)


def _letters(weights: dict[str, np.ndarray]) -> str:
    return b64encode(save({name: weight.astype(np.float16) for name, weight in weights.items()})).decode()


BEFORE, AFTER = _files()

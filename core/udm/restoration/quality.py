"""What the network that restores digits is worth, on the thousand digits that nothing was trained or chosen with.

A network is a function from pictures and a level, so that the half-precision and the training one are measured alike.
"""

import numpy as np
import torch

from core.diffusers import ModelMixin
from core.digits.data import split
from core.udm.forward import decibels
from core.udm.restoration.forward import Kind, Level, normals, patterns
from core.udm.restoration.measures import errors
from core.udm.restoration.restorer import predicted

Array = np.ndarray

TIMES = (0.3, 0.5)
WIDTHS = (0.003, 0.01, 0.03, 0.1)  # of brightness: how like a digit's that of others must be to count
SEED = 11


def quality(model: ModelMixin) -> dict[str, float]:
    """dB: gain_KIND_T over the corrupted picture at t = T; below_mean_KIND under the mean digit at t = 1."""
    gains = {f"gain_{kind.value}_{t:g}": gain(model, Level(kind, t)) for kind in Kind for t in TIMES}
    return gains | {f"below_mean_{kind.value}": below_mean(model, kind) for kind in Kind}


def gain(model: ModelMixin, level: Level) -> float:
    """PSNR of the restored digits less that of the corrupted ones, each of the mean square error over all digits."""
    clean = split("test").pictures
    x = corrupted(clean, level)
    return round(_pooled(_restored(model, x, level), clean) - _pooled(x, clean), 3)


def below_mean(model: ModelMixin, kind: Kind) -> float:
    """PSNR of the best mean digit less that of the network at t = 1; given the brightness, where the corruption leaves it."""
    clean, level = split("test").pictures, Level(kind, 1.0)
    best = max(_pooled(each, clean) for each in mean_digits(kind))
    return round(best - _pooled(_restored(model, corrupted(clean, level), level), clean), 3)


def mean_digits(kind: Kind) -> list[Array]:
    """[n, 28, 28] or [1, 28, 28] for the test digits: means of the training digits, of those as bright where that is known."""
    train, clean = split("train").pictures, split("test").pictures
    if kind not in (Kind.BLUR, Kind.PIXELATE):
        return [train.mean(0, dtype=float)[None]]
    apart = clean.mean((1, 2))[:, None] - train.mean((1, 2))
    weights = [np.exp(-np.square(apart / width) / 2) + 1e-12 for width in WIDTHS]
    return [(each / each.sum(1, keepdims=True) @ train.reshape(len(train), -1)).reshape(clean.shape) for each in weights]


def corrupted(clean: Array, level: Level) -> Array:
    """x_t of digits [n, 28, 28], each with the same pattern and noise whoever asks."""
    sources = [np.random.default_rng((SEED, i)) for i in range(len(clean))]
    return level.corrupt(clean, patterns(level.kind, sources), normals(sources))


def _restored(model: ModelMixin, x: Array, level: Level) -> Array:
    with torch.inference_mode():
        return predicted(model, torch.from_numpy(x.astype(np.float32)), level).numpy()


def _pooled(pictures: Array, clean: Array) -> float:
    return float(decibels(errors(pictures, clean).mean()))

"""How good each network of the digits is, on the thousand digits that nothing was trained or chosen on."""

import numpy as np
import torch
from torch import Tensor

from core import schedule
from core.diffusers import ModelMixin
from core.digits.data import split
from core.digits.networks import UNCONDITIONAL, fold

SIGMAS = (0.3, 1.0, 3.0)  # noise to signal ratios that every noised measure averages over
Quality = dict[str, float]


def quality(name: str, model: ModelMixin) -> Quality:
    """Measures of one network by its recipe's name, each a mean over the test split; the noise is always the same."""
    with torch.inference_mode():
        if name.endswith("denoiser"):
            return _denoising(model)
        if name == "encoder":
            return _matching(model)
        return _recognising_noised(model) if name == "classifier" else _recognising(model)


def _digits() -> tuple[Tensor, Tensor]:
    digits = split("test")
    return torch.from_numpy(digits.pictures.copy()), torch.from_numpy(digits.labels.copy())


def _noised(sigma: float) -> tuple[Tensor, Tensor, Tensor]:
    """(x_t [n, 28, 28], v [n, 28, 28], level [n]) of the test digits."""
    pictures, _ = _digits()
    a, b = map(float, schedule.signal_and_noise(sigma))
    eps = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(7))
    return a * pictures + b * eps, a * eps - b * pictures, torch.full((len(pictures),), float(schedule.level(sigma)))


def _share(hits: Tensor) -> float:
    return round(float(hits.float().mean()), 4)


def _recognising(model: ModelMixin) -> Quality:
    pictures, labels = _digits()
    return {"accuracy": _share(model(pictures).argmax(1) == labels)}


def _recognising_noised(model: ModelMixin) -> Quality:
    labels = _digits()[1]
    hits = {sigma: model(x, level).argmax(1) == labels for sigma in SIGMAS for x, _, level in [_noised(sigma)]}
    return {f"accuracy_sigma_{sigma:g}": _share(hit) for sigma, hit in hits.items()}


def _matching(model: ModelMixin) -> Quality:
    """Share of noised test digits that resemble their own clean picture, or one of the same digit, more than any other."""
    pictures, labels = _digits()
    clean = model.embed(pictures, pictures.new_zeros(len(pictures)))
    found = {sigma: (model.embed(x, level) @ clean.T).argmax(1) for sigma in SIGMAS for x, _, level in [_noised(sigma)]}
    own = {f"own_sigma_{sigma:g}": _share(place == place.new_tensor(range(len(labels)))) for sigma, place in found.items()}
    return own | {f"digit_sigma_{sigma:g}": _share(labels[place] == labels) for sigma, place in found.items()}


def _denoising(model: ModelMixin) -> Quality:
    """Mean squared error of v, told the digit and not told."""
    labels = _digits()[1]
    told = np.mean([_error(model, sigma, labels) for sigma in SIGMAS])
    untold = np.mean([_error(model, sigma, labels * 0 + UNCONDITIONAL) for sigma in SIGMAS])
    return {"v_error": round(float(told), 5), "v_error_unconditional": round(float(untold), 5)}


def _error(model: ModelMixin, sigma: float, labels: Tensor) -> float:
    x, v, level = _noised(sigma)
    pieces = zip(fold(x).split(250), fold(v).split(250), level.split(250), labels.split(250), strict=True)
    errors = [(model(x, t, None, class_labels=y).sample - v).square().mean() for x, v, t, y in pieces]
    return float(sum(errors) / len(errors))

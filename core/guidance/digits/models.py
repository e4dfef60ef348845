"""From parameters to the guide and the sampler that they ask for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.digits import sketch, weights
from core.digits.networks import UNCONDITIONAL
from core.guidance import fast, methods, steps
from core.guidance.digits import guides, params, readers, samplers
from core.guidance.digits.network import Denoiser
from core.parameters import Variant


@dataclass
class Scene:
    """The networks at work for one set of parameters, and what each picture shall be.

    first: index of the first picture, for those who draw many in batches. drawings: [n, 28, 28] in the place of the one that
    similarity guidance is given.
    """

    p: params.Params
    count: int
    first: int = 0
    drawings: Tensor | None = None
    network: Denoiser = field(default_factory=Denoiser)
    weak: Denoiser = field(default_factory=lambda: Denoiser("weak_denoiser"))
    reader: readers.DigitReader | readers.Resembling | readers.Proxy | None = None

    @property
    def evaluations(self) -> int:
        """Network evaluations a picture so far."""
        read = 0 if self.reader is None else self.reader.evaluations
        return round((self.network.evaluations + self.weak.evaluations + read) / self.count)

    @property
    def labels(self) -> Tensor:
        """[n] the digit the denoiser is told."""
        return torch.from_numpy(told(self.p.digit, self.count, self.first))

    def guide(self) -> guides.Guide:
        """A new guide, without memory."""
        return _BUILDERS[type(self.p.method)](self, self.p.method)

    def sampler(self, noise: samplers.PictureNoise) -> samplers.Sampler:
        """A new sampler that goes on drawing from this noise."""
        sampler = self.p.sampler
        if isinstance(sampler, params.Fast):
            return samplers.Fast(fast.Multistep())
        if isinstance(sampler, params.Ddim):
            return samplers.Ddim(sampler.trap)
        if isinstance(sampler, methods.Ode):
            return samplers.Heun()
        s = sampler.stochasticity if isinstance(sampler, methods.Sde) else 1.0
        return samplers.Stochastic(noise, s, self._shift())

    def levels(self) -> list[float]:
        """[steps + 1] falling noise levels, the last is 0."""
        return fast.levels(self.p.steps) if isinstance(self.p.sampler, params.Fast) else samplers.trailing(self.p.steps)

    def _shift(self) -> samplers.Shift | None:
        """What classifier guidance adds to the mean of an ancestral step."""
        if not isinstance(self.p.method, params.ClassifierMean):
            return None
        reader = self.reader = readers.DigitReader(weights.recogniser("classifier"), self.labels)

        def shift(mean: guides.Noised, std: float) -> Tensor:
            return steps.classifier_shift(reader.gradient(mean), self.p.gamma, std)

        return shift

    def conditional(self) -> guides.Conditional:
        digit = self.p.digit
        if isinstance(digit, params.Mix):
            full = partial(torch.full, (self.count,))
            return guides.TwoDigits(self.network, full(digit.first), full(digit.second), digit.share)
        return guides.OneDigit(self.network, self.labels)


def told(digit: params.Digit, count: int, first: int = 0) -> np.ndarray:
    """[count] label of each picture; UNCONDITIONAL where none is asked for, the first of a mix."""
    if isinstance(digit, params.Mix):
        return np.full(count, digit.first)
    if digit.kind == "all":
        return np.arange(first, first + count) % 10
    return np.full(count, UNCONDITIONAL if digit.kind == "any" else int(digit.kind))


def _cfg(scene: Scene, method: Variant) -> guides.Guide:  # noqa: ARG001
    return guides.ClassifierFree(scene.conditional(), scene.p.gamma)


def _interval(scene: Scene, method: methods.Interval) -> guides.Guide:
    return guides.ClassifierFree(scene.conditional(), scene.p.gamma, method.sigma_low, method.sigma_high)


def _projected(scene: Scene, method: params.Projected) -> guides.Guide:
    return guides.Projected(scene.conditional(), scene.p.gamma, method.eta, method.radius, method.momentum)


def _plus_plus(scene: Scene, method: params.PlusPlus) -> guides.Guide:
    return guides.PlusPlus(scene.conditional(), method.lambda_per_gamma * scene.p.gamma)


def _zero_star(scene: Scene, method: methods.ZeroStar) -> guides.Guide:
    return guides.ZeroStar(scene.conditional(), scene.p.gamma, method.zero_share)


def _weaker(scene: Scene, method: Variant) -> guides.Guide:  # noqa: ARG001
    return guides.Autoguidance(scene.network, scene.weak, scene.labels, scene.p.gamma)


def _classifier(scene: Scene, method: params.Classifier) -> guides.Guide:
    nothing, gamma = torch.full_like(scene.labels, UNCONDITIONAL), scene.p.gamma
    if method.reader is params.Reader.CLEAN:
        proxy = readers.Proxy(scene.network, nothing, weights.recogniser("clean_classifier"), scene.labels, gamma)
        scene.reader = proxy
        return proxy
    scene.reader = readers.DigitReader(weights.recogniser("classifier"), scene.labels)
    return readers.Pushed(scene.network, nothing, scene.reader, gamma)


def _classifier_mean(scene: Scene, method: Variant) -> guides.Guide:  # noqa: ARG001
    """The sampler shifts the mean instead."""
    nothing = torch.full_like(scene.labels, UNCONDITIONAL)
    return guides.ClassifierFree(guides.OneDigit(scene.network, nothing), gamma=1.0)


def _similarity(scene: Scene, method: params.Similarity) -> guides.Guide:
    drawings = torch.from_numpy(sketch.picture(method.drawing))[None] if scene.drawings is None else scene.drawings
    scene.reader = readers.Resembling(weights.recogniser("encoder"), drawings)
    return readers.Pushed(scene.network, scene.labels, scene.reader, scene.p.gamma)


_BUILDERS: dict[type[Variant], Callable[[Scene, Any], guides.Guide]] = {
    methods.ClassifierFree: _cfg,
    methods.Interval: _interval,
    params.Projected: _projected,
    params.PlusPlus: _plus_plus,
    methods.ZeroStar: _zero_star,
    params.Weaker: _weaker,
    params.Classifier: _classifier,
    params.ClassifierMean: _classifier_mean,
    params.Similarity: _similarity,
}

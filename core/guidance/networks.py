"""The networks that guidance calls: exact ones of a scene, made wrong by two dials."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from core.guidance.denoiser import Denoised, Denoiser
from core.guidance.perturb import Errors
from core.guidance.rules import denoised_of_noise, noise_of_denoised
from core.guidance.scenes import Scene
from core.guidance.steps import signal_and_noise
from core.mixture import Mixture

Array = np.ndarray


class Networks:
    """A score network, weak (mostly: without condition) and strong (with it), and a classifier, at given noise levels.

    score_error, classifier_error: root mean square of the errors, in what a network is trained to predict, the velocity
    a noise - b x0: b times it is the error of x0, a times it that of the noise, so neither end is hopeless. blur: None for an
    unconditional weak network, else the weak one knows the condition and blurs the data by this deviation.
    """

    def __init__(
        self, scene: Scene, sigmas: tuple[float, ...], score_error: float, classifier_error: float, blur: float | None
    ) -> None:
        self.sigmas = sigmas
        self.log_prior = float(np.log(scene.prior))
        self.denoiser = denoiser_of(scene, sigmas, blur)
        self.score_error, self.classifier_error = score_error, classifier_error
        self.errors = errors_at(sigmas)

    @property
    def steps(self) -> int:
        return len(self.sigmas) - 1

    def at(self, x: Array, level: int) -> "Moment":
        """Everything the networks say about points x [2, n], float32, at the level of that index."""
        return Moment(self, x, level, *signal_and_noise(self.sigmas[level]))


@dataclass
class Moment:
    """What a rule of guidance may look at: points [2, n] at a level, x = a x0 + b noise, and the networks' answers.

    Answers are computed when first asked for.
    """

    networks: Networks
    x: Array
    level: int
    a: float
    b: float

    @property
    def sigma(self) -> float:
        return self.networks.sigmas[self.level]

    @cached_property
    def exact(self) -> Denoised:
        return self.networks.denoiser(self.x, self.level)

    @cached_property
    def errors(self) -> Array:
        """Of both scores and the classifier, for dials at 1, [3, 2, n]."""
        return self.networks.errors(self.x, self.level)

    @cached_property
    def learned(self) -> Array:
        """Denoised samples of the (wrong) score networks, [2 (weak, strong), 2, n]."""
        nets = self.networks
        if not nets.score_error:
            return self.exact.samples
        return self.exact.samples - (self.b * nets.score_error) * self.errors[:2]

    @property
    def weak(self) -> Array:
        return self.learned[0]

    @property
    def strong(self) -> Array:
        return self.learned[1]

    @cached_property
    def gradient(self) -> Array:
        """grad log p_t(y | x_t) of the (wrong) classifier, by x_t, [2, n]: the difference of the exact scores and its error."""
        nets = self.networks
        exact = (self.a / self.b**2) * (self.exact.samples[1] - self.exact.samples[0])
        if not nets.classifier_error:
            return exact
        return exact + (self.a / self.b * nets.classifier_error) * self.errors[2]

    @cached_property
    def log_posterior(self) -> Array:
        """log p_t(y | x_t), [n], of the exact classifier."""
        weak, strong = self.exact.log_density
        return self.networks.log_prior + strong - weak

    def noise(self, denoised: Array) -> Array:
        return noise_of_denoised(self.x, denoised, self.a, self.b)

    def denoised(self, noise: Array) -> Array:
        return denoised_of_noise(self.x, noise, self.a, self.b)


@lru_cache(maxsize=16)
def denoiser_of(scene: Scene, sigmas: tuple[float, ...], blur: float | None) -> Denoiser:
    """The tables of a scene at these levels: most changes of parameters leave them as they are."""
    weak = scene.everything if blur is None else blurred(scene.wanted, blur)
    return Denoiser(weak, scene.wanted, np.array(sigmas))


@lru_cache(maxsize=16)
def errors_at(sigmas: tuple[float, ...]) -> Errors:
    """The errors at these levels: the same networks err in the same way whatever else changes."""
    return Errors(np.array(sigmas))


def blurred(law: Mixture, deviation: float) -> Mixture:
    """The mixture with Gaussian blur: what a model with too little capacity learns."""
    return Mixture(law.weights, law.means, law.covariances + deviation**2 * np.eye(2))

"""The trained encoding models, loaded once after their bytes were compared with the manifest; numpy in, numpy out."""

from dataclasses import dataclass

import numpy as np
import torch

from core.digits.door import AT_WORK
from core.shipping import FILE, shipped
from core.udm.encoding.network import PIXELS, EncodingNet
from core.udm.encoding.params import Model, Predictor

Array = np.ndarray


def asset(name: str) -> str:
    """Where the weights of a model lie under assets/."""
    return f"udm/encoding/{name}/{FILE}"


@dataclass(frozen=True, eq=False)
class Belief:
    """q(x_0 | x_t) of n codes."""

    means: Array  # [n, K, 784] in [-1, 1]
    weights: Array  # [n, K]
    deviation: float  # of a pixel, for all of these codes

    def mean(self) -> Array:
        """[n, 784] E[x_0 | x_t]."""
        return (self.weights[:, None] @ self.means)[:, 0]

    def predicted(self, predictor: Predictor, rng: np.random.Generator) -> Array:
        """[n, 784] what stands for x_0."""
        if predictor is Predictor.MEAN:
            return self.mean()
        chosen = (self.weights.cumsum(1) < rng.random((len(self.weights), 1))).sum(1).clip(max=self.weights.shape[1] - 1)
        parts = self.means[np.arange(len(chosen)), chosen]
        return parts if predictor is Predictor.PART else parts + self.deviation * rng.standard_normal(parts.shape, np.float32)

    def nats(self, pictures: Array) -> Array:
        """[n] -log q(x_0 | x_t) a pixel of pictures [n, 784]."""
        squares = np.square(self.means - pictures[:, None]).sum(2, dtype=np.float64)
        with np.errstate(divide="ignore"):  # a weight that underflowed is a part that is not there
            each = np.log(self.weights) - squares / (2 * self.deviation**2)
        top = each.max(1)
        log_sum = top + np.log(np.exp(each - top[:, None]).sum(1))
        return 0.5 * np.log(2 * np.pi * self.deviation**2) - log_sum / pictures.shape[1]


class Encoding:
    """E and q of one trained model."""

    def __init__(self, network: EncodingNet) -> None:
        self._network = network
        self.dimensions = int(network.config.dimensions)

    def encode(self, pictures: Array) -> Array:
        """E(x_0), [n, d], of pictures [n, 784] in [-1, 1]."""
        with AT_WORK, torch.inference_mode():
            return self._network.encode(torch.from_numpy(np.array(pictures, np.float32))).numpy()

    def believe(self, x: Array, t: float) -> Belief:
        """q(x_0 | x_t) of x_t [n, d] at one strength."""
        with AT_WORK, torch.inference_mode():
            guess = self._network(torch.from_numpy(np.array(x, np.float32)), torch.full((len(x),), t))
            deviation = float(guess.log_deviation[0].exp())
            return Belief(guess.means.view(len(x), -1, PIXELS).numpy(), guess.log_weights.exp().numpy(), deviation)


def encoding(model: Model) -> Encoding:
    """The shipped model.

    Raises core.digits.manifest.DamagedAssetError, naming the file, where it is missing or altered.
    """
    return Encoding(shipped(EncodingNet, asset(model.value)))

"""What each method does, in closed form: all of them add up the two predictions with two weights.

The weights follow from three inner products of a picture's predictions c (conditional) and u (unconditional), and from their
spread for the rescaled one: no other number of the network counts. So does the length of what the sampler is given.
"""

from dataclasses import dataclass

import numpy as np

from core.guidance.pipeline.methods import Method
from core.guidance.pipeline.params import Params
from core.guidance.rules import interval_gamma

Array = np.ndarray
TINY = 1e-8  # of CFG-Zero*, as in its paper


@dataclass(frozen=True)
class Products:
    """Of the predictions of n pictures at one step, [n] each, float64."""

    cc: Array  # <c, c>
    cu: Array
    uu: Array
    sums: Array  # [2, n] of the numbers of c and of u
    numbers: int  # of one prediction

    @classmethod
    def of(cls, conditional: Array, unconditional: Array) -> "Products":
        """Predictions [n, ...]."""
        c, u = (each.reshape(len(each), -1).astype(float) for each in (conditional, unconditional))
        cc, cu, uu = (np.einsum("nd,nd->n", *pair) for pair in ((c, c), (c, u), (u, u)))
        return cls(cc, cu, uu, np.stack([c.sum(axis=1), u.sum(axis=1)]), c.shape[1])

    def square(self, weights: Array) -> Array:
        """[n] square of the length of w_c c + w_u u, weights [2, n]."""
        w_c, w_u = weights
        return w_c**2 * self.cc + 2 * w_c * w_u * self.cu + w_u**2 * self.uu

    def along(self, weights: Array) -> Array:
        """[n] inner product of w_c c + w_u u with c."""
        return weights[0] * self.cc + weights[1] * self.cu

    def spread(self, weights: Array) -> Array:
        """[n] standard deviation over the numbers of w_c c + w_u u, times one factor."""
        return np.sqrt(np.maximum(self.square(weights) - (weights * self.sums).sum(axis=0) ** 2 / self.numbers, 0.0))


def weights(method: Method, p: Params, step: int, sigma: float, products: Products) -> Array:
    """[2, n] of the conditional and the unconditional prediction, in the step of this number and noise to signal ratio.

    Raises ValueError for a method without a rule.
    """
    if method is Method.ZERO_STAR and step < p.zero_steps:
        return np.zeros((2, len(products.cc)))
    gamma = interval_gamma(p.gamma, sigma, p.sigma_low, p.sigma_high) if method is Method.INTERVAL else p.gamma
    if method is Method.PLAIN or gamma == 1:
        return np.outer([1.0, 0.0], np.ones(len(products.cc)))
    return _weights(method, p, gamma, products)


def _weights(method: Method, p: Params, gamma: float, products: Products) -> Array:
    match method:
        case Method.CFG | Method.INTERVAL:
            return _plain(gamma, np.ones_like(products.cc))
        case Method.RESCALE:
            return _rescaled(gamma, p.rescale, products)
        case Method.APG:
            return _projected(gamma, p.eta, p.radius, products)
        case Method.ZERO_STAR:
            return _plain(gamma, products.cu / (products.uu + TINY))
        case Method.TANGENTIAL:
            return _tangential(gamma, products)
        case Method.MAGNITUDE:
            ratio = np.sqrt(_apart(products) / products.uu)
            return _plain(1 + (gamma - 1) * np.exp(-p.alpha * ratio), np.ones_like(ratio))
    raise ValueError(f"no rule of guidance is called {method}")


def _plain(gamma: Array | float, share: Array) -> Array:
    """gamma c + (1 - gamma) share u."""
    return np.stack([gamma + 0 * share, (1 - gamma) * share])


def _apart(products: Products) -> Array:
    """|c - u|^2."""
    return np.maximum(products.cc - 2 * products.cu + products.uu, 0.0)


def _rescaled(gamma: float, share: float, products: Products) -> Array:
    """Times share * (spread of c over that of the guided one) + 1 - share."""
    guided = _plain(gamma, np.ones_like(products.cc))
    wanted = products.spread(np.outer([1.0, 0.0], np.ones(len(products.cc))))
    return guided * (share * wanted / products.spread(guided) + 1 - share)


def _projected(gamma: float, eta: float, radius: float, products: Products) -> Array:
    """c + (gamma - 1)(d - (1 - eta) part of d along c), where d = c - u, no longer than the radius."""
    length = np.sqrt(_apart(products))
    kept = np.minimum(1.0, radius / np.maximum(length, TINY)) if radius > 0 else np.ones_like(length)
    along = kept * (products.cc - products.cu) / products.cc
    return np.stack([1 + (gamma - 1) * (kept - (1 - eta) * along), (1 - gamma) * kept])


def _tangential(gamma: float, products: Products) -> Array:
    """u is replaced by its part along the direction that c and u share most: the first singular vector of the two.

    With (a, b) the leading eigenvector of their inner products, that direction is a c + b u, and the part is b (a c + b u).
    """
    grams = np.stack([products.cc, products.cu, products.cu, products.uu], axis=-1).reshape(-1, 2, 2)
    a, b = np.linalg.eigh(grams)[1][:, :, 1].T
    return np.stack([gamma + (1 - gamma) * a * b, (1 - gamma) * b * b])

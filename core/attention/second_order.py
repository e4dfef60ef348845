"""The delta method: what noise does to attention while the noisy sum of the weights stays near its mean.

With c^2 = Var w / (E w)^2, p = softmax(s), u = v - o:  Var õ ~ c^2 sum p^2 |u|^2,  E õ - o ~ -c^2 sum p^2 u.
"""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class SecondOrder:
    """The leading terms, value units."""

    bias: tuple[float, float]
    variance: float

    @property
    def bias_length(self) -> float:
        return float(np.hypot(*self.bias))

    @property
    def error(self) -> float:
        """Root mean square; the square of the bias is of higher order."""
        return self.variance**0.5


def second_order(c2: float | Array, p: Array, u: Array) -> SecondOrder:
    """c2: one number, or one a token [n]; p [n]; u [n, 2]."""
    share = c2 * p**2
    x, y = -(share @ u)
    return SecondOrder((float(x), float(y)), float(share @ (u**2).sum(1)))


def gaussian_closed_form(noise: float, spread: float, n: int) -> float:
    """Root mean square error of Gaussian logits and independent values of unit variance a coordinate, over sqrt 2 coordinates.

    (e^(noise^2) - 1) e^(spread^2) / n is the mean square a coordinate.
    """
    return float(np.sqrt(2 * np.expm1(noise**2) * np.exp(spread**2) / n))

"""What a step through random factors does to the gradient on average, in closed form, for every rank at once."""

from dataclasses import dataclass

import numpy as np

from core.lora.laws import Law, entry_variance, mean_factor, second_moment, tangent_share

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Moments:
    """Of G^ = A A^T G, or A A^T G + G B^T B, for a G [n, m] of norm 1; each [R]."""

    captured: Array  # expected share of |G|^2 in the span the step may move in
    factor: Array  # f of E G^ = f G: 2 for both sides of the article's law (equation 10)
    square: Array  # E |G^|^2
    second: Array  # E |G B^T A^T G|^2


def moments(law: Law, n: int, m: int, ranks: Array, two: bool) -> Moments:
    """A and B are independent, so the cross term of the square is twice the product of the factors."""
    left, right = (mean_factor(law, size, ranks) for size in (n, m))
    square = second_moment(law, n, ranks)
    if not two:
        return Moments(ranks / n, left, square, np.zeros(len(ranks)))
    both = square + second_moment(law, m, ranks) + 2 * left * right
    second = ranks * entry_variance(law, n, ranks) * entry_variance(law, m, ranks)
    return Moments(tangent_share(n, m, ranks), left + right, both, second)


def best_share(values: Array, ranks: Array, two: bool) -> Array:
    """[R] the most of |G|^2 = sum of values^2 that factors of each rank can capture (Eckart and Young).

    From one side the r leading directions, as GaLore takes; from both 2r of them, as LoRA-GA begins.
    """
    total = np.cumsum(values**2)
    return total[np.minimum(ranks * (2 if two else 1), len(values)) - 1] / total[-1]

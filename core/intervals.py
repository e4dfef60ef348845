"""How sure a share of n is."""

from math import sqrt

NORMAL = 1.959963984540054  # the 97.5 % point of the normal law


def wilson(hits: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score: right at 0 and 1 too, where the usual one has no width.

    Source: Wilson, J. Amer. Statist. Assoc. 22 (1927). (0, 1) of none.
    """
    if not count:
        return 0.0, 1.0
    share, z = hits / count, NORMAL
    middle = share + z * z / (2 * count)
    spread = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = ((middle + side * spread) / (1 + z * z / count) for side in (-1, 1))
    return max(0.0, low), min(1.0, high)

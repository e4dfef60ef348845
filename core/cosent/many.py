"""Many pairs with two labels whose scores are Gaussian, of deviation 1, their means `separation` apart: everything is known."""

import numpy as np

Array = np.ndarray


def positives(share: float, count: int) -> int:
    """Whole pairs, at least one of each kind."""
    return min(max(round(share * count), 1), count - 1)


def drawn(separation: float, share: float, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Scores [count] around -separation / 2 and separation / 2, and which of them are positive."""
    positive = np.arange(count) < positives(share, count)
    return rng.standard_normal(count) + separation * (positive - 0.5), positive


def expected_auc(separation: float) -> float:
    """P(positive above negative) = Phi(d / sqrt 2)."""
    return float(_normal(np.array([separation / 2**0.5]))[0])


def expected_accuracy(threshold: Array, separation: float, share: float) -> Array:
    """[T] share Phi(d / 2 - t) + (1 - share) Phi(t + d / 2)."""
    return share * _normal(separation / 2 - threshold) + (1 - share) * _normal(threshold + separation / 2)


def best_expected(separation: float, share: float) -> float:
    """Where both densities weigh the same, t = log((1 - share) / share) / d; at d = 0 all are called alike."""
    if separation == 0:
        return max(share, 1 - share)
    at = np.array([np.log((1 - share) / share) / separation])
    return float(expected_accuracy(at, separation, share)[0])


def _normal(x: Array) -> Array:
    """Phi."""
    from scipy.special import ndtr  # noqa: PLC0415  the page opens without scipy

    return ndtr(x)

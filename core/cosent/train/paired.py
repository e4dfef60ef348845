"""Means over seeds whose held-out parts overlap, and how far they can be trusted."""

import numpy as np

Array = np.ndarray


def quantile(seeds: int) -> float:
    """Student's 97.5 % quantile of seeds - 1 degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415  the page opens without scipy

    return float(stdtrit(seeds - 1, 0.975))


def half_interval(values: Array, student: float, ratio: float) -> Array:
    """[...] half of the 95 % interval of the mean of values [..., K], one a seed.

    Seeds share most of their pairs, so their spread alone would promise too much: the variance of the mean is taken as
    (1/K + held out / learnt) times theirs (Nadeau and Bengio, "Inference for the generalization error", Machine Learning 52,
    2003). student: quantile(K); ratio: held out / learnt.
    """
    count = values.shape[-1]
    found: Array = student * values.std(-1, ddof=1) * (1 / count + ratio) ** 0.5
    return found

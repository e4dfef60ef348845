"""Does the network draw, or does it remember? The training digits nearest to some pictures."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.digits.data import split


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each of n pictures the training digit nearest to it."""

    pictures: np.ndarray  # [n, 28, 28] float32 in [-1, 1]
    labels: np.ndarray  # [n]
    rows: np.ndarray  # [n] of the data set's file
    distances: np.ndarray  # [n] Euclidean, over pixels in [-1, 1]


def nearest(pictures: np.ndarray) -> Neighbours:
    """Of pictures [n, 28, 28] in [-1, 1]."""
    train = split("train")
    places, apart = _places(pictures)
    return Neighbours(train.pictures[places], train.labels[places], train.rows[places], apart)


@cache
def usual_distance() -> float:
    """Median distance of held-out real digits from the training digits: far below it means remembered."""
    return float(np.median(_places(split("validation").pictures)[1]))


def _places(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places [n] in the training split, distances [n]) of pictures [n, 28, 28]."""
    train, asked = split("train").pictures.reshape(-1, 784), pictures.reshape(-1, 784)
    squares = (train**2).sum(1) - 2 * asked @ train.T  # less what is the same for all; rounded, so only the place is taken
    places = squares.argmin(1)
    return places, np.linalg.norm(asked - train[places], axis=1)

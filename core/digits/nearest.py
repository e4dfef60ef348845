"""Does the network draw, or does it remember? The training digit nearest to a picture."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.digits.data import split


@dataclass(frozen=True, eq=False)
class Neighbour:
    """The training digit nearest to a picture."""

    picture: np.ndarray  # [28, 28] float32 in [-1, 1]
    label: int
    row: int  # of the data set's file
    distance: float  # Euclidean, over pixels in [-1, 1]
    usual: float  # median of the same distance over held-out real digits: far below it means remembered


def nearest(picture: np.ndarray) -> Neighbour:
    """Of picture [28, 28] in [-1, 1]."""
    train = split("train")
    place, apart = (each[0] for each in _nearest(picture[None]))
    return Neighbour(train.pictures[place], int(train.labels[place]), int(train.rows[place]), float(apart), _usual())


@cache
def _usual() -> float:
    return float(np.median(_nearest(split("validation").pictures)[1]))


def _nearest(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(places [n] in the training split, distances [n]) of pictures [n, 28, 28]."""
    train, asked = split("train").pictures.reshape(-1, 784), pictures.reshape(len(pictures), -1)
    squares = (asked**2).sum(1)[:, None] - 2 * asked @ train.T + (train**2).sum(1)
    return squares.argmin(1), np.sqrt(np.clip(squares.min(1), 0, None))

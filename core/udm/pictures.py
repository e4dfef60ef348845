"""The pictures that ship, and how a picture is a number."""

from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

Array = np.ndarray

FOLDER = Path(__file__).parents[2] / "assets" / "udm"


class Shipped(Enum):
    FLOWER = "flower"
    TEMPLE = "temple"
    DIGIT = "digit"


@cache
def shipped(name: str) -> Array:
    """[64, 64, 3] uint8 of one that ships, read-only."""
    with Image.open(FOLDER / f"{name}.png") as image:
        points = np.array(image.convert("RGB"))
    points.setflags(write=False)
    return points


def signed(points: Array) -> Array:
    """[h, w, 3] uint8 -> [-1, 1]."""
    return points / 127.5 - 1


def shown(picture: Array) -> Array:
    """[..., 3] of any size -> uint8, clipped to what a screen can show."""
    return np.round(np.clip(picture + 1, 0, 2) * 127.5).astype(np.uint8)


def twin(clean: Array, other: Array) -> Array:
    """The other picture [h, w, 3], its colours moved and its contrast lowered so that it has the clean one's mean colour.

    The contrast is the largest at which every value stays in [-1, 1].
    """
    mean, away = clean.mean((0, 1)), other - other.mean((0, 1))
    room = np.where(away > 0, 1 - mean, 1 + mean)
    worst = np.max(np.abs(away) / np.maximum(room, 1e-9))
    return mean + away / max(worst, 1.0)

"""A drawing of 28 x 28 points at 16 grey levels as 523 letters, small enough for a link.

Two points fill a byte; the bytes are URL-safe base64 without its padding sign.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import numpy as np

from core.digits.data import SIDE

GREYS = 16
LETTERS = 523  # 392 bytes, six bits a letter
BOX = 20  # MNIST digits fill a box of 20 x 20 and have their centre of mass in the middle
SEVEN = ((7.5, 8.0), (20.0, 8.0), (12.5, 22.0))  # (x, y) corners of the default drawing's pen stroke


def pack(greys: np.ndarray) -> str:
    """[28, 28] whole numbers from 0 (paper) to 15 (ink) -> 523 letters.

    Raises ValueError for another shape or a grey outside 0..15.
    """
    if greys.shape != (SIDE, SIDE) or greys.min() < 0 or greys.max() >= GREYS:
        raise ValueError(
            f"a drawing is [28, 28] greys from 0 to 15, not {list(greys.shape)} from {greys.min()} to {greys.max()}"
        )
    high, low = greys.astype(np.uint8).reshape(-1, 2).T
    return urlsafe_b64encode((high << 4 | low).tobytes()).decode().rstrip("=")


def unpack(letters: str) -> np.ndarray:
    """523 letters -> [28, 28] uint8 greys; the inverse of pack.

    Raises ValueError where the letters are not 523 of the alphabet.
    """
    if len(letters) != LETTERS:
        raise ValueError(f"a drawing is {LETTERS} letters, not {len(letters)}")
    pairs = np.frombuffer(urlsafe_b64decode(letters + "="), np.uint8)
    return np.stack([pairs >> 4, pairs & 15], axis=1).reshape(SIDE, SIDE)


def picture(letters: str) -> np.ndarray:
    """[28, 28] float32 in [-1, 1], sized and centred as the training digits are; blank stays blank."""
    ink = unpack(letters).astype(np.float32) / (GREYS - 1)
    return (2 * centred(ink) - 1).astype(np.float32) if ink.any() else ink - 1


def centred(ink: np.ndarray) -> np.ndarray:
    """[28, 28] ink in 0..1, not blank -> the same drawing filling MNIST's box, its centre of mass in the middle if it fits."""
    rows, columns = (np.flatnonzero(ink.any(axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    down, across = (_stretch(length, BOX / max(cut.shape)) for length in cut.shape)
    scaled = down @ cut @ across.T
    middle = [(scaled.sum(1 - axis) @ np.arange(scaled.shape[axis])) / scaled.sum() for axis in (0, 1)]
    top, left = np.clip(np.round((SIDE - 1) / 2 - np.array(middle)), 0, SIDE - np.array(scaled.shape)).astype(int)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    canvas[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return canvas


def _stretch(length: int, scale: float) -> np.ndarray:
    """[longer or shorter, length] matrix of linear interpolation between the centres of the points."""
    places = (np.arange(max(1, round(length * scale))) + 0.5) / scale - 0.5
    return np.clip(1 - np.abs(np.clip(places, 0, length - 1)[:, None] - np.arange(length)), 0, None)


def stroke(corners: tuple[tuple[float, float], ...], width: float = 1.6) -> np.ndarray:
    """[28, 28] greys of a pen drawn through these corners (x, y); width is the pen's radius in points."""
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1).astype(float)
    legs = zip(np.array(corners[:-1]), np.array(corners[1:]), strict=True)
    nearest = np.min([_distance(grid, start, end) for start, end in legs], axis=0)
    return np.round((GREYS - 1) * np.clip(width + 0.5 - nearest, 0, 1)).astype(np.uint8)


def _distance(grid: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """[28, 28] distance of every point from the segment."""
    leg = end - start
    along = np.clip((grid - start) @ leg / (leg @ leg), 0, 1)
    return np.linalg.norm(grid - start - along[..., None] * leg, axis=-1)


DRAWN_SEVEN = pack(stroke(SEVEN))

"""What makes a digit bold, slanted or inverted: picture transforms, the same whenever they are asked for.

They make the training data of the shipped adapters and of the recogniser that tells the styles apart. Adapters are taught a
little more of a style than the recogniser asks for: what a network paints scatters about what it was taught, and at the very
edge of a class half of it would fall outside.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

SHEAR = -0.65  # columns a row upwards of a slanted digit: it leans to the left, as handwritten digits hardly ever do
WIDE = 4.4  # points; 99 of 100 handwritten digits have thinner strokes
TAUGHT_SHEAR, TAUGHT_WIDE = -0.75, 5.2  # the same for what adapters are taught

Array = np.ndarray

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)[None]


def bold(pictures: Array, wide: float = WIDE) -> Array:
    """[n, 28, 28] in [-1, 1]: every point as dark as the darkest of itself and its four neighbours (grey dilation), and thin
    strokes again, in part, until they are so wide: handwriting is hardly ever as wide as WIDE by itself."""
    from scipy.ndimage import grey_dilation  # noqa: PLC0415  the preset pages open without it

    grown = grey_dilation(pictures, footprint=CROSS)
    for _ in range(2):
        more = grey_dilation(grown, footprint=CROSS)
        share = np.clip((wide - width(grown)) / (width(more) - width(grown)), 0, 1).astype(pictures.dtype)
        grown = grown + share[:, None, None] * (more - grown)
    return np.asarray(grown, pictures.dtype)


def width(pictures: Array) -> Array:
    """[n] mean width of the strokes in points: twice the ink over its outline (total variation)."""
    ink = np.pad((pictures.astype(float) + 1) / 2, ((0, 0), (1, 1), (1, 1)))
    across, down = ink[:, :-1, 1:] - ink[:, :-1, :-1], ink[:, 1:, :-1] - ink[:, :-1, :-1]
    return np.asarray(2 * ink.sum((1, 2)) / (np.hypot(across, down).sum((1, 2)) + 1e-9))


def slanted(pictures: Array, shear: float = SHEAR) -> Array:
    """[n, 28, 28] in [-1, 1]: every digit's own slant is taken away, then all lean alike."""
    return sheared(pictures, shear - slant(pictures))


def inverted(pictures: Array) -> Array:
    """[n, 28, 28] in [-1, 1]: ink and paper change places."""
    return -pictures


def slant(pictures: Array) -> Array:
    """[n] columns to the right a row upwards, from the second moments of the ink; 0 where there is none."""
    ink = np.clip(pictures.astype(float) + 1, 0, None)
    total = ink.sum((1, 2)) + 1e-12
    rows, columns = np.arange(ink.shape[1]), np.arange(ink.shape[2])
    y = rows - (ink.sum(2) @ rows / total)[:, None]  # [n, 28]
    x = columns - (ink.sum(1) @ columns / total)[:, None]
    mixed = np.einsum("nij,ni,nj->n", ink, y, x)
    return -mixed / (np.einsum("nij,ni->n", ink, y * y) + 1e-12)


def sheared(pictures: Array, by: Array | float) -> Array:
    """[n, 28, 28] in [-1, 1], every row moved by so many columns a row above the middle, with linear interpolation.

    by: [n] or one number. What comes in from beyond the edge is paper.
    """
    count, height, width = pictures.shape
    middle = (height - 1) / 2
    shift = np.broadcast_to(by, (count,))[:, None] * (middle - np.arange(height))  # [n, 28]
    source = np.arange(width) - shift[:, :, None]
    left = np.floor(source).astype(int)
    share = (source - left).astype(pictures.dtype)
    ink = np.pad(pictures + 1, ((0, 0), (0, 0), (1, 1)))  # a column of paper on either side
    pick = np.take_along_axis
    before, after = (pick(ink, np.clip(left + step, 0, width + 1), axis=2) for step in (1, 2))
    return np.asarray((1 - share) * before + share * after - 1, pictures.dtype)


STYLES: dict[str, Callable[[Array], Array]] = {"bold": bold, "slanted": slanted, "inverted": inverted}
TAUGHT: dict[str, Callable[[Array], Array]] = {
    "bold": partial(bold, wide=TAUGHT_WIDE),
    "slanted": partial(slanted, shear=TAUGHT_SHEAR),
    "inverted": inverted,
}
KINDS = ("plain", *STYLES)  # the classes of the independent recogniser of styles


def upright(pictures: Array) -> Array:
    """[n, 28, 28] in [-1, 1], ink on paper: those whose edge is inked, in the mean, as their negative."""
    edge = np.ones(pictures.shape[1:], bool)
    edge[1:-1, 1:-1] = False
    inked = pictures[:, edge].mean(axis=1) > 0
    return np.where(inked[:, None, None], -pictures, pictures)

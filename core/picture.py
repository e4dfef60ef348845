"""A colour picture of 64 x 64 points as at most 6000 letters, small enough for a link.

A JPEG file, for every browser writes one and it is far smaller than its points; its bytes are URL-safe base64 without padding.
"""

import io
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import numpy as np
from PIL import Image

SIDE = 64
ALPHABET = re.compile("[A-Za-z0-9_-]*")
MOST_LETTERS = 6000  # an address of 8 kB passes everywhere
# (quality, one colour for four points) from fine to coarse: the first that is short enough; random points need 75.
TRIES = ((92, False), (85, False), (85, True), (75, True), (60, True))


def pack(points: np.ndarray) -> str:
    """[64, 64, 3] uint8 red, green and blue -> letters, as fine as fits.

    Raises ValueError for another shape.
    """
    if points.shape != (SIDE, SIDE, 3) or points.dtype != np.uint8:
        raise ValueError(f"a picture is [{SIDE}, {SIDE}, 3] uint8, not {list(points.shape)} {points.dtype}")
    tries = (_letters(jpeg(points, *how)) for how in TRIES)
    return next(letters for letters in tries if len(letters) <= MOST_LETTERS)


def unpack(letters: str) -> np.ndarray:
    """Letters -> [64, 64, 3] uint8.

    Raises ValueError where they are too many or not a JPEG file of that size; the size is read before anything is decoded.
    """
    if len(letters) > MOST_LETTERS:
        raise ValueError(f"a picture is at most {MOST_LETTERS} letters, not {len(letters)}")
    if not ALPHABET.fullmatch(letters):
        raise ValueError("these are not letters of the URL-safe base64 alphabet")
    try:
        with Image.open(io.BytesIO(urlsafe_b64decode(letters + "=" * (-len(letters) % 4))), formats=["JPEG"]) as image:
            if image.size != (SIDE, SIDE):
                raise ValueError(f"a picture has {SIDE} x {SIDE} points, not {image.size[0]} x {image.size[1]}")
            return np.array(image.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise ValueError(f"a picture has {SIDE} x {SIDE} points: {error}") from error
    except (OSError, SyntaxError) as error:  # Pillow's for a damaged file
        raise ValueError("these letters are not a JPEG file") from error


def jpeg(points: np.ndarray, quality: int, coarse_colour: bool = False) -> bytes:
    """[h, w, 3] uint8 as a file; coarse_colour: one colour for four points."""
    file = io.BytesIO()
    Image.fromarray(points).save(file, "JPEG", quality=quality, subsampling=2 if coarse_colour else 0)
    return file.getvalue()


def _letters(file: bytes) -> str:
    return urlsafe_b64encode(file).decode().rstrip("=")

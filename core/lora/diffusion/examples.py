"""Four digits drawn with straight strokes alone, as on the display of a watch, and a small file that is an adapter."""

from base64 import b64encode

import numpy as np
from safetensors.numpy import save

from core.digits.sketch import pack, stroke

Corners = tuple[tuple[float, float], ...]

LEFT, RIGHT, TOP, MIDDLE, BOTTOM = 8.0, 19.0, 5.0, 13.5, 22.0
THIN = 0.7  # radius of the pen


def pen(*strokes: Corners) -> str:
    """Letters of a drawing of several strokes."""
    return pack(np.max([stroke(corners, THIN) for corners in strokes], axis=0))


TWO = pen(((LEFT, TOP), (RIGHT, TOP), (RIGHT, MIDDLE), (LEFT, MIDDLE), (LEFT, BOTTOM), (RIGHT, BOTTOM)))
FOUR = pen(((LEFT, TOP), (LEFT, MIDDLE), (RIGHT, MIDDLE)), ((RIGHT, TOP), (RIGHT, BOTTOM)))
FIVE = pen(((RIGHT, TOP), (LEFT, TOP), (LEFT, MIDDLE), (RIGHT, MIDDLE), (RIGHT, BOTTOM), (LEFT, BOTTOM)))
SEVEN = pen(((LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM)))
BLANK = pack(np.zeros((28, 28), np.uint8))


def _file() -> str:
    """Letters of an adapter of rank 1 on the last layer alone."""
    down, up = np.zeros((1, 48, 3, 3), np.float16), np.full((4, 1, 1, 1), 0.05, np.float16)
    down[:, :, 1, 1] = 0.05
    return b64encode(save({"conv_out.lora_A.weight": down, "conv_out.lora_B.weight": up})).decode()


FILE = _file()

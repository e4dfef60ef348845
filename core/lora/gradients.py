"""Gradients of real trained networks, shipped so that no network is needed to look at one: python -m core.lora.measure.

The shipped digit networks meet a task that they were not trained on, digits in reverse video; what is kept is the gradient of
one layer, [inputs, outputs] in the article's convention, of one batch of held-out digits.
"""

from enum import Enum
from functools import cache

import numpy as np
from safetensors.numpy import load_file

from core.digits import manifest

Array = np.ndarray

ASSET = "lora/gradients.safetensors"


class Layer(Enum):
    RECOGNISER = "recogniser"  # the projection of the recogniser of clean digits
    QUERY = "query"  # of the first attention of the denoiser
    VALUE = "value"  # of the same attention


@cache
def gradient(layer: Layer) -> Array:
    """[inputs, outputs] of Frobenius norm 1, read-only.

    Raises core.digits.manifest.DamagedAssetError where the file is missing or altered.
    """
    found = load_file(manifest.verified(ASSET))[layer.value].astype(float)
    found /= np.linalg.norm(found)
    found.setflags(write=False)
    return found

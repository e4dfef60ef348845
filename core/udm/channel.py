"""Second moments of a corruption that is linear in what it keeps."""

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Channel:
    """x_t = G x_0 + offset + noise where a point is kept, else a random fill around grey; G is diagonal in the DCT."""

    gain: Array | float = 1.0  # [h, w, 1], of each frequency
    noise: float = 0.0  # variance of what is added to a kept point
    kept: float = 1.0  # probability that a point is kept
    fill: float = 0.0  # variance of the fill
    offset: Array | float = 0.0  # [h, w, 3], known to whoever knows the end state
    white: bool = True  # points are kept independently of each other

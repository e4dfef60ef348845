"""The training line nearest to a line: which has the most characters in common with it, place by place."""

import numpy as np

from core.udm.poem.lines import LENGTH, split

Array = np.ndarray


def nearest(lines: Array) -> tuple[Array, Array]:
    """([n, l] the nearest training line, the first of equal ones; [n] Hamming distance) of [n, l] lines."""
    known = split("train").lines
    columns = [np.ascontiguousarray(known[:, i]) for i in range(LENGTH)]
    found, distance = np.empty_like(lines), np.empty(len(lines), np.int64)
    for i, line in enumerate(lines):
        common = np.zeros(len(known), np.int8)
        for column, character in zip(columns, line, strict=True):
            common += column == character
        best = int(common.argmax())
        found[i], distance[i] = known[best], LENGTH - common[best]
    return found, distance

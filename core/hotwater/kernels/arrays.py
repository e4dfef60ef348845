"""What numpy does with arrays too, but without setting memory aside: loops that count no references have none."""

import numpy as np

from core.hotwater.compiled import inlined

Array = np.ndarray


@inlined
def copy(target: Array, source: Array) -> None:
    """Number by number."""
    for i in range(source.size):
        target[i] = source[i]


@inlined
def copy_reversed(target: Array, source: Array) -> None:
    """The last one first; an index that cannot be negative lets several numbers move at once."""
    for i in range(source.size):
        target[np.uint64(source.size - 1 - i)] = source[i]


@inlined
def largest(array: Array) -> float:
    """Of [n], n at least 1."""
    found = array[0]
    for i in range(1, array.size):
        found = max(found, array[i])
    return found


@inlined
def smallest(array: Array) -> float:
    """Of [n], n at least 1."""
    found = array[0]
    for i in range(1, array.size):
        found = min(found, array[i])
    return found


@inlined
def total(array: Array) -> float:
    """Of [n]."""
    found = 0.0
    for i in range(array.size):
        found += array[i]
    return found

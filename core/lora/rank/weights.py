"""The matrices of a safetensors file, read one at a time from its bytes; nothing else is ever opened.

The format: eight bytes with the length of a JSON header, the header, the numbers. No code can hide in it as in a pickle.
Source: https://github.com/huggingface/safetensors (format).
"""

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from operator import attrgetter
from typing import Any

import numpy as np

from core.faults import FileError

Array = np.ndarray

MOST_BYTES = 3 * 2**20  # of a file that travels as letters
MOST_LETTERS = 4 * 2**20  # the same in base64
MOST_HEADER = 2**20
MOST_ENTRIES, MOST_MATRICES = 2000, 256
LARGEST = float(np.finfo(np.float32).max)
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
ROUNDING = {"F64": 2.0**-53, "F32": 2.0**-24, "F16": 2.0**-11, "BF16": 2.0**-8}  # largest relative error of a stored number
OTHERS = {"BOOL": 1, "I16": 2, "U16": 2, "I32": 4, "U32": 4, "I64": 8, "U64": 8, "C64": 8, "I8": 1, "U8": 1}
LENGTHS = SIZES | OTHERS
QUANTISED = re.compile("^(I8|U8|I4|U4|F4|F8_.*|F6_.*)$")
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,199}")
STANDARD = str.maketrans("-_", "+/")
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


class WeightsError(FileError):
    """What is wrong with a file of weights."""


@dataclass(frozen=True)
class Entry:
    """One tensor: its type, its shape, and where its numbers are."""

    kind: str
    shape: tuple[int, ...]
    start: int
    size: int

    @property
    def rows(self) -> int:
        return self.shape[0]

    @property
    def columns(self) -> int:
        return prod(self.shape[1:])


class Weights:
    """The tensors of one file by name, and which of them are matrices: two sides or more, floating point, not empty."""

    def __init__(self, content: Any) -> None:
        """content: bytes, or anything else with a buffer, such as a mapped file.

        Raises WeightsError for whatever is not a safetensors file of at most so many entries.
        """
        self.content = memoryview(content)
        self.entries = _entries(self.content)
        self.matrices = {name: each for name, each in self.entries.items() if _is_matrix(name, each)}
        if not self.matrices:
            found = ", ".join(f"{name} {list(each.shape)} {each.kind}" for name, each in self.entries.items()) or "nothing"
            message = "should hold at least one matrix of floating-point numbers"
            raise WeightsError("weights_none", message, "F64, F32, F16, BF16", found)
        if len(self.matrices) > MOST_MATRICES:
            message = f"should hold at most {MOST_MATRICES} matrices"
            raise WeightsError("weights_matrices", message, MOST_MATRICES, str(len(self.matrices)))
        for name in self.entries:
            if not NAME.fullmatch(name):
                bound = "letters, digits and . _ - : /, at most 200"
                raise WeightsError("weights_name", f"should name its tensors with {bound}", bound, repr(name))

    def matrix(self, name: str) -> Array:
        """[rows, columns] float64; a convolution's [out, in, height, width] is [out, in * height * width], as in PEFT.

        Raises WeightsError, naming the tensor, where a number is not finite or beyond single precision.
        """
        entry = self.matrices[name]
        flat = _numbers(self.content[entry.start : entry.start + entry.size], entry.kind)
        wrong = ~(np.abs(flat) <= LARGEST)
        if wrong.any():
            message = f"should have finite numbers of at most {LARGEST:.4g} in size in {name}"
            raise WeightsError("weights_finite", message, f"{LARGEST:.4g}", f"{name}: {flat[wrong.argmax()]}")
        return flat.reshape(entry.rows, entry.columns)


@lru_cache(maxsize=4)
def opened(letters: str) -> Weights:
    """A file that travels as base64 of either alphabet, with its padding or without; every number of it is read once."""
    bare = letters.translate(STANDARD).rstrip("=")
    try:
        content = b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError as error:  # binascii's, or of a letter that is no ASCII
        raise WeightsError(
            "weights_letters", "should be the base64 letters of a safetensors file", "base64", str(error)
        ) from None
    found = Weights(content)
    for name in found.matrices:
        found.matrix(name)
    return found


def _numbers(content: memoryview, kind: str) -> Array:
    """Float64; bfloat16 is the upper half of float32."""
    if kind == "BF16":
        return (np.frombuffer(content, "<u2").astype(np.uint32) << 16).view(np.float32).astype(float)
    return np.frombuffer(content, f"<f{SIZES[kind]}").astype(float)


def _is_matrix(name: str, entry: Entry) -> bool:
    if len(entry.shape) < 2 or not prod(entry.shape):
        return False
    if QUANTISED.match(entry.kind):
        message = f"should have numbers of 16 bits or more in {name}, not quantised ones"
        raise WeightsError("weights_quantised", message, ", ".join(SIZES), f"{name}: {entry.kind}")
    return entry.kind in SIZES


def _entries(content: memoryview) -> dict[str, Entry]:
    """Name -> tensor, if the header is one and everything it speaks of is there."""
    header, start = _header(content)
    tensors = {name: line for name, line in header.items() if name != "__metadata__"}
    if len(tensors) > MOST_ENTRIES:
        message = f"should hold at most {MOST_ENTRIES} tensors"
        raise WeightsError("weights_entries", message, MOST_ENTRIES, str(len(tensors)))
    found = {name: _entry(name, line, start, len(content)) for name, line in tensors.items()}
    end = start
    for each in sorted(found.values(), key=attrgetter("start", "size")):
        if each.start != end:
            raise _damaged(f"bytes {min(end, each.start)} to {max(end, each.start)} belong to no tensor or to two")
        end += each.size
    if end != len(content):
        raise _damaged(f"it ends after {len(content)} bytes, not {end}")
    return found


def _header(content: memoryview) -> tuple[dict[str, Any], int]:
    """The JSON header and where the numbers begin."""
    head = bytes(content[:8])
    length = int.from_bytes(head, "little")
    if len(head) < 8 or length > min(MOST_HEADER, len(content) - 8) or bytes(content[8:9]) != b"{":
        if head.startswith(PICKLES):
            message = "should be a safetensors file: this is a pickle, which could run code and is not opened"
            raise WeightsError("weights_pickle", message, "safetensors", repr(head))
        raise _damaged(f"its first bytes are {head!r}")
    try:
        header = json.loads(bytes(content[8 : 8 + length]))
    except (ValueError, RecursionError) as error:
        raise _damaged(f"its header is no JSON: {type(error).__name__}") from None
    return header, 8 + length


def _entry(name: str, line: Any, start: int, end: int) -> Entry:
    """One tensor, if its numbers are where the header says."""
    if not isinstance(line, dict) or not {"dtype", "shape", "data_offsets"} <= line.keys():
        raise _damaged(f"{name} has no dtype, shape and data_offsets")
    kind, shape, place = line["dtype"], line["shape"], line["data_offsets"]
    whole = isinstance(shape, list) and isinstance(place, list) and all(type(n) is int and n >= 0 for n in [*shape, *place])
    if not isinstance(kind, str) or not (kind in LENGTHS or QUANTISED.match(kind)) or not whole or len(place) != 2:
        raise _damaged(f"{name} has type {kind}, shape {shape} and place {place}")
    size = place[1] - place[0]
    if size < 0 or start + place[1] > end or (kind in LENGTHS and size != prod(shape) * LENGTHS[kind]):
        raise _damaged(f"{name}, {kind} {shape}, should lie in bytes {place} of {end - start}")
    return Entry(kind, tuple(shape), start + place[0], size)


def _damaged(why: str) -> WeightsError:
    return WeightsError("weights_damaged", f"should be a whole safetensors file: {why}", "safetensors", why)

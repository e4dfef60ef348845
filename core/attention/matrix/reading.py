"""A matrix out of a text of cells, or out of an NPY file; a pickle is never opened."""

import re
from base64 import b64decode
from functools import lru_cache
from io import BytesIO
from math import inf, isnan, prod
from tokenize import TokenError

import numpy as np
from numpy.lib import format as npy

from core.faults import FileError

Array = np.ndarray

MOST_ENTRIES = 2**18  # numbers in all: 512 x 512
MOST_LETTERS = 3 * 2**20  # of a text, and of a file in base64
MOST_MATRICES, MOST_ROWS = 64, 1024
LARGEST = 1e4  # magnitude of a logit; what is below minus that, like the -1e9 of many programs, is a mask
MOST_HEADER = 10_000
MAGIC = b"\x93NUMPY"
PICKLES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
MASKS = ("", "-inf", "-infinity", "−inf", "-∞", "−∞")  # of a token that may not be attended to
SPACED = re.compile(r"[ \t]+")
STANDARD = str.maketrans("-_", "+/")


class MatrixError(FileError):
    """What is wrong with a matrix."""


@lru_cache(maxsize=4)
def text(letters: str) -> Array:
    """[1, rows, columns] float64 out of lines of numbers with commas, semicolons, tabs or spaces between them.

    A first line and a first column of names are left out, and lines that begin with #. An empty cell or -inf is a token that
    may not be attended to; no mask is a number. Raises MatrixError for a binary file, a cell that is no number, rows of
    different lengths, and what no_more and finite refuse.
    """
    if any(sign in letters for sign in "\0\x01\x02\ufffd"):
        raise MatrixError("csv_binary", "should be a text of lines and cells, not a binary file", "CSV", repr(letters[:12]))
    lines = [line.rstrip("\r") for line in letters.removeprefix("\ufeff").split("\n")]
    lines = [line for line in lines if line.strip(' \t"') and not line.lstrip().startswith("#")]
    cells = [_cells(line, _separator(lines)) for line in lines]
    names_above = bool(cells) and all(_is_name(cell) for cell in cells[0][1:] or cells[0])
    cells = cells[1:] if names_above else cells
    if cells and all(_is_name(row[0]) for row in cells):
        cells = [row[1:] for row in cells]
    _even(cells)
    no_more((len(cells), len(cells[0])))
    return finite(np.array([[_number(cell, i, j) for j, cell in enumerate(row, 1)] for i, row in enumerate(cells, 1)])[None])


def _separator(lines: list[str]) -> str:
    """Of the whole text; a comma, unless another sign is there."""
    return next((sign for sign in ("\t", ";", ",") if any(sign in line for line in lines)), " ")


def _cells(line: str, separator: str) -> list[str]:
    cells = SPACED.split(line.strip()) if separator == " " else line.split(separator)
    return [cell.strip(' "') for cell in cells]


def _is_name(cell: str) -> bool:
    """Whether a cell is neither a number nor a mask."""
    return cell.casefold() not in MASKS and _float(cell) is None


def _float(cell: str) -> float | None:
    try:
        return float(cell.replace("−", "-"))
    except ValueError:
        return None


def _even(cells: list[list[str]]) -> None:
    """Raises for no row at all, and for rows of different lengths."""
    if not cells or not cells[0]:
        raise MatrixError("matrix_empty", "should have at least one row of numbers", 1, "0")
    for number, row in enumerate(cells, 1):
        if len(row) != len(cells[0]):
            message = f"should have {len(cells[0])} numbers in row {number} as in the first"
            raise MatrixError("matrix_ragged", message, len(cells[0]), str(len(row)), number)


def _number(cell: str, row: int, column: int) -> float:
    if cell.casefold() in MASKS:
        return -inf
    value = _float(cell)
    if value is None or isnan(value):
        message = f"should have a number in row {row}, column {column}"
        raise MatrixError("matrix_number", message, "a number", repr(cell), row, str(column))
    return value


@lru_cache(maxsize=4)
def file(letters: str) -> Array:
    """[matrices, rows, columns] float64 out of the base64 letters of an NPY file; leading axes are counted through.

    Raises MatrixError for anything else, a pickle of any name, numbers that are not real, fewer than two axes, and what
    no_more and finite refuse. The shape is read before any number, so that a header cannot ask for memory.
    """
    content = _bytes(letters)
    shape, fortran, kind = _header(content)
    if kind.hasobject or kind.kind not in "fiu":
        raise MatrixError("matrix_kind", "should hold real numbers", "float16, float32, float64, int", str(kind))
    if len(shape) < 2:
        raise MatrixError("matrix_axes", "should have two axes, rows and columns", 2, str(len(shape)))
    no_more(shape)
    rest, count = content.read(), prod(shape)
    if len(rest) != count * kind.itemsize:
        message = f"should hold the {count} numbers of its shape"
        raise MatrixError("matrix_damaged", message, count, f"{len(rest)} bytes for {count} numbers of {kind}")
    found = np.frombuffer(rest, kind)
    return finite(found.reshape(shape, order="F" if fortran else "C").reshape(-1, *shape[-2:]).astype(float))


def _bytes(letters: str) -> BytesIO:
    try:
        content = b64decode(letters.translate(STANDARD), validate=True)
    except ValueError as error:
        raise MatrixError("matrix_letters", "should be the base64 letters of an NPY file", "base64", str(error)) from None
    if content.startswith(PICKLES):
        raise MatrixError("matrix_pickle", "is a pickle or an archive and is not opened", "NPY", repr(content[:6]))
    if not content.startswith(MAGIC):
        raise MatrixError("matrix_npy", "should be an NPY file", repr(MAGIC), repr(content[:6]))
    return BytesIO(content)


def _header(content: BytesIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """(shape, whether columns come first, type of the numbers)."""
    try:
        version = npy.read_magic(content)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        return read(content, max_header_size=MOST_HEADER)
    except (ValueError, SyntaxError, TypeError, KeyError, OverflowError, RecursionError, TokenError) as error:
        raise MatrixError("matrix_damaged", "should be a whole NPY file", "NPY", str(error)) from None


def no_more(shape: tuple[int, ...]) -> None:
    """Raises for a shape without numbers, or with too many."""
    count, matrices = prod(shape), prod(shape[:-2])
    if count < 1:
        raise MatrixError("matrix_empty", "should have at least one row of numbers", 1, "×".join(map(str, shape)))
    if count > MOST_ENTRIES:
        message = f"should have at most {MOST_ENTRIES} numbers"
        raise MatrixError("matrix_entries", message, MOST_ENTRIES, f"{'×'.join(map(str, shape))} = {count}")
    if shape[-2] > MOST_ROWS:
        raise MatrixError("matrix_rows", f"should have at most {MOST_ROWS} rows", MOST_ROWS, str(shape[-2]))
    if matrices > MOST_MATRICES:
        raise MatrixError("matrix_many", f"should hold at most {MOST_MATRICES} matrices", MOST_MATRICES, str(matrices))


def finite(found: Array) -> Array:
    """[matrices, rows, columns] -> the same, read only; raises for NaN, infinity and numbers too large to be logits."""
    found = np.where(found < -LARGEST, -inf, found)
    wrong = np.isnan(found) | (found > LARGEST)
    if wrong.any():
        at = np.argwhere(wrong)[0]
        value, (row, column) = float(found[tuple(at)]), (int(each) + 1 for each in at[1:])
        message = f"should have numbers up to {LARGEST:g}, or -inf, in row {row}, column {column}"
        raise MatrixError("matrix_finite", message, f"{LARGEST:g}", f"{value:g}", row, str(column))
    empty = np.isneginf(found).all(2)
    if empty.any():
        row = int(np.argwhere(empty)[0][1]) + 1
        raise MatrixError("matrix_masked", f"should leave a token to attend to in row {row}", 1, "0", row)
    found.setflags(write=False)
    return found

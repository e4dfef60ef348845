"""What was measured once on the held-out plays, of every seed, as core.attention.model.publish wrote it."""

import json
from functools import cache
from typing import TypedDict

from core.digits.manifest import verified

FILE = "attention/model/measured.json"


class Measured(TypedDict):
    """Bits a character of the held-out plays; pairs are [value, standard error by windows]."""

    characters: int
    bits: dict[str, list[list[float]]]  # kind -> a pair of each seed, in windows of 64
    by_span: dict[str, list[list[float]]]  # kind -> [seeds][B], in windows of 1024
    gap: list[list[float]]  # [seeds][B] constant less log_length, same windows
    gap_stderr: list[list[float]]  # of it, by windows, which are paired
    ngram: list[float]
    order: int  # of the n-gram


@cache
def measured() -> Measured:
    """Raises DamagedAssetError where the file is not as it was made."""
    found: Measured = json.loads(verified(FILE).read_text("utf8"))
    return found

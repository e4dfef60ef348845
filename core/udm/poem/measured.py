"""What was measured once on the held-out lines, as core.udm.poem.publish wrote it."""

import json
from functools import cache
from typing import TypedDict

from core.digits.manifest import verified

FILE = "udm/poem/measured.json"


class Measured(TypedDict):
    """Of the test lines. A perplexity is [value, standard error] a character; log q is of a whole line, in nats."""

    lines: int
    perplexity: dict[str, list[float]]  # unigram, bigram, left_to_right, random
    weight: float  # of the pairs in the bigram
    edges: list[float]  # [b + 1] of a histogram of log q, left to right
    counts: list[int]  # [b]
    log_p: list[float]  # mean and standard deviation of a line's log q
    order_gap: float  # mean |log q left to right - log q right to left| of a line
    distances: list[float]  # [l + 1] share of lines whose nearest training line has so many other characters


@cache
def measured() -> Measured:
    """Raises DamagedAssetError where the file is not as it was made."""
    found: Measured = json.loads(verified(FILE).read_text("utf8"))
    return found

"""Makes assets/udm/words.csv: `python -m core.udm.words.collect`; needs gensim, whose test data hold the corpus."""

import csv
import re
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from core.digits.manifest import ASSETS, digest, record
from core.udm.words.vocabulary import FILE, MOST

CORPUS = "test/test_data/lee_background.cor"  # news of the ABC, Lee, Pincombe and Welsh (2005)
WORD = re.compile(r"(?<![\w'])[a-z]{5}(?![\w'])")  # in small letters, so that names stay out


def counted(text: str) -> list[tuple[str, int]]:
    """The MOST most frequent, those of one count by the alphabet."""
    return sorted(Counter(WORD.findall(text)).items(), key=_rank)[:MOST]


def _rank(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def main() -> None:
    spec = find_spec("gensim")
    if spec is None or spec.origin is None:
        sys.exit("gensim is not installed; its test data hold the corpus: pip install gensim")
    corpus = Path(spec.origin).parent / CORPUS
    with (ASSETS / FILE).open("w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(counted(corpus.read_text("utf8")))
    record(FILE, {"command": "python -m core.udm.words.collect", "data": {"gensim/lee_background.cor": digest(corpus)}})


if __name__ == "__main__":
    main()

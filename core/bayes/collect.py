"""Makes assets/bayes/alice.txt: `python -m core.bayes.collect FILE`, a plain text of "Alice's Adventures in Wonderland".

FILE: Project Gutenberg's number 11; here examples/alice.txt of the repository amueller/word_cloud. What is not by Lewis Carroll
is left out.
"""

import sys
from pathlib import Path

from core.bayes.language.text import BOOK
from core.digits.manifest import ASSETS, digest, record

FIRST, LAST = "CHAPTER I. Down the Rabbit-Hole", "THE END"


def chapters(file: str) -> str:
    """From the first chapter to the last sentence; lines end in one way."""
    lines = file.replace("\r\n", "\n")
    return lines[lines.index(FIRST) : lines.rindex(LAST)].strip() + "\n"


def main(source: Path) -> None:
    path = ASSETS / BOOK
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(chapters(source.read_text("utf-8-sig")), "utf8")
    record(BOOK, {"command": "python -m core.bayes.collect FILE", "data": {"gutenberg/11": digest(source)}})


if __name__ == "__main__":
    main(Path(sys.argv[1]))

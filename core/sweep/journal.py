"""The rows of a sweep as they come, a line each, so that one that was broken off goes on where it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self, TextIO

from core.sweep.space import SweepError
from core.sweep.target import Row


class Journal:
    """A file beside the table: what was asked, then rows in the order in which they were finished.

    place: point -> where its line begins, so that memory grows by two numbers a point and not by its row.
    """

    def __init__(self, path: Path, asked: dict[str, Any]) -> None:
        self.path, self.asked = path, asked
        self.place: dict[int, int] = {}
        self.columns: dict[str, None] = {}  # of metrics, in the order of their first row
        if path.exists():
            self._look_back()
        self.file: TextIO | None = None

    def __enter__(self) -> Self:
        is_new = not self.path.exists()
        self.file = self.path.open("a", encoding="utf8", newline="\n")
        if is_new:
            self._write(self.asked)
        return self

    def __exit__(self, *_: object) -> None:
        if self.file:
            self.file.close()

    def add(self, row: Row) -> None:
        """Written before the next one is waited for."""
        self.place[row["point"]] = self._write(row)
        self.columns |= dict.fromkeys(row.get("metrics", {}))

    def rows(self) -> Iterator[Row]:
        """By number, from the file."""
        with self.path.open(encoding="utf8") as file:
            for _, begins in sorted(self.place.items()):
                file.seek(begins)
                yield json.loads(file.readline())

    def _write(self, body: dict[str, Any]) -> int:
        if self.file is None:
            raise ValueError("a journal is written inside its with block")
        begins = self.file.tell()
        self.file.write(json.dumps(body) + "\n")
        self.file.flush()
        return begins

    def _look_back(self) -> None:
        """Raises SweepError for the journal of another sweep; a line that was broken off is cut away."""
        with self.path.open("rb+") as file:
            first = file.readline()
            if not first.endswith(b"\n") or json.loads(first) != self.asked:
                raise SweepError(f"{self.path} belongs to another sweep: remove it, or choose another --out")
            begins = file.tell()
            while (line := file.readline()).endswith(b"\n"):
                row = json.loads(line)
                self.place[row["point"]] = begins
                self.columns |= dict.fromkeys(row.get("metrics", {}))
                begins = file.tell()
            file.truncate(begins)

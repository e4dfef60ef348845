"""Columns of a small table: what a cell may hold, how it is read from a text and written into one."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, Self

Cell = float | int | str

NAME = re.compile(r"\w+")  # of a column or an option: no letter of it may stand between cells in a text
CLOCK = re.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Column:
    """One column, made by Column.number, Column.choice, Column.clock or Column.word."""

    name: str
    kind: Literal["number", "choice", "clock", "word"]
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    unit: str = ""
    whole: bool = False
    options: tuple[str, ...] = ()
    count: int = 0  # of the letters of a word

    def __post_init__(self) -> None:
        if wrong := [each for each in (self.name, *self.options) if not NAME.fullmatch(each)]:
            raise ValueError(f"columns and options are named by letters, digits and underscores, not {wrong[0]!r}")
        if self.name in self.options:
            raise ValueError(f"a column and its option are both called {self.name}: a row would read as a line of names")

    @classmethod
    def number(cls, name: str, low: float, high: float, step: float, unit: str = "", whole: bool = False) -> Self:
        """Numbers in [low, high], ints where whole. The step is the page's."""
        return cls(name, "number", low, high, step, unit, whole)

    @classmethod
    def choice(cls, name: str, options: tuple[str, ...]) -> Self:
        """One of the options."""
        return cls(name, "choice", options=options)

    @classmethod
    def clock(cls, name: str) -> Self:
        """A time of day as text, 00:00 to 23:59."""
        return cls(name, "clock")

    @classmethod
    def word(cls, name: str, count: int) -> Self:
        """Exactly so many small letters, a to z."""
        return cls(name, "word", count=count)

    @property
    def rule(self) -> str:
        """Name of the rule that a refused cell breaks."""
        return "table_whole" if self.whole else f"table_{self.kind}"

    @property
    def bound(self) -> str:
        """What is allowed, in signs that need no translation."""
        if self.kind == "number":
            return f"{self.low:g} … {self.high:g} {self.unit}".rstrip()
        return {"choice": ", ".join(self.options), "clock": "00:00 … 23:59", "word": f"{self.count} a–z"}[self.kind]

    @property
    def wanted(self) -> str:
        """What is allowed, in words."""
        if self.kind == "number":
            return f"a {'whole ' * self.whole}number from {self.low:g} to {self.high:g} {self.unit}".rstrip()
        day = "a time of day from 00:00 to 23:59"
        return {"choice": f"one of {', '.join(self.options)}", "clock": day, "word": f"{self.count} letters a–z"}[self.kind]

    def cell(self, value: Any) -> Cell | None:
        """The value as it is kept, 7:05 as 07:05; None where it is not allowed."""
        return CHECKS[self.kind](self, value)

    def read(self, text: str) -> Cell:
        """What a text stands for; what cannot be read stays text."""
        return number(text) if self.kind == "number" else text


def number(text: str) -> int | float | str:
    """The number, or the text where there is none."""
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


def written(cell: Cell) -> str:
    """As short as it can be read back: 8 for 8.0."""
    return cell if isinstance(cell, str) else repr(cell).removesuffix(".0")


def _number(column: Column, value: Any) -> Cell | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not column.low <= value <= column.high:
        return None  # NaN is nowhere
    if column.whole:
        return int(value) if value == int(value) else None
    return float(value)


def _choice(column: Column, value: Any) -> Cell | None:
    return value if isinstance(value, str) and value in column.options else None


def _clock(_: Column, value: Any) -> Cell | None:
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    return f"{found[1]:0>2}:{found[2]}" if found else None


def _word(column: Column, value: Any) -> Cell | None:
    return value if isinstance(value, str) and re.fullmatch(f"[a-z]{{{column.count}}}", value) else None


CHECKS: dict[str, Callable[[Column, Any], Cell | None]] = {
    "number": _number,
    "choice": _choice,
    "clock": _clock,
    "word": _word,
}

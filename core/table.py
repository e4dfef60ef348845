"""A parameter that is a small table: rows of cells, typed on the page or pasted out of a spreadsheet."""

import re
from collections.abc import Mapping
from reprlib import repr as short
from typing import Any

from pydantic import Field

from core.columns import Cell, Column
from core.controls import Kind
from core.faults import rule

Table = tuple[tuple[float | int | str, ...], ...]
Columns = tuple[Column, ...]

LONGEST = 20_000  # letters of a text
SIGNS = str.maketrans("，；：−", ",;:-")  # of a Chinese keyboard, and the typographer's minus


def table(default: Table, columns: Columns, least: int, most: int, doc: str = "", advanced: bool = False) -> Any:
    """Between `least` and `most` rows with one cell a column; annotate it with Table.

    Given as rows of cells, as rows {column: cell}, or as a text: rows on lines of their own or with semicolons between them,
    cells with commas or tabs between them, the names of the columns above them or not.
    """
    if len({column.name for column in columns}) < len(columns):
        raise ValueError("two columns have one name")
    extra: dict[str, Any] = {"columns": columns, "least": least, "most": most}
    kept = checked_table(default, "the default", extra)
    return Field(kept, description=doc, json_schema_extra=extra | {"kind": Kind.TABLE.value, "advanced": advanced})


def checked_table(value: Any, name: str, bounds: Any) -> Table:
    """The table as it is kept; raises for the first cell that is not allowed."""
    columns, least, most = (bounds[key] for key in ("columns", "least", "most"))
    rows = _rows(value, columns, name)
    if not least <= len(rows) <= most:
        raise rule("table_rows", f"should have {least} to {most} rows", name, f"{least}–{most}", str(len(rows)))
    return tuple(_row(row, columns, name, number) for number, row in enumerate(rows, 1))


def _rows(value: Any, columns: Columns, name: str) -> list[Any]:
    """Rows that are not checked yet."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise rule("table_long", f"should have at most {LONGEST} letters as a text", name, LONGEST, str(len(value)))
        return _typed(value, columns)
    if not isinstance(value, list | tuple):
        raise rule("table", f"should be a table with the columns {_names(columns)}", name, _names(columns))
    return list(value)


def _typed(text: str, columns: Columns) -> list[Any]:
    """Rows of a text; empty ones and the names of the columns are left out."""
    lines = [line for line in re.split("[;\r\n]", text.translate(SIGNS)) if line.strip(", \t")]
    between = "\t" if any("\t" in line for line in lines) else ","
    rows = [[cell.strip(' "') for cell in line.split(between)] for line in lines]
    if rows and [cell.casefold() for cell in rows[0]] == [column.name.casefold() for column in columns]:
        del rows[0]
    return [[column.read(cell) for column, cell in zip(columns, row, strict=False)] + row[len(columns) :] for row in rows]


def _row(row: Any, columns: Columns, name: str, number: int) -> tuple[Cell, ...]:
    """The cells as they are kept. A wrong one is named before a missing one: it says more of a timetable in words."""
    if isinstance(row, Mapping) and row.keys() == {column.name for column in columns}:
        row = [row[column.name] for column in columns]
    cells = list(row[: len(columns) + 1]) if isinstance(row, list | tuple) else []
    kept = tuple(_cell(cell, column, name, number) for cell, column in zip(cells, columns, strict=False))
    if len(cells) != len(columns):
        message = f"should have {len(columns)} cells ({_names(columns)}) in row {number}"
        raise rule("table_cells", message, name, _names(columns), short(row), row=number)
    return kept


def _cell(value: Any, column: Column, name: str, row: int) -> Cell:
    kept = column.cell(value)
    if kept is None:
        message = f"should have {column.wanted} in row {row}, column {column.name}"
        raise rule(column.rule, message, name, column.bound, short(value), row=row, column=column.name)
    return kept


def _names(columns: Columns) -> str:
    return ", ".join(column.name for column in columns)

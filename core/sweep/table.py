"""The finished table: Parquet or CSV, a row a point, in the order of the points."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from core.controls import Control, Kind
from core.sweep.journal import Journal
from core.sweep.space import NUMBERS, Axis, SweepError
from core.sweep.target import Row

AT_ONCE = 10_000  # rows held in memory
SUFFIXES = (".parquet", ".csv")


@dataclass(frozen=True)
class Column:
    """One column: where its cells are in a row (part "" is the row itself), and their type as Arrow calls it."""

    name: str
    part: str
    key: str
    type: str

    def cell(self, row: Row) -> Any:
        """None where the row has none; lists and tables as JSON."""
        value = (row.get(self.part, {}) if self.part else row).get(self.key)
        return json.dumps(value) if isinstance(value, list | tuple) else value


def checked(path: Path) -> Path:
    """Raises SweepError for a kind of file that is not written, or cannot be."""
    if path.suffix not in SUFFIXES:
        raise SweepError(f"--out {path} should end in {' or '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise SweepError(f"--out {path}: there is no folder {path.parent}")
    if path.suffix == ".parquet":
        _arrow("pyarrow")
    return path


def columns(journal: Journal, axes: tuple[Axis, ...]) -> list[Column]:
    """Parameters, metrics, seconds, fault; a metric that is called as a parameter is becomes metric_NAME."""
    names = {axis.name for axis in axes}
    own = [Column(axis.name, "values", axis.name, _type(axis.control)) for axis in axes]
    metrics = [Column(f"metric_{key}" if key in names else key, "metrics", key, "float64") for key in journal.columns]
    return [*own, *metrics, Column("seconds", "", "seconds", "float64"), Column("fault", "", "fault", "string")]


def _type(c: Control) -> str:
    if c.kind in NUMBERS:
        return "int64" if c.whole else "float64"
    return "bool" if c.kind is Kind.SWITCH else "string"


def write(path: Path, journal: Journal, axes: tuple[Axis, ...]) -> None:
    """The table, whole or not at all: it takes its name when it is finished."""
    unfinished = path.with_name(path.name + ".part")
    (_write_parquet if path.suffix == ".parquet" else _write_csv)(unfinished, journal, columns(journal, axes))
    unfinished.replace(path)


def _cells(journal: Journal, wanted: list[Column]) -> Iterator[list[Any]]:
    for row in journal.rows():
        yield [column.cell(row) for column in wanted]


def _write_csv(path: Path, journal: Journal, wanted: list[Column]) -> None:
    with path.open("w", encoding="utf8", newline="") as file:
        file.write(f"# {json.dumps(journal.asked)}\n")
        table = csv.writer(file)
        table.writerow([column.name for column in wanted])
        table.writerows(_cells(journal, wanted))


def _write_parquet(path: Path, journal: Journal, wanted: list[Column]) -> None:
    arrow, cells = _arrow("pyarrow"), _cells(journal, wanted)
    types = [(column.name, getattr(arrow, column.type.replace("bool", "bool_"))()) for column in wanted]
    schema = arrow.schema(types, metadata={"sweep": json.dumps(journal.asked)})
    with _arrow("pyarrow.parquet").ParquetWriter(path, schema) as file:
        while rows := list(islice(cells, AT_ONCE)):
            file.write_table(arrow.Table.from_arrays([*map(arrow.array, zip(*rows, strict=True), schema.types)], schema=schema))


def _arrow(module: str) -> Any:
    """Raises SweepError where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise SweepError("a .parquet table needs pyarrow: pip install -r requirements-sweep.txt; or --out a .csv") from None

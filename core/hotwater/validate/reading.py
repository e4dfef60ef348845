"""A measurement of one pipe as a CSV file: columns found by their names, units by what stands behind the names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

import numpy as np

from core.faults import FileError

Array = np.ndarray

LEAST_ROWS, MOST_ROWS, MOST_LETTERS = 10, 20_000, 400_000
ROLES = ("time", "inlet", "outlet", "flow", "ambient")

# One of these is a whole word of the header, or a Chinese word anywhere in it; the first role that fits has the column.
WORDS = {
    "flow": ("flow", "mdot", "massflow", "vdot", "q", "流量"),
    "outlet": ("outlet", "out", "tout", "return", "出口", "出水"),
    "inlet": ("inlet", "in", "tin", "supply", "进口", "入口", "进水"),
    "ambient": ("ambient", "amb", "tamb", "room", "air", "环境", "室温"),
    "time": ("time", "t", "seconds", "时间"),
}
SECONDS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "秒": 1.0, "min": 60.0, "分": 60.0, "h": 3600.0, "小时": 3600.0}
KELVIN = 273.15
BOUNDS = {"inlet": (0.0, 100.0), "outlet": (0.0, 100.0), "ambient": (-50.0, 100.0), "flow": (0.0, 1e6)}


@dataclass(frozen=True)
class Unit:
    """Of a flow: how many kilograms or litres a second one of it is."""

    name: str
    scale: float
    mass: bool


UNITS = (
    Unit("kg/h", 1 / 3600, True), Unit("kg/s", 1.0, True), Unit("kg/min", 1 / 60, True), Unit("L/h", 1 / 3600, False),
    Unit("L/min", 1 / 60, False), Unit("L/s", 1.0, False), Unit("m3/h", 1 / 3.6, False), Unit("m3/s", 1000.0, False),
)  # fmt: skip


class ReadingError(FileError):
    """What is wrong with a measurement; its rows are lines of the file."""

    @property
    def line(self) -> int:
        return self.row


@dataclass(frozen=True)
class Measurement:
    """[k] each: seconds from the first row, degrees Celsius, flow in its own unit. unit: None where the header names none."""

    time: Array
    inlet: Array
    outlet: Array
    flow: Array
    ambient: Array
    unit: Unit | None


@lru_cache(maxsize=4)
def read(text: str) -> Measurement:
    """The measurement in a text of lines, cells between commas, semicolons or tabs, with a header; # begins a comment.

    Columns that are not asked for are passed over. Temperatures are in degrees Celsius, or in K where the header says so.
    Raises ReadingError for a text that is no such file, a missing or doubled column, a cell that is no finite number or not
    possible for water, time that does not rise, flow against the pipe's direction, and too few or too many rows.
    """
    lines = _lines(text)
    number, head = next(lines, (1, ""))
    between = next((sign for sign in ("\t", ";") if sign in head), ",")
    names = [cell.strip(' "').casefold() for cell in head.split(between)]
    places = _places(names, number)
    rows = [_row(line, at, between, places) for at, line in lines]
    if not LEAST_ROWS <= len(rows) <= MOST_ROWS:
        bound = f"{LEAST_ROWS}–{MOST_ROWS}"
        raise ReadingError("csv_rows", f"should have {LEAST_ROWS} to {MOST_ROWS} rows below its header", bound, str(len(rows)))
    columns = dict(zip(ROLES, np.array([row for _, row in rows]).T, strict=True))
    heads = {role: names[place] for role, place in places.items()}
    return _checked(_scaled(columns, heads), [at for at, _ in rows], _unit(heads["flow"]))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of every line that says something."""
    if any(sign in text for sign in "\0\x01\x02\ufffd"):
        raise ReadingError("csv_binary", "should be a text of lines and cells, not a binary file", "CSV", repr(text[:12]))
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip(' \t,;"') and not line.lstrip().startswith("#"):
            yield number, line


def _places(names: list[str], line: int) -> dict[str, int]:
    """Role -> its column."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        role = _role(name)
        if role in found:
            raise ReadingError(
                "csv_twice", f"should have one column for {role}", role, f"{names[found[role]]}, {name}", line, role
            )
        if role:
            found[role] = place
    if missing := [role for role in ROLES if role not in found]:
        message = f"should have a header with a column for {', '.join(missing)}"
        raise ReadingError("csv_columns", message, ", ".join(ROLES), ", ".join(names)[:60], line, missing[0])
    return {role: found[role] for role in ROLES}


def _role(name: str) -> str:
    words = set(_words(name))
    return next((role for role, known in WORDS.items() if any(w in words or (w > "一" and w in name) for w in known)), "")


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name) if word]


def _row(line: str, at: int, between: str, places: dict[str, int]) -> tuple[int, list[float]]:
    """The numbers of one line, in the order of the roles."""
    cells = line.split(between)
    return at, [_number(cells, place, role, at, between) for role, place in places.items()]


def _number(cells: list[str], place: int, role: str, line: int, between: str) -> float:
    text = cells[place].strip(' "') if place < len(cells) else ""
    try:
        value = float(text if between == "," else text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise ReadingError(
            "csv_number", f"should have a finite number in line {line}, column {role}", role, repr(text)[:40], line, role
        )
    return value


def _scaled(columns: dict[str, Array], heads: dict[str, str]) -> dict[str, Array]:
    """Time in seconds from the first row, temperatures in degrees Celsius."""
    second = next((SECONDS[word] for word in reversed(_words(heads["time"])) if word in SECONDS), 1.0)
    off = {role: KELVIN if _words(heads[role])[-1] in ("k", "kelvin") else 0.0 for role in ("inlet", "outlet", "ambient")}
    rest = {role: columns[role] - off[role] for role in off}
    return rest | {"time": (columns["time"] - columns["time"][0]) * second, "flow": columns["flow"]}


def _unit(head: str) -> Unit | None:
    """What the flow's header says behind its name: flow_kg_h, flow (L/min), m³/s."""
    said = "/".join(word.replace("³", "3") for word in _words(head))
    return next((unit for unit in UNITS if re.search(rf"(^|/){unit.name.casefold()}($|/)", said)), None)


def _checked(columns: dict[str, Array], lines: list[int], unit: Unit | None) -> Measurement:
    """The measurement, if water could do that."""
    for role, (low, high) in BOUNDS.items():
        wrong = (columns[role] < low) | (columns[role] > high)
        if wrong.any():
            at = int(wrong.argmax())
            message = f"should be from {low:g} to {high:g} in line {lines[at]}, column {role}"
            raise ReadingError("csv_range", message, f"{low:g} … {high:g}", f"{columns[role][at]:g}", lines[at], role)
    still = np.diff(columns["time"]) <= 0
    if still.any():
        at = int(still.argmax()) + 1
        message = f"should have time that rises from line to line; it does not in line {lines[at]}"
        raise ReadingError("csv_time", message, "time", f"{columns['time'][at]:g} s", lines[at], "time")
    for column in columns.values():
        column.setflags(write=False)
    return Measurement(**columns, unit=unit)

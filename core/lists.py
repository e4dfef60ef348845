"""Parameters that are lists: points of the plane, numbers of one's own."""

from typing import Any

from pydantic import Field

from core.controls import Kind
from core.faults import rule

Points = tuple[tuple[float, float], ...]
Numbers = tuple[float, ...]

SEPARATORS = str.maketrans(",;，；、−", "     -")  # commas of either language, and the typographer's minus


def points(default: Points, low: float, high: float, least: int, most: int, doc: str = "") -> Any:
    """Between `least` and `most` points (x, y) of the plane, both coordinates in [low, high]: dragged on the picture."""
    extra: dict[str, Any] = {"kind": Kind.POINTS.value, "low": low, "high": high, "least": least, "most": most}
    return Field(default, description=doc, json_schema_extra=extra)


def numbers(default: Numbers, low: float, high: float, least: int, most: int, doc: str = "") -> Any:
    """Between `least` and `most` numbers in [low, high]: a list, or a text with commas, spaces or new lines between them."""
    extra: dict[str, Any] = {"kind": Kind.NUMBERS.value, "low": low, "high": high, "least": least, "most": most}
    return Field(default, description=doc, json_schema_extra=extra)


def checked_points(value: Any, name: str, bounds: Any) -> Points:
    """Pairs of numbers in their square, as many as asked."""
    least, most, low, high = (bounds[key] for key in ("least", "most", "low", "high"))
    rows = [tuple(row) if isinstance(row, list | tuple) else row for row in value] if isinstance(value, list | tuple) else []
    count = f"{least}" if least == most else f"{least} to {most}"
    if not least <= len(rows) <= most or not all(_is_point(row) for row in rows):
        raise rule("points", f"should be {count} points x,y", name, count)
    if not all(low <= coordinate <= high for row in rows for coordinate in row):
        raise rule("out_of_view", f"should have coordinates from {low:g} to {high:g}", name, f"{low:g} to {high:g}")
    return tuple((float(x), float(y)) for x, y in rows)


def _is_point(row: Any) -> bool:
    is_pair = isinstance(row, tuple) and len(row) == 2
    return is_pair and all(map(_is_number, row))


def checked_numbers(value: Any, name: str, bounds: Any) -> Numbers:
    """A list of numbers, or what somebody typed or pasted, within its bounds."""
    least, most, low, high = (bounds[key] for key in ("least", "most", "low", "high"))
    found = _typed(value) if isinstance(value, str) else value
    count = f"{least} to {most}"
    if not isinstance(found, list | tuple) or not least <= len(found) <= most or not all(map(_is_number, found)):
        raise rule("numbers", f"should be {count} numbers with commas or spaces between them", name, count)
    if not all(low <= number <= high for number in found):  # false for NaN too
        raise rule("out_of_range", f"should have finite numbers from {low:g} to {high:g} alone", name, f"{low:g} to {high:g}")
    return tuple(map(float, found))


def _typed(text: str) -> list[float] | None:
    """Numbers out of a text, brackets around them or not; None where something else is in it."""
    words = text.strip().removeprefix("[").removesuffix("]").translate(SEPARATORS).split()
    try:
        return [float(word) for word in words]
    except ValueError:
        return None


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool)

"""How one parameter may be set: the table that page, API, link and tests read."""

import json
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Any

from pydantic.fields import FieldInfo

from core.columns import Column, number, written

LINKED = 4000  # letters of a file; an address of 8 kB passes everywhere


class Kind(Enum):
    NUMBER = "number"
    CHOICE = "choice"
    SWITCH = "switch"
    POINTS = "points"
    NUMBERS = "numbers"
    TABLE = "table"
    SKETCH = "sketch"
    PICTURE = "picture"
    TEXT = "text"
    FILE = "file"
    SEED = "seed"


@dataclass(frozen=True)
class Control:
    """One parameter, flat.

    whole: an int is asked. only: (choice, options) under which the parameter exists; None means always.
    offers: (other choice, {its option: options left}); None means every option always.
    at_most: other numbers that it may not exceed.
    """

    name: str
    kind: Kind
    default: Any
    doc: str
    advanced: bool = False
    whole: bool = False
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    options: tuple[str, ...] = ()
    counts: tuple[int, int] = (
        0,
        0,
    )  # least and most points, numbers or rows, characters of a text or file, or letters of a sketch
    columns: tuple[Column, ...] = ()
    example: str = ""  # of a file
    suffix: str = ""  # of its name; what is not csv travels as base64
    letters: str = ""  # of a text that may have no others
    only: tuple[str, tuple[str, ...]] | None = None
    offers: tuple[str, dict[str, tuple[str, ...]]] | None = None
    at_most: tuple[str, ...] = ()

    def exists(self, values: dict[str, Any]) -> bool:
        """Whether these flat values have a place for it."""
        return self.only is None or any(values.get(self.only[0]) == option for option in self.only[1])

    def left(self, values: dict[str, Any]) -> tuple[str, ...]:
        """The options that the other choices leave."""
        if self.offers is None:
            return self.options
        other, table = self.offers
        return next((left for option, left in table.items() if values.get(other) == option), self.options)

    def write(self, value: Any) -> str:
        """As text in a link: points are x,y;x,y, a table cell,cell;cell,cell, numbers x,y and a switch is true or false."""
        if self.kind is Kind.NUMBERS:
            return ",".join(map(written, value))
        if self.kind in (Kind.POINTS, Kind.TABLE):
            return ";".join(",".join(map(written, row)) for row in value)
        return value if isinstance(value, str) else json.dumps(value)

    def is_linked(self, value: Any) -> bool:
        """Whether a link can carry the value; a long file is too much for an address."""
        return self.kind is not Kind.FILE or len(value) <= LINKED

    def tag(self, value: Any) -> Any:
        """What tells the value from any other: itself, or the length and the sum of a long file."""
        return value if self.is_linked(value) else f"{len(value)} letters {sha256(value.encode()).hexdigest()[:16]}"

    def typed(self, value: Any) -> Any:
        """As it stands in the page's input: numbers as a line of text, everything else as it is."""
        is_list = self.kind is Kind.NUMBERS and isinstance(value, list | tuple)
        return ", ".join(f"{x:.12g}" for x in value) if is_list else value


def control(name: str, field: FieldInfo, **more: Any) -> Control:
    """Read off a field that was made by one of the helpers of core.parameters, core.lists, core.table or core.given."""
    if not isinstance(field.json_schema_extra, dict):
        raise TypeError(f"{name} must be declared by a helper of core.parameters, core.lists, core.table or core.given")
    extra, default = dict[str, Any](field.json_schema_extra), _plain(field.default)
    rest = {"kind": Kind(extra.pop("kind")), "default": default, "doc": field.description or "", "options": _options(field)}
    counts = (extra.pop("least", 0), extra.pop("most", 0))
    if rest["kind"] is Kind.SKETCH:
        counts = (len(default), len(default))
    more = {key: value for key, value in more.items() if value is not None}
    return Control(name, **rest | _limits(field) | extra | more, whole=field.annotation is int, counts=counts)


def read(c: Control, text: str) -> Any:
    """The value a link's text stands for; what cannot be read stays text, for the check to refuse."""
    if c.kind in (Kind.NUMBER, Kind.SEED):
        return number(text)
    if c.kind is Kind.SWITCH:
        return {"true": True, "false": False}.get(text, text)
    if c.kind is Kind.POINTS:
        return tuple(tuple(map(number, point.split(","))) for point in text.split(";"))
    return text


def _limits(field: FieldInfo) -> dict[str, float]:
    names = {"ge": "low", "le": "high"}
    return {ours: getattr(each, theirs) for each in field.metadata for theirs, ours in names.items() if hasattr(each, theirs)}


def _options(field: FieldInfo) -> tuple[str, ...]:
    kind = field.annotation
    return tuple(member.value for member in kind) if isinstance(kind, type) and issubclass(kind, Enum) else ()


def _plain(default: Any) -> Any:
    """A default as plain JSON: an Enum's value, a Variant's kind, points, numbers and tables as lists."""
    if isinstance(default, Enum):
        return default.value
    if isinstance(default, tuple):
        return [list(each) if isinstance(each, tuple) else each for each in default]
    return getattr(default, "kind", default)

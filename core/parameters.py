"""Parameters that know their own bounds.

A default, a range, a step, a unit and a level are written once, in a field. The page reads them to draw controls, the API to
describe itself, a link to carry a scene, the tests to draw samples; the class itself refuses everything else.

Outside, parameters are flat: names and plain values. Inside, a choice whose members have fields of their own is a tagged
union of Variants: the fields of the member that was not chosen do not exist, and giving one is a fault.
"""

import json
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from core.controls import Control, Kind, control, read
from core.faults import ABOVE_OTHER, BELONGS, NOT_OFFERED, Fault, ParameterError
from core.lists import Numbers, Points, checked_numbers, checked_points
from core.table import Table, checked_table

Check = Callable[[Any, str, Any], Any]  # value, parameter's name, bounds -> value as it is kept
Offers = Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]]

CHECKS: tuple[tuple[Any, Check], ...] = ((Points, checked_points), (Numbers, checked_numbers), (Table, checked_table))

STRICT = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def slider(default: float, low: float, high: float, step: float, unit: str = "", doc: str = "", advanced: bool = False) -> Any:
    """A number in [low, high]. The step is the page's: any number between two steps is accepted."""
    extra: dict[str, Any] = {"kind": Kind.NUMBER.value, "step": step, "unit": unit, "advanced": advanced}
    return Field(default, ge=low, le=high, description=doc, json_schema_extra=extra)


def choice(default: Enum, doc: str = "", advanced: bool = False) -> Any:
    """One member of the default's Enum (of strings), given as the member or as its value."""
    return Field(default, strict=False, description=doc, json_schema_extra={"kind": Kind.CHOICE.value, "advanced": advanced})


def variant(default: "Variant", doc: str = "", advanced: bool = False) -> Any:
    """A choice whose members have fields of their own; annotate it with the union of the Variants."""
    extra: dict[str, Any] = {"kind": Kind.CHOICE.value, "advanced": advanced}
    return Field(default, description=doc, json_schema_extra=extra)


def switch(default: bool = False, doc: str = "", advanced: bool = False) -> Any:
    """On or off."""
    return Field(default, description=doc, json_schema_extra={"kind": Kind.SWITCH.value, "advanced": advanced})


def sketch(default: str, letters: int, doc: str = "") -> Any:
    """A small drawing as text of the URL-safe base64 alphabet, exactly so many letters."""
    pattern = rf"^[A-Za-z0-9_-]{{{letters}}}$"
    return Field(default, pattern=pattern, description=doc, json_schema_extra={"kind": Kind.SKETCH.value})


def seed(default: int = 0) -> Any:
    """The one source of a computation's random numbers."""
    extra: dict[str, Any] = {"kind": Kind.SEED.value, "advanced": True}
    return Field(default, ge=0, le=2**32 - 1, description="seed of the random numbers", json_schema_extra=extra)


class _Checked(BaseModel):
    """What parameters and the fields of a variant share."""

    model_config = STRICT

    @field_validator("*", mode="before")
    @classmethod
    def _as_asked(cls, value: Any, info: ValidationInfo) -> Any:
        """JSON has no tuples and JavaScript does not tell 3.0 from 3: a whole float is an int where one is asked."""
        field = cls.model_fields[info.field_name or ""]
        for kind, checked in CHECKS:
            if field.annotation == kind:
                return checked(value, info.field_name or "", field.json_schema_extra)
        return int(value) if field.annotation is int and isinstance(value, float) and value.is_integer() else value


class Variant(_Checked):
    """One member of a choice, with the fields it alone has. Subclasses set `kind: Literal["name", ...]`."""

    kind: str

    @classmethod
    def tags(cls) -> tuple[str, ...]:
        return get_args(cls.model_fields["kind"].annotation)

    @classmethod
    def own(cls) -> tuple[str, ...]:
        return tuple(name for name in cls.model_fields if name != "kind")


class Parameters(_Checked):
    """Base of every experiment's parameters: frozen, hashable, and never outside its bounds.

    rules: names of the rules across parameters that validators of the class raise (core.faults.rule).
    offers: parameter -> (other parameter, {its option: options left}); what is not listed leaves every option. An option
    that was not asked for by name gives way to the first one that is left.
    at_most: parameter -> others that it may not exceed.
    """

    offers: ClassVar[Offers] = {}
    at_most: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    rules: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **values: Any) -> None:
        nested, faults = _nested(type(self), values)
        try:
            super().__init__(**nested)
        except ValidationError as error:
            faults += ParameterError.of(error).faults
        if faults := faults or self._too_large():
            raise ParameterError(*faults)

    def _too_large(self) -> list[Fault]:
        """Parameters above another one that bounds them."""
        values = self.values()
        bounds = [(name, other) for name, others in self.at_most.items() for other in others if other in values]
        above = [(name, other) for name, other in bounds if values[name] > values[other]]
        return [
            Fault(
                name,
                ABOVE_OTHER,
                f"{other} = {values[other]}",
                str(values[name]),
                f"should be at most {other} = {values[other]}",
            )
            for name, other in above
        ]

    @classmethod
    def controls(cls) -> tuple[Control, ...]:
        """How each parameter may be set, in order; fields of variants follow their choice."""
        return _controls(cls)

    def values(self) -> dict[str, Any]:
        """Plain numbers, names and lists by name, ready for JSON; only what exists under the choices made."""
        flat: dict[str, Any] = {}
        for name, value in self.model_dump(mode="json").items():
            flat |= {name: value["kind"], **_without_kind(value)} if isinstance(value, dict) else {name: value}
        return flat

    def replace(self, **changes: Any) -> Self:
        """The same with some values changed, checked; a new choice forgets the fields of the old one."""
        kept = self.values()
        for name in changes.keys() & _members(type(self)).keys():
            if changes[name] != kept[name]:
                kept = {key: value for key, value in kept.items() if key not in getattr(self, name).own()}
        return type(self)(**kept | changes)

    def to_json(self) -> str:
        return json.dumps(self.values())

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def tag(self) -> dict[str, Any]:
        """The values by which a picture is known; a long file by its length and sum alone."""
        return {c.name: c.tag(value) for c, value in self._present()}

    def to_query(self) -> dict[str, str]:
        """Texts for the address of a scene; what is too long for one is left out."""
        return {c.name: c.write(value) for c, value in self._present() if c.is_linked(value)}

    def unlinked(self) -> list[str]:
        """Names of what a link leaves out."""
        return [c.name for c, value in self._present() if not c.is_linked(value)]

    def file_letters(self) -> int:
        """How long the files are in all."""
        own = [getattr(self, name) for name in _members(type(self))]
        return sum(len(value) for each in (self, *own) for value in vars(each).values() if isinstance(value, str))

    def _present(self) -> list[tuple[Control, Any]]:
        values = self.values()
        return [(c, values[c.name]) for c in self.controls() if c.name in values]

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The scene of a link: what it does not name keeps its default; names that nobody knows are refused as everywhere."""
        known = {c.name: c for c in cls.controls()}
        return cls(**{name: read(known[name], text) if name in known else text for name, text in query.items()})


@cache
def _members(params: type[Parameters]) -> dict[str, dict[str, type[Variant]]]:
    """Choice -> option -> its class, of every parameter that is a union of Variants."""
    table: dict[str, dict[str, type[Variant]]] = {}
    for name, field in params.model_fields.items():
        annotation = field.annotation
        classes = (annotation,) if isinstance(annotation, type) else get_args(annotation)
        if classes and all(isinstance(each, type) and issubclass(each, Variant) for each in classes):
            table[name] = {tag: each for each in classes for tag in each.tags()}
    return table


def _without_kind(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != "kind"}


def _nested(params: type[Parameters], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Flat values with the fields of each chosen variant put under it, and what is wrong so far."""
    given = dict(values)
    chosen = _choices(params, given)
    faults = _ruled_out(params, chosen, values)
    for name, table in _members(params).items():
        faults += _choose(name, table, chosen[name], given)
    return given, faults


def _choose(name: str, table: Mapping[str, type[Variant]], tag: Any, given: dict[str, Any]) -> list[Fault]:
    """Put the chosen variant in the place of its name and its fields; what is wrong is taken out and reported."""
    fields = {own for member in table.values() for own in member.own()}
    own = {key: given.pop(key) for key in fields & given.keys()}
    if isinstance(given.get(name), Variant) and not own:
        return []
    given.pop(name, None)
    if not isinstance(tag, str) or tag not in table:
        return [Fault(name, "enum", ", ".join(table), repr(tag)[:80], f"should be {', '.join(table)}")]
    member = table[tag]
    faults = [_homeless(name, table, key, own.pop(key)) for key in own.keys() - set(member.own())]
    try:
        given[name] = member(**own, kind=tag)
    except ValidationError as error:
        faults += ParameterError.of(error).faults
    return faults


def _homeless(name: str, table: Mapping[str, type[Variant]], own: str, value: Any) -> Fault:
    """A field of a variant that was not chosen."""
    owners = [tag for tag, member in table.items() if own in member.own()]
    bound = f"{name} = {' / '.join(owners)}"
    return Fault(own, BELONGS, bound, repr(value)[:80], f"is a parameter only with {bound}")


def _choices(params: type[Parameters], given: dict[str, Any]) -> dict[str, Any]:
    """The option of every choice; one that was not asked for gives way where another choice rules it out."""
    chosen = {c.name: _tag(given.get(c.name, c.default)) for c in params.controls() if c.kind is Kind.CHOICE and not c.only}
    for name, (other, table) in params.offers.items():
        left = table.get(chosen[other], ()) if isinstance(chosen[other], str) else ()
        if left and name not in given and chosen[name] not in left:
            chosen[name] = given[name] = left[0]
    return chosen


def _tag(value: Any) -> Any:
    if isinstance(value, Variant):
        return value.kind
    return value.value if isinstance(value, Enum) else value


def _ruled_out(params: type[Parameters], chosen: Mapping[str, Any], values: Mapping[str, Any]) -> list[Fault]:
    """An option asked for that another choice rules out."""
    faults = []
    for name, (other, table) in params.offers.items():
        left = table.get(chosen[other], ()) if isinstance(chosen[other], str) else ()
        if left and name in values and isinstance(chosen[name], str) and chosen[name] not in left:
            bound = f"{' / '.join(left)} ({other} = {chosen[other]})"
            faults.append(Fault(name, NOT_OFFERED, bound, repr(chosen[name]), f"should be {bound}"))
    return faults


@cache
def _controls(params: type[Parameters]) -> tuple[Control, ...]:
    rows: dict[str, Control] = {}
    for name, field in params.model_fields.items():
        members = _members(params).get(name)
        options = tuple(members) if members else None
        bounds = {"offers": params.offers.get(name), "at_most": params.at_most.get(name)}
        rows[name] = control(name, field, options=options, **bounds)
        for own, tags, owner in _own_fields(members or {}):
            made = control(own, owner.model_fields[own], only=(name, tags), advanced=rows[name].advanced or None)
            if own in rows:
                raise TypeError(f"{params.__module__}: two parameters are called {own}")
            rows[own] = made
    return tuple(rows.values())


def _own_fields(members: Mapping[str, type[Variant]]) -> list[tuple[str, tuple[str, ...], type[Variant]]]:
    """(field, options that have it, a class that defines it); one field of several variants must be one definition."""
    found: dict[str, tuple[list[str], type[Variant]]] = {}
    for tag, member in members.items():
        for own in member.own():
            tags, first = found.setdefault(own, ([], member))
            if repr(first.model_fields[own]) != repr(member.model_fields[own]):
                raise TypeError(f"{own} means different things in {first.__name__} and {member.__name__}")
            tags.append(tag)
    return [(own, tuple(tags), owner) for own, (tags, owner) in found.items()]

"""Parameters as JSON Schema (draft 2020-12): a field of a choice's option exists there under that option alone."""

from typing import Any

from core.columns import CLOCK, Column
from core.controls import Control, Kind
from core.parameters import Parameters

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NOT_BLANK = r"(?=[\s\S]*\S)"


def schema(params: type[Parameters], title: str) -> Schema:
    """What `params(**values)` accepts of values that came as JSON; rules across parameters are in words alone."""
    controls = params.controls()
    choices = {c.name: c for c in controls if c.kind is Kind.CHOICE and not c.only}
    rules = [
        {"if": _is(choices, choice, tag), "then": {"properties": own}}
        for choice in choices.values()
        for tag in choice.options
        if (own := {c.name: property_(c) for c in controls if c.only and c.only[0] == choice.name and tag in c.only[1]})
    ]
    rules += [
        {"if": _is(choices, choices[c.offers[0]], other), "then": {"properties": {c.name: {"enum": list(left)}}}}
        for c in choices.values()
        if c.offers
        for other, left in c.offers[1].items()
    ]
    always = {c.name: property_(c) for c in controls if not c.only}
    body = {"$schema": DRAFT, "title": title, "type": "object", "properties": always, "unevaluatedProperties": False}
    across = [f"{name} is at most {' and '.join(others)}" for name, others in params.at_most.items()] + list(params.rules)
    return body | ({"allOf": rules} if rules else {}) | ({"$comment": "; ".join(across)} if across else {})


def property_(c: Control) -> Schema:
    """One parameter: its type, bounds, default and meaning."""
    about = {"description": c.doc, "default": c.default} | ({"x-unit": c.unit} if c.unit else {})
    if c.kind is Kind.CHOICE:
        return {"enum": list(c.options)} | about
    if c.kind is Kind.SWITCH:
        return {"type": "boolean"} | about
    if c.kind in (Kind.SKETCH, Kind.TEXT, Kind.PICTURE, Kind.FILE):
        return _letters(c) | about
    number = {"type": "integer" if c.whole else "number", "minimum": c.low, "maximum": c.high}
    point = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
    items = {Kind.POINTS: point, Kind.NUMBERS: number, Kind.TABLE: _row(c)}
    if c.kind in items:
        return {"type": "array", "items": items[c.kind], "minItems": c.counts[0], "maxItems": c.counts[1]} | about
    return number | about


def _row(c: Control) -> Schema:
    """Cells in the order of the columns, or by their names; the text of a table is for links and people."""
    names, cells = [column.name for column in c.columns], list(map(_cell, c.columns))
    listed = {"type": "array", "prefixItems": cells, "minItems": len(cells), "maxItems": len(cells)}
    named = {"type": "object", "properties": dict(zip(names, cells, strict=True)), "required": names}
    return {"anyOf": [listed, named | {"additionalProperties": False}]}


def _cell(column: Column) -> Schema:
    if column.kind == "choice":
        return {"enum": list(column.options), "title": column.name}
    if column.kind == "clock":
        return {"type": "string", "pattern": f"^({CLOCK.pattern})$", "title": column.name}
    if column.kind == "word":
        return {"type": "string", "pattern": f"^[a-z]{{{column.count}}}$", "title": column.name}
    number = {"type": "integer" if column.whole else "number", "minimum": column.low, "maximum": column.high}
    return number | {"title": column.name} | ({"x-unit": column.unit} if column.unit else {})


def _letters(c: Control) -> Schema:
    """What travels as text; whether letters are a picture or a file that is asked for, no schema can say."""
    length: Schema = {"type": "string", "minLength": c.counts[0], "maxLength": c.counts[1]}
    if c.kind is Kind.FILE:
        return length | {"examples": [c.example]}
    if c.kind is Kind.PICTURE:
        return length | {"contentEncoding": "base64", "contentMediaType": "image/jpeg"}
    if c.letters:
        return length | {"pattern": f"^{NOT_BLANK if ' ' in c.letters else ''}[{_class(c.letters)}]*$"}
    return length | {"pattern": "^[A-Za-z0-9_-]*$" if c.kind is Kind.SKETCH else r"\S"}


def _class(letters: str) -> str:
    """Inside the brackets of a regular expression."""
    return "".join(f"\\{c}" if c in r"\]^-[" else c for c in letters)


def _is(choices: dict[str, Control], c: Control, tag: str) -> Schema:
    """Holds where the choice is this option, asked for or left out."""
    asked = {"properties": {c.name: {"const": tag}}, "required": [c.name]}
    out = {"not": {"required": [c.name]}}
    if c.offers is None:
        return {"anyOf": [asked, out]} if tag == c.default else asked
    other = choices[c.offers[0]]
    under = [option for option in other.options if _left_out(c, option) == tag]
    return {"anyOf": [asked, *({"allOf": [out, _is(choices, other, option)]} for option in under)]}


def _left_out(c: Control, other: str) -> str:
    """The option that a choice takes when it is left out, beside this option of the other."""
    left = c.left({c.offers[0]: other}) if c.offers else c.options
    return c.default if c.default in left else left[0]

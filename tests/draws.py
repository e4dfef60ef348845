"""Samples read off the controls of a Params, so that tests and sliders share one range."""

import math
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from core.columns import Column
from core.controls import Control, Kind
from core.faults import ParameterError
from core.parameters import Parameters
from core.picture import SIDE, jpeg, pack
from demos._experiment import Experiment
from demos._tab import find


def every_experiment() -> list[Any]:
    """Every experiment of the whole house, for parametrize."""
    return [pytest.param(e, id=e.name) for tab in find().values() for e in tab.experiments]


@st.composite
def any_of(draw: st.DrawFn, params: type[Parameters], **fixed: Any) -> Parameters:
    """Choices first, then whatever exists under them, anywhere in its range; not what a rule across parameters forbids.

    A table whose rows do not go together, or with another table, gives way to its default, at first alone.
    """
    values: dict[str, Any] = {}
    for c in in_order(params):
        if c.exists(values):
            values[c.name] = fixed[c.name] if c.name in fixed else draw(inside(below(c, values), c.left(values)))
    plain = without_tables(params, values, fixed)
    while True:
        try:
            return params(**values)
        except ParameterError as error:
            refused = error
        blamed = {fault.parameter for fault in refused.faults} - plain.keys()
        if values == plain:
            break
        values = {name: value for name, value in values.items() if name not in blamed} if blamed & values.keys() else plain
    assume(not all(fault.rule in params.rules for fault in refused.faults))
    raise refused


def without_tables(params: type[Parameters], values: dict[str, Any], fixed: dict[str, Any]) -> dict[str, Any]:
    """The tables of the defaults instead of rows by lot, which rarely go together."""
    tables = {c.name for c in params.controls() if c.kind is Kind.TABLE} - fixed.keys()
    return {name: value for name, value in values.items() if name not in tables}


def in_order(params: type[Parameters]) -> list[Control]:
    """Choices that others depend on come before them, and so do numbers that bound others."""
    return sorted(params.controls(), key=lambda c: (bool(c.at_most), c.only is not None, c.offers is not None))


def below(c: Control, values: dict[str, Any]) -> Control:
    """The control with its range cut where other numbers bound it."""
    return replace(c, high=min([c.high, *(values[other] for other in c.at_most if other in values)])) if c.at_most else c


def inside(c: Control, left: tuple[str, ...]) -> st.SearchStrategy[Any]:
    if c.kind is Kind.CHOICE:
        return st.sampled_from(left)
    if c.kind is Kind.SWITCH:
        return st.booleans()
    if c.kind in (Kind.PICTURE, Kind.TEXT, Kind.SKETCH):
        return written(c)
    if c.kind is Kind.FILE:
        return st.sampled_from(("", c.example))
    if c.kind in (Kind.POINTS, Kind.NUMBERS, Kind.TABLE):
        return st.lists(item(c), min_size=c.counts[0], max_size=c.counts[1]).map(tuple)
    return st.integers(int(c.low), int(c.high)) if c.whole else st.floats(c.low, c.high)


def item(c: Control) -> st.SearchStrategy[Any]:
    """One of those that the parameter lists."""
    if c.kind is Kind.TABLE:
        return st.tuples(*map(cell, c.columns))
    place = st.floats(c.low, c.high, width=32)
    return st.tuples(place, place) if c.kind is Kind.POINTS else st.floats(c.low, c.high)


def cell(column: Column) -> st.SearchStrategy[Any]:
    """What one cell of a table may hold."""
    if column.kind == "choice":
        return st.sampled_from(column.options)
    if column.kind == "clock":
        return st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
    if column.kind == "word":
        return st.text("abxyz", min_size=column.count, max_size=column.count)
    return st.integers(int(column.low), int(column.high)) if column.whole else st.floats(column.low, column.high)


def written(c: Control) -> st.SearchStrategy[str]:
    """What travels as letters."""
    least, most = c.counts
    if c.kind is Kind.PICTURE:
        return st.integers(0, 2**32 - 1).map(random_picture)
    if c.kind is Kind.TEXT:
        letters = st.sampled_from(c.letters) if c.letters else st.characters(codec="utf-8")
        return st.text(letters, min_size=least, max_size=most).filter(str.strip)
    return st.text(st.sampled_from("ABCDwxyz0189-_"), min_size=least, max_size=most)


def random_picture(seed: int) -> str:
    """A picture of random points, the worst there is to squeeze, or of one colour."""
    rng = np.random.default_rng(seed)
    shape = (SIDE, SIDE, 3) if seed % 2 else (1, 1, 3)
    return pack(np.broadcast_to(rng.integers(0, 256, shape).astype(np.uint8), (SIDE, SIDE, 3)))


def unreadable(c: Control) -> tuple[str, ...]:
    """Texts of a link that no parameter of this kind accepts."""
    empty = () if c.kind in (Kind.TABLE, Kind.FILE) and c.counts[0] == 0 else ("",)
    return ("", " \t") if c.kind is Kind.TEXT else ("nonsense", *empty, "nan", "-Infinity", "1e999", "[]", "<b>")


def outside(c: Control) -> tuple[Any, ...]:
    """Everything a page, a link or a program may get wrong."""
    beyond: tuple[Any, ...] = ()
    if c.kind in (Kind.NUMBER, Kind.SEED):
        beyond = (c.low - 1, c.high + 1, math.nan, math.inf, -math.inf, True, str(c.default))
    if c.kind is Kind.POINTS:
        point = list(c.default[0])
        beyond = ([[c.high + 1, 0.0]], [[math.nan, 0.0]], [point] * (c.counts[1] + 1), [[0.0]], [["a", "b"]], [])
    if c.kind is Kind.NUMBERS:
        wrong = ([c.high + 1], [math.nan], [-math.inf, -math.inf], [True], ["1"], [c.high] * (c.counts[1] + 1), [])
        beyond = (*wrong, "1, two", "nan", "-inf -inf", "", "1, [2")
    if c.kind is Kind.SKETCH:
        beyond = (c.default[:-1], c.default + "A", "!" * c.counts[0])
    if c.kind is Kind.PICTURE:
        small, huge = (jpeg(np.zeros((side, side, 3), np.uint8), 50) for side in (SIDE - 1, 3000))
        files = (small, huge, b"GIF89a", b"\xff\xd8\xff\xe0 cut short", b"")
        beyond = (*(urlsafe_b64encode(file).decode().rstrip("=") for file in files), "A" * (c.counts[1] + 1), "!?")
    if c.kind is Kind.TABLE:
        beyond = tuple(wrong_tables(c))
    if c.kind in (Kind.TEXT, Kind.FILE):
        return tuple(wrong_texts(c))
    return (*beyond, None, "nonsense", [c.default], {"a": 1})


def wrong_texts(c: Control) -> Iterator[Any]:
    """Blank ones, too long ones, what is no text; of a file also half of it, with words for numbers, with bytes of another."""
    if c.kind is Kind.FILE:
        yield from (c.example[: len(c.example) // 3], c.example + "\nnonsense", "\0" + c.example, "nonsense")
    else:
        yield from ("", "x" * 10_000)
    if c.letters:
        yield from (c.default[:-1] + wrong for wrong in "éA字" if wrong not in c.letters)
    if c.counts[0] == c.counts[1]:
        yield c.default[:-1]
    yield from ("  \n", "x" * (c.counts[1] + 1), None, [c.default], 3, {"a": 1})


def wrong_tables(c: Control) -> Iterator[Any]:
    """Too few and too many rows, rows that are none, and each cell in turn not what its column allows."""
    least, most = c.counts
    row = list(next(iter(c.default), ())) or [column.options[0] if column.options else column.low for column in c.columns]
    yield from ([row] * count for count in (least - 1, most + 1) if count >= 0)
    yield from ([wrong] for wrong in (row[:-1], [*row, row[0]], [], None, 3, "nonsense", {"a": 1}, [row]))
    yield from ("shower in the morning", "x" * 30_000)
    for i, column in enumerate(c.columns):
        numbers = (
            column.low - 1,
            column.high + 1,
            math.nan,
            -math.inf,
            10**400,
            *((column.low + 0.5,) if column.whole else ()),
        )
        times = ("24:00", "7:5", "12:60", "noon", 7.5)
        words = ("a" * (column.count - 1), "a" * (column.count + 1), "é" * column.count, "A" * column.count)
        each = {"number": numbers, "clock": times, "choice": ("nonsense", 1), "word": words}[column.kind]
        yield from ([[*row[:i], wrong, *row[i + 1 :]]] for wrong in (*each, True, None, "", [row[i]]))


def beside(params: type[Parameters], c: Control) -> dict[str, Any]:
    """The choices under which a parameter exists: its own, and the one that offers that option."""
    if not c.only:
        return {}
    choice, option = c.only[0], c.only[1][0]
    owner = next(each for each in params.controls() if each.name == choice)
    other, table = owner.offers or ("", {})
    offering = [key for key, left in table.items() if option in left]
    return {choice: option} | ({other: offering[0]} if offering else {})


MANY = 500  # combinations that are all tried


def choices(params: type[Parameters]) -> Iterator[dict[str, Any]]:
    """Every combination of options that is offered; where they are too many, choices that do not touch each other in turn."""
    tables = [c for c in in_order(params) if c.kind is Kind.CHOICE and not c.only]
    alone = [c for c in tables if _alone(params, c)]
    groups = [_combined(group) for group in _tied([c for c in tables if c not in alone])]
    whole = prod(map(len, groups))
    rounds = product(*groups) if whole <= MANY else (_turn(groups, k) for k in range(max(map(len, groups))))
    every = [merged(each) for each in rounds]
    for turn in range(max([len(every), *(len(c.options) for c in alone)])):
        yield every[turn % len(every)] | {c.name: c.options[turn % len(c.options)] for c in alone}


def _turn(groups: list[list[dict[str, Any]]], number: int) -> tuple[dict[str, Any], ...]:
    return tuple(group[number % len(group)] for group in groups)


def merged(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One dictionary of several that share no key."""
    return {name: value for part in parts for name, value in part.items()}


def _alone(params: type[Parameters], c: Control) -> bool:
    """Whether no field and no other choice depends on this one, nor it on another."""
    owns = any(other.only and other.only[0] == c.name for other in params.controls())
    return not owns and c.offers is None and all(c.name != other for other, _ in params.offers.values())


def _tied(tables: list[Control]) -> list[list[Control]]:
    """Choices in groups within which one offers the options of another."""
    groups: list[list[Control]] = []
    for c in tables:
        others = {c.offers[0]} if c.offers else set()
        near = [group for group in groups if any(o.name in others or (o.offers and o.offers[0] == c.name) for o in group)]
        groups = [group for group in groups if group not in near] + [[*(o for group in near for o in group), c]]
    return groups


def _combined(group: list[Control]) -> list[dict[str, Any]]:
    every = (dict(zip((c.name for c in group), options, strict=True)) for options in product(*(c.options for c in group)))
    return [values for values in every if all(values[c.name] in c.left(values) for c in group)]


def scenes(params: type[Parameters]) -> Iterator[Parameters]:
    """Every option of every choice at least once; all else is one step away from its default."""
    most = max((len(c.options) for c in params.controls()), default=1)
    for turn in range(most):
        values: dict[str, Any] = {}
        for c in in_order(params):
            if c.exists(values):
                left = c.left(values)
                values[c.name] = left[turn % len(left)] if left else moved(below(c, values))
        try:
            yield params(**values)
        except ParameterError:
            yield params(**without_tables(params, values, {}))


def moved(c: Control) -> Any:
    """Another value than the default, on the slider's grid."""
    if c.kind is Kind.POINTS:
        return tuple((x / 2, y / 2 + 0.25) for x, y in c.default)
    if c.kind is Kind.NUMBERS:
        return (*c.default[1:], c.low / 2)
    if c.kind is Kind.TABLE:
        return c.default[1:] if len(c.default) > c.counts[0] else [*c.default, *c.default[-1:]]
    if c.kind in (Kind.PICTURE, Kind.FILE, Kind.TEXT, Kind.SKETCH):
        turned = c.letters[0] + c.default[1:] if c.letters else c.default[::-1]
        return {Kind.PICTURE: random_picture(1), Kind.FILE: c.example}.get(c.kind) or turned
    if c.kind is Kind.SWITCH:
        return not c.default
    step = c.step or 1
    return round(c.default - step if c.default > c.low else c.default + step, 6)


def corners(params: type[Parameters]) -> Iterator[Parameters]:
    """All numbers at one end of their range, under every combination of options; seeds and tables stay."""
    for values in choices(params):
        for end in ("low", "high"):
            numbers = (c for c in params.controls() if c.kind is Kind.NUMBER and c.exists(values))
            yield params(**values, **{c.name: getattr(c, end) for c in numbers})


def finished_or_first(experiment: Experiment, p: Parameters) -> tuple[float, Any]:
    """The whole of a live computation, the preview of a long one, computed anew."""
    computed = experiment.main.compute(p)
    return (1.0, computed) if experiment.main.live else next(computed)

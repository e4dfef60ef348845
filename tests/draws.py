"""Samples read off the controls of a Params, so that tests and sliders share one range."""

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from core.controls import Control, Kind
from core.faults import ParameterError
from core.parameters import Parameters
from demos._experiment import Experiment
from demos._tab import find


def every_experiment() -> list[Any]:
    """Every experiment of the whole house, for parametrize."""
    return [pytest.param(e, id=e.name) for tab in find().values() for e in tab.experiments]


@st.composite
def any_of(draw: st.DrawFn, params: type[Parameters], **fixed: Any) -> Parameters:
    """Choices first, then whatever exists under them, anywhere in its range; not what a rule across parameters forbids."""
    values: dict[str, Any] = {}
    for c in in_order(params):
        if c.exists(values):
            values[c.name] = fixed[c.name] if c.name in fixed else draw(inside(c, c.left(values)))
    try:
        return params(**values)
    except ParameterError as error:
        assume(not all(fault.rule in params.rules for fault in error.faults))
        raise


def in_order(params: type[Parameters]) -> list[Control]:
    """Choices that others depend on come before them."""
    return sorted(params.controls(), key=lambda c: (c.only is not None, c.offers is not None))


def inside(c: Control, left: tuple[str, ...]) -> st.SearchStrategy[Any]:
    if c.kind is Kind.CHOICE:
        return st.sampled_from(left)
    if c.kind is Kind.SWITCH:
        return st.booleans()
    if c.kind is Kind.POINTS:
        place = st.floats(c.low, c.high, width=32)
        return st.lists(st.tuples(place, place), min_size=c.counts[0], max_size=c.counts[1]).map(tuple)
    if c.kind is Kind.SKETCH:
        letter = st.sampled_from("ABCDwxyz0189-_")
        return st.text(letter, min_size=c.counts[0], max_size=c.counts[1])
    return st.integers(int(c.low), int(c.high)) if c.whole else st.floats(c.low, c.high)


def outside(c: Control) -> tuple[Any, ...]:
    """Everything a page, a link or a program may get wrong."""
    beyond: tuple[Any, ...] = ()
    if c.kind in (Kind.NUMBER, Kind.SEED):
        beyond = (c.low - 1, c.high + 1, math.nan, math.inf, -math.inf, True, str(c.default))
    if c.kind is Kind.POINTS:
        point = list(c.default[0])
        beyond = ([[c.high + 1, 0.0]], [[math.nan, 0.0]], [point] * (c.counts[1] + 1), [[0.0]], [["a", "b"]], [])
    if c.kind is Kind.SKETCH:
        beyond = (c.default[:-1], c.default + "A", "!" * c.counts[0])
    return (*beyond, None, "nonsense", [c.default], {"a": 1})


def beside(params: type[Parameters], c: Control) -> dict[str, Any]:
    """The choices under which a parameter exists: its own, and the one that offers that option."""
    if not c.only:
        return {}
    choice, option = c.only[0], c.only[1][0]
    owner = next(each for each in params.controls() if each.name == choice)
    other, table = owner.offers or ("", {})
    offering = [key for key, left in table.items() if option in left]
    return {choice: option} | ({other: offering[0]} if offering else {})


def choices(params: type[Parameters]) -> Iterator[dict[str, Any]]:
    """Every combination of options that is offered; a choice that nothing else hangs on takes its options in turn."""
    tables = [c for c in in_order(params) if c.kind is Kind.CHOICE and not c.only]
    alone = [c for c in tables if _alone(params, c)]
    bound = [c for c in tables if c not in alone]
    every = (dict(zip((c.name for c in bound), options, strict=True)) for options in product(*(c.options for c in bound)))
    rounds = [values for values in every if all(values[c.name] in c.left(values) for c in bound)]
    for turn in range(max([len(rounds), *(len(c.options) for c in alone)])):
        yield rounds[turn % len(rounds)] | {c.name: c.options[turn % len(c.options)] for c in alone}


def _alone(params: type[Parameters], c: Control) -> bool:
    """Whether no field and no other choice depends on this one, nor it on another."""
    owns = any(other.only and other.only[0] == c.name for other in params.controls())
    return not owns and c.offers is None and all(c.name != other for other, _ in params.offers.values())


def corners(params: type[Parameters]) -> Iterator[Parameters]:
    """All numbers at one end of their range, under every combination of options; seeds stay."""
    for values in choices(params):
        for end in ("low", "high"):
            numbers = (c for c in params.controls() if c.kind is Kind.NUMBER and c.exists(values))
            yield params(**values, **{c.name: getattr(c, end) for c in numbers})


def finished_or_first(experiment: Experiment, p: Parameters) -> tuple[float, Any]:
    """The whole of a live computation, the preview of a long one, computed anew."""
    computed = experiment.main.compute(p)
    return (1.0, computed) if experiment.main.live else next(computed)

"""Samples read off the controls of a Params, so that tests and sliders share one range."""

import math
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from core.controls import Control, Kind
from core.parameters import Parameters
from core.picture import SIDE, jpeg, pack
from demos._experiment import Experiment
from demos._tab import find


def every_experiment() -> list[Any]:
    """Every experiment of the whole house, for parametrize."""
    return [pytest.param(e, id=e.name) for tab in find().values() for e in tab.experiments]


@st.composite
def any_of(draw: st.DrawFn, params: type[Parameters], **fixed: Any) -> Parameters:
    """Choices first, then whatever exists under them, anywhere in its range."""
    values: dict[str, Any] = {}
    for c in in_order(params):
        if c.exists(values):
            values[c.name] = fixed[c.name] if c.name in fixed else draw(inside(c, c.left(values)))
    return params(**values)


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
    if c.kind in (Kind.PICTURE, Kind.TEXT, Kind.SKETCH):
        return written(c)
    return st.integers(int(c.low), int(c.high)) if c.whole else st.floats(c.low, c.high)


def written(c: Control) -> st.SearchStrategy[str]:
    """What travels as letters."""
    least, most = c.counts
    if c.kind is Kind.PICTURE:
        return st.integers(0, 2**32 - 1).map(random_picture)
    if c.kind is Kind.TEXT:
        return st.text(min_size=least, max_size=most).filter(str.strip)
    return st.text(st.sampled_from("ABCDwxyz0189-_"), min_size=least, max_size=most)


def random_picture(seed: int) -> str:
    """A picture of random points, the worst there is to squeeze, or of one colour."""
    rng = np.random.default_rng(seed)
    shape = (SIDE, SIDE, 3) if seed % 2 else (1, 1, 3)
    return pack(np.broadcast_to(rng.integers(0, 256, shape).astype(np.uint8), (SIDE, SIDE, 3)))


def unreadable(c: Control) -> tuple[str, ...]:
    """Texts of a link that no parameter of this kind accepts."""
    return ("", " \t") if c.kind is Kind.TEXT else ("nonsense", "", "nan", "-Infinity", "1e999", "[]", "<b>")


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
    if c.kind is Kind.PICTURE:
        small, huge = (jpeg(np.zeros((side, side, 3), np.uint8), 50) for side in (SIDE - 1, 3000))
        files = (small, huge, b"GIF89a", b"\xff\xd8\xff\xe0 cut short", b"")
        beyond = (*(urlsafe_b64encode(file).decode().rstrip("=") for file in files), "A" * (c.counts[1] + 1), "!?")
    if c.kind is Kind.TEXT:
        return ("", "  \n", "x" * (c.counts[1] + 1), "x" * 10_000, None, [c.default], 3, {"a": 1})
    return (*beyond, None, "nonsense", [c.default], {"a": 1})


def choices(params: type[Parameters]) -> Iterator[dict[str, Any]]:
    """Every combination of options that is offered."""
    tables = [c for c in in_order(params) if c.kind is Kind.CHOICE and not c.only]
    for combination in product(*(c.options for c in tables)):
        values = dict(zip((c.name for c in tables), combination, strict=True))
        if all(values[c.name] in c.left(values) for c in tables):
            yield values


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

"""The points of a sweep: every combination of values of some parameters, or a random sample of them.

Point number i is the same however often it is asked for, so a sweep that was broken off goes on by numbers alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor, prod
from typing import Any

import numpy as np

from core.controls import Control, Kind, read
from core.faults import ABOVE_OTHER, BELONGS, NOT_OFFERED, ParameterError
from core.parameters import Parameters

NUMBERS = (Kind.NUMBER, Kind.SEED)
MOST = 1_000_000  # points of one sweep
ELSEWHERE = (ABOVE_OTHER, BELONGS, NOT_OFFERED)  # rules that depend on what the others are
WITHIN = 1e-9  # of a step, by which the last value may miss the end

Values = dict[str, Any]


class SweepError(ValueError):
    """What is wrong with what was asked, for a person."""


@dataclass(frozen=True)
class Axis:
    """Values of one parameter. span: low and high where a range was asked for; a random sample is drawn from all of it."""

    control: Control
    values: tuple[Any, ...]
    span: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        return self.control.name

    def draw(self, random: np.random.Generator) -> Any:
        """Uniform over the range, whole where the parameter is; or one of the values."""
        if self.span is None:
            return self.values[random.integers(len(self.values))]
        low, high = self.span
        return int(random.integers(int(low), int(high) + 1)) if self.control.whole else float(random.uniform(low, high))


def axis(text: str, params: type[Parameters]) -> Axis:
    """NAME=VALUE, NAME=A,B,C, NAME=LOW:HIGH, NAME=LOW:HIGH:STEP (both ends included; the slider's step) or NAME=all.

    Raises SweepError where it cannot be read, or where a value is not one the parameter may have.
    """
    name, sign, asked = text.partition("=")
    controls = {c.name: c for c in params.controls()}
    if not sign or not asked:
        raise SweepError(f"{text!r} should be NAME=VALUES, such as seed=0:20")
    if name not in controls:
        raise SweepError(f"{name} is not a parameter here; there are {', '.join(controls)}")
    made = _axis(controls[name], asked)
    for value in dict.fromkeys((*made.values[:1], *made.values[-1:], *(made.values if made.span is None else ()))):
        _allowed(params, made.control, value)
    return made


def _axis(c: Control, asked: str) -> Axis:
    if asked == "all":
        return Axis(c, _all(c))
    if c.kind in NUMBERS and ":" in asked:
        low, high, step = _range(c, asked)
        count = floor((high - low) / step + WITHIN) + 1
        if count > MOST:
            raise SweepError(f"{c.name}={asked} is {count} values; a sweep has at most {MOST}")
        return Axis(c, tuple(_number(c, low + i * step) for i in range(count)), (low, high))
    parts = asked.split(",") if c.kind in (*NUMBERS, Kind.CHOICE, Kind.SWITCH) else [asked]
    return Axis(c, tuple(read(c, part) for part in parts))


def _all(c: Control) -> tuple[Any, ...]:
    if c.kind is Kind.SWITCH:
        return (False, True)
    if c.kind is not Kind.CHOICE:
        raise SweepError(f"{c.name}=all is for a choice or a switch; of a number say LOW:HIGH:STEP")
    return c.options


def _range(c: Control, asked: str) -> tuple[float, float, float]:
    parts = [read(c, part) for part in asked.split(":")]
    numbers = [part for part in parts if isinstance(part, int | float) and np.isfinite(part)]
    if len(parts) not in (2, 3) or len(numbers) != len(parts):
        raise SweepError(f"{c.name}={asked} should be LOW:HIGH or LOW:HIGH:STEP, in numbers")
    low, high, step = (*numbers, c.step or 1)[:3]
    if low > high or step <= 0 or (c.whole and not all(float(part).is_integer() for part in (low, high, step))):
        kind = "whole numbers " if c.whole else ""
        raise SweepError(f"{c.name}={asked} should go up, from LOW to HIGH by {kind}above 0")
    return low, high, step


def _number(c: Control, value: float) -> Any:
    """A step of 0.1 makes 0.3, not 0.30000000000000004."""
    return round(value) if c.whole else round(value, 12)


def _allowed(params: type[Parameters], c: Control, value: Any) -> None:
    """Raises SweepError where no choice of the others would make the value right."""
    owner = {c.only[0]: c.only[1][0]} if c.only else {}
    try:
        params(**owner, **{c.name: value})
    except ParameterError as error:
        own = [fault for fault in error.faults if fault.parameter == c.name and fault.rule not in (*ELSEWHERE, *params.rules)]
        if own:
            raise SweepError(str(own[0])) from None


@dataclass(frozen=True)
class Grid:
    """Every combination, the last axis fastest."""

    params: type[Parameters]
    axes: tuple[Axis, ...]

    def __len__(self) -> int:
        return prod(len(each.values) for each in self.axes)

    def point(self, i: int) -> Values | None:
        """The values of combination i; None for one that says the same as an earlier one.

        A parameter that the choices of the combination leave no place for is left out, and taken once.
        """
        places, values = self._places(i), dict[str, Any]()
        for each, place in zip(self.axes, places, strict=True):
            values[each.name] = each.values[place]
        homeless = _homeless(self.params, values)
        if any(place for each, place in zip(self.axes, places, strict=True) if each.name in homeless):
            return None
        return {name: value for name, value in values.items() if name not in homeless}

    def _places(self, i: int) -> list[int]:
        places = []
        for each in reversed(self.axes):
            i, place = divmod(i, len(each.values))
            places.append(place)
        return places[::-1]


@dataclass(frozen=True)
class Sample:
    """So many points by lot; point i knows its own random numbers."""

    params: type[Parameters]
    axes: tuple[Axis, ...]
    count: int
    seed: int

    def __len__(self) -> int:
        return self.count

    def point(self, i: int) -> Values | None:
        """The values of draw i, of parameters that its choices leave a place for."""
        random = np.random.default_rng((self.seed, i))
        values = {each.name: each.draw(random) for each in self.axes}
        homeless = _homeless(self.params, values)
        return {name: value for name, value in values.items() if name not in homeless}


Space = Grid | Sample


def _homeless(params: type[Parameters], values: Mapping[str, Any]) -> set[str]:
    """Names that have no place under the choices made."""
    chosen = {c.name: c.default for c in params.controls() if c.kind is Kind.CHOICE} | dict(values)
    return {c.name for c in params.controls() if c.name in values and not c.exists(chosen)}


def points(space: Space, done: set[int]) -> Iterator[tuple[int, Values]]:
    """(number, values) of every point that is not done; nothing is held."""
    for i in range(len(space)):
        if i not in done and (values := space.point(i)) is not None:
            yield i, values

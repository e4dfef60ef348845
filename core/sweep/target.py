"""What a sweep measures: an experiment of the house by its name, found as the app finds it."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from time import perf_counter
from typing import Any, Protocol

from core.faults import ParameterError
from core.parameters import Parameters
from core.result import Result
from core.sweep.space import SweepError, Values

Row = dict[str, Any]


class Runs(Protocol):
    """A computation."""

    def finish(self, p: Parameters) -> Result:
        """The finished result."""


class Target(Protocol):
    """An experiment, as far as a sweep knows one."""

    name: str

    @property
    def params(self) -> type[Parameters]: ...

    @property
    def computations(self) -> tuple[Runs, ...]: ...


@cache
def targets() -> Mapping[str, Target]:
    """Every experiment by name. The tabs know core, not the other way round: they are found by the name of their package."""
    tabs = import_module("demos._tab").find()
    return {each.name: each for tab in tabs.values() for each in tab.experiments}


def target(name: str) -> Target:
    """Raises SweepError for a name that nobody has."""
    if name not in targets():
        raise SweepError(f"{name} is not an experiment; there are {', '.join(targets())}")
    return targets()[name]


def measured(name: str, number: int, values: Values, companion: bool) -> Row:
    """One row: the number of the point, its values, its metrics, and the seconds that they took.

    companion: also what follows on the page when the controls rest, its metrics named companion_....
    What a rule across parameters forbids has a fault, the sentence, instead of metrics.
    """
    experiment, begun = target(name), perf_counter()
    row = {"point": number, "values": values}
    try:
        p = experiment.params(**values)
    except ParameterError as error:
        return row | {"fault": str(error)}
    main, *others = experiment.computations
    metrics = dict(main.finish(p).metrics())
    if companion and others:
        metrics |= {f"companion_{key}": value for key, value in others[0].finish(p).metrics().items()}
    return row | {"metrics": metrics, "seconds": round(perf_counter() - begun, 6)}

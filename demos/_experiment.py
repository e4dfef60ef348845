"""What an experiment is: checked parameters, a pure function of them, and its pictures. Nothing here knows the page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.parameters import Parameters
from core.result import Result
from demos._kept import KEPT, Kept
from demos._plot import Picture

ASSETS = Path(__file__).parents[1] / "assets"

Drawing = Callable[[Any, Any], Picture]
Parts = Iterator[tuple[float, Any]]


@dataclass(frozen=True)
class Computation:
    """A pure function of parameters and the drawings of its result, in order.

    live: `compute` returns a result within a frame or two. Otherwise it is an iterator of (fraction done, result so far).
    A finished result is remembered for a while (demos._kept), a shipped one for good.
    """

    compute: Callable[[Any], Any]
    drawings: tuple[Drawing, ...]
    result: type[Result]
    live: bool = False
    kept: Kept = field(default=KEPT, repr=False, compare=False)
    _shipped: dict[Parameters, Result] = field(default_factory=dict, repr=False, compare=False)

    def parts(self, p: Parameters) -> Parts:
        """(fraction done, result so far); a remembered result answers at once."""
        if (kept := self.recalled(p)) is not None:
            yield 1.0, kept
            return
        for done, result in [(1.0, self.compute(p))] if self.live else self.compute(p):
            if done == 1.0:
                self.kept.keep((self.compute, p), p, result)
            yield done, result

    def recalled(self, p: Parameters) -> Result | None:
        """The finished result, if it is remembered."""
        return self._shipped.get(p) or self.kept.recalled((self.compute, p))

    def finish(self, p: Parameters) -> Result:
        """The finished result."""
        *_, (_, result) = self.parts(p)
        return result

    def ship(self, p: Parameters, result: Result) -> None:
        """Remember it for good."""
        self._shipped[p] = result


@dataclass(frozen=True)
class Experiment:
    """One panel of a tab, one endpoint of the API, one scene a link can carry.

    main: what a moved control draws; a long one is drawn as far as its first part, and goes on when the controls rest.
    companion: a second, costlier computation of the same parameters that follows when the controls rest.
    warm: imports and loads what the first real run will need; called in a thread once the page stands.
    handouts: key -> what else a visitor can take home, beside what every experiment offers (demos._handout).
    """

    name: str
    params: type[Parameters]
    main: Computation
    companion: Computation | None = None
    warm: Callable[[], None] | None = None
    handouts: Mapping[str, Callable[["Experiment", Any], dict[str, str]]] = field(default_factory=dict, compare=False)

    @property
    def computations(self) -> tuple[Computation, ...]:
        return (self.main,) if self.companion is None else (self.main, self.companion)

    @property
    def scope(self) -> str:
        """Where its words are: the module of its drawings, relative to demos."""
        return self.main.drawings[0].__module__.removeprefix(f"{__package__}.")

    @property
    def rests(self) -> bool:
        """Whether something is left to compute after a moved control has been answered."""
        return not self.main.live or self.companion is not None

    def shipped(self, computation: Computation) -> Path:
        """The file with the finished result of the default parameters."""
        return ASSETS / "defaults" / f"{self.name}.{'main' if computation is self.main else 'companion'}.safetensors"

    def recall(self) -> None:
        """Remember the shipped results, so that the page opens finished before anything heavy is imported."""
        for computation in self.computations:
            if self.shipped(computation).exists():
                computation.ship(self.params(), computation.result.load(self.shipped(computation)))

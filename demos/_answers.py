"""What an experiment answers when its controls move: all its pictures and a report, or what was refused and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import gradio as gr

from core.faults import ParameterError
from core.parameters import Parameters
from core.result import Result
from demos._experiment import Computation, Experiment
from demos._handout import link, packs
from demos._warmth import Warmth

Values = list[Any]  # of the controls, in their order
Scene = list[Any]  # one payload a picture, then the report's


@dataclass
class Turn:
    """Whose answer one visitor waits for: a newer press, a moved control or Cancel takes the turn from a run.

    number: of the turn; the page is told it, for an answer may be on its way when a newer one overtakes it.
    wanted: what was drawn last and may go on; a run that waited in line for anything else steps back.
    """

    number: int = 0
    wanted: Parameters | None = None

    def take(self, wanted: Parameters | None) -> int:
        self.number, self.wanted = self.number + 1, wanted
        return self.number


class Answers:
    """The events of one experiment; each visitor brings a turn and the values of the controls."""

    def __init__(self, experiment: Experiment, warmth: Warmth) -> None:
        self.experiment, self.warmth = experiment, warmth
        self.controls = experiment.params.controls()

    def draw(self, turn: Turn, values: Values) -> Scene:
        """The whole of a live experiment, the first part of a long one: the main pictures, then the report."""
        main = self.experiment.main
        try:
            p = self.params(values)
        except ParameterError as error:
            faults = [asdict(fault) for fault in error.faults]
            return [*map(_skip, main.drawings), {"faults": faults, "turn": turn.take(None)}]
        number = turn.take(p)
        done, result = next(main.parts(p))
        report = self._report(p, done, result) | {"rest": self.experiment.rests, "turn": number}
        return [*self._pictures(main, p, result), report]

    def arrive(self, turn: Turn, values: Values) -> Scene:
        """All that ships for the defaults, at once; who comes back to the tab finds it as it was left."""
        main, companion = self.experiment.main, self.experiment.companion
        after = companion.drawings if companion else ()
        if turn.number:
            return list(map(_skip, [*main.drawings, *after, "report"]))
        self.warmth.begin(self.experiment.warm)
        *pictures, report = self.draw(turn, values)
        p = turn.wanted
        remembered = companion.recalled(p) if companion and p else None
        if companion is None or p is None or remembered is None:
            return [*pictures, *map(_skip, after), report]
        return [*pictures, *self._pictures(companion, p, remembered), report | {"rest": report["done"] < 1}]

    def rest(self, turn: Turn, asked: tuple[str, Values]) -> Iterator[Scene]:
        """What a moved control left to compute, part by part, until done or until the turn is taken.

        asked: the mark by which the page finds its run in line (demos._line), and the controls.
        The pictures of the main and of the companion computation, then the report.
        """
        nothing = [_skip() for c in self.experiment.computations for _ in c.drawings] + [_skip()]
        try:
            p = self.params(asked[1])
        except ParameterError:
            p = None  # the report already says why
        if p is None or p != turn.wanted:
            yield nothing
            return
        mine = turn.take(p)
        for *pictures, report in self._rest(p):
            if turn.number != mine:
                break
            yield [*pictures, report | {"turn": mine}]
        yield nothing  # gradio sends a run's last answer twice, and the page may show a newer scene by now

    def halt(self, turn: Turn) -> None:
        """Nothing may go on until something is drawn again."""
        turn.take(None)

    def hand(self, _: Turn, asked: tuple[str, Values]) -> Any:
        """What to take home, by its key; of refused values, nothing: the report has already said why."""
        key, values = asked
        try:
            return packs(self.experiment)[key](self.experiment, self.params(values))
        except ParameterError:
            return gr.skip()

    def params(self, values: Values) -> Parameters:
        """Of the controls' values, those that exist under the choices made; an option no longer offered gives way."""
        given = dict(zip((c.name for c in self.controls), values, strict=True))
        for c in self.controls:
            if c.offers and given[c.name] in c.options and given[c.name] not in c.left(given):
                given[c.name] = c.left(given)[0]
        return self.experiment.params(**{c.name: given[c.name] for c in self.controls if c.exists(given)})

    def _rest(self, p: Parameters) -> Iterator[Scene]:
        main, companion = self.experiment.main, self.experiment.companion
        after = list(map(_skip, companion.drawings if companion else ()))
        if not main.live:
            for done, result in main.parts(p):
                yield [*self._pictures(main, p, result), *after, self._report(p, done, result)]
        if companion:
            told = self._report(p, 1.0, main.finish(p))
            for done, result in companion.parts(p):
                yield [*map(_skip, main.drawings), *self._pictures(companion, p, result), told | {"done": done}]

    def _pictures(self, computation: Computation, p: Parameters, result: Result) -> Scene:
        tag = {"tag": p.tag()}  # lets the page, and its tests, know what it shows
        return [drawing(p, result).payload() | tag for drawing in computation.drawings]

    def _report(self, p: Parameters, done: float, result: Result) -> dict[str, Any]:
        values = p.values()
        left = {c.name: c.left(values) for c in self.controls if c.offers and c.exists(values)}
        link_of = link(self.experiment, p)["text"]
        return {"metrics": result.metrics(), "done": done, "rest": False, "left": left, "tag": p.tag(), "link": link_of}


def _skip(*_: Any) -> Any:
    return gr.skip()

"""How an experiment becomes a part of the page: controls, pictures, numbers, and the wires between them."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, get_type_hints

import gradio as gr

from core.controls import Control, Kind
from demos._answers import Answers, Turn
from demos._experiment import Drawing, Experiment
from demos._handout import AT_ONCE, packs
from demos._lessons import lessons, plain
from demos._live import Kind as Component
from demos._live import live
from demos._plot import Chart, Grid, Lines, Rows, Stage
from demos._scenes import frame, offered
from demos._warmth import Warmth
from demos._words import Preset, presets, texts

COMPONENTS: dict[type, Component] = {Chart: "figure", Stage: "stage", Grid: "grid", Lines: "lines", Rows: "rows"}
QUIET: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "show_progress_on": [],  # or gradio copies every picture that was ever drawn, at every event
    "api_visibility": "private",
    "preprocess": False,
}
LONG = QUIET | {"queue": True, "concurrency_limit": 2, "concurrency_id": "long", "trigger_mode": "multiple"}
DRAWN: dict[Kind, Component] = {
    Kind.POINTS: "points",
    Kind.TABLE: "table",
    Kind.FILE: "upload",
    Kind.SKETCH: "sketch",
    Kind.PICTURE: "photo",
}
HEARD = (gr.Slider, gr.Radio, gr.Checkbox, gr.Textbox, gr.Number)  # by the page itself: see demos/browser/scene.js
GATHER = "(...all) => [all]"
LONGEST_LIST = 4000  # letters
FEW = 5  # options that are shown as buttons; more become a list, unless some are ruled out by another choice

text = gr.I18n()


class Panel:
    """One experiment on the page."""

    def __init__(self, tab: str, experiment: Experiment, warmth: Warmth) -> None:
        self.tab, self.experiment, self.declared = tab, experiment, experiment.params.controls()
        self.answers, self.turn, self.scene = Answers(experiment, warmth), gr.State(Turn()), gr.JSON(visible=False)
        self.places: dict[str, Any] = {}
        self._lessons()
        with gr.Row(elem_id=experiment.name, elem_classes="experiment"):
            with gr.Column(scale=2, min_width=300, elem_classes="controls"):
                self._controls()
            with gr.Column(scale=5, min_width=320, elem_classes="pictures"):
                self.main = [picture(experiment, d) for d in experiment.main.drawings]
                self.report = live("report", experiment.scope, experiment=experiment.name)
                self.companion = [picture(experiment, d) for d in experiment.companion.drawings] if experiment.companion else []
                self.parcel = self._handouts()

    @property
    def controls(self) -> list[Any]:
        return [self.places[c.name] for c in self.declared]

    def wire(self, shown: gr.Tab) -> None:
        """Draw on arrival and when a control moves; what is left follows when the controls rest, until something newer."""
        answers, name = self.answers, json.dumps(self.experiment.name)
        some, every = [*self.main, self.report], [*self.main, *self.companion, self.report]
        self._ask(shown.select, answers.arrive, every, **QUIET)
        if unheard := [c.change for c in self.controls if not isinstance(c, HEARD)]:
            gr.on(unheard, None, js=f"() => house.moved({name})", **QUIET)
        self._ask(self.report.retry, answers.draw, some, trigger_mode="always_last", **QUIET)
        put = f"(...now) => house.sceneOf({name}, now)"
        there = self.scenes.submit(None, self.controls, self.controls, js=put, trigger_mode="multiple")
        there.then(None, js=f"() => house.wasPut({name})", **QUIET)
        if self.experiment.rests:
            self._ask(self.report.submit, answers.rest, every, gather=f"(...all) => [house.marked({name}, all)]", **LONG)
            self.report.stop(answers.halt, self.turn, None, **QUIET)
        taken = f"(...all) => [house.taken({name}, all)]"
        self._ask(self.parcel.submit, answers.hand, self.parcel, gather=taken, **QUIET)  # a link needs no place in line
        self._ask(self.parcel.retry, answers.hand, self.parcel, gather=taken, **LONG)

    def _ask(
        self, trigger: Callable[..., Any], answer: Callable[..., Any], outputs: Any, gather: str = GATHER, **how: Any
    ) -> None:
        """Gather the controls in the browser, then ask the server.

        At every event gradio updates each component that an earlier one took as its input, so they are not: the scene is.
        """
        gathered = trigger(None, self.controls, self.scene, js=gather, **QUIET)
        gathered.then(answer, [self.turn, self.scene], outputs, **how)

    def _lessons(self) -> None:
        """Stories, challenges, questions, and links for a class."""
        told = frame(self.experiment.params) | plain(self.experiment.params, lessons(self.experiment.scope))
        live("lessons", self.experiment.scope, experiment=self.experiment.name, lessons=told)

    def _controls(self) -> None:
        """Buttons that set them all, the basic ones, the rest under "Advanced"."""
        self.scenes = self._scenes()
        for c in self.declared:
            if not c.advanced:
                self.places[c.name] = control(self.experiment, c)
        if any(c.advanced for c in self.declared):
            with gr.Accordion(text("page.advanced"), open=False, elem_classes="advanced"):
                for c in self.declared:
                    if c.advanced:
                        self.places[c.name] = control(self.experiment, c)

    def _scenes(self) -> gr.HTML:
        """Buttons that set controls, in the browser alone; one component, since gradio looks at all of them at every event."""
        params, scope = self.experiment.params, self.experiment.scope
        buttons = [offered(params, preset) for preset in (Preset("reset", {}), *presets(scope))]
        return live("scenes", scope, experiment=self.experiment.name, frame=frame(params), offered=buttons)

    def _handouts(self) -> gr.HTML:
        """Buttons with what can be taken home, and the place where it is shown; one component, as the presets are."""
        offered = [{"key": key, "atOnce": key in AT_ONCE} for key in packs(self.experiment)]
        return live("parcel", self.experiment.scope, experiment=self.experiment.name, offered=offered)


def control(experiment: Experiment, c: Control) -> Any:
    """The component of one parameter."""
    scope, shared = experiment.scope, {"elem_id": f"{experiment.name}-{c.name}"}
    label, heard = text(f"{scope}.{c.name}"), shared | {"elem_classes": "heard"}
    if c.kind is Kind.CHOICE:
        options = [(text(f"{scope}.{c.name}.{option}"), option) for option in c.options]
        component = gr.Radio if len(options) <= FEW or c.offers else gr.Dropdown
        return component(options, value=c.default, label=label, **heard)
    if c.kind in DRAWN:
        span = {"low": c.low, "high": c.high, "least": c.counts[0], "most": c.counts[1]}
        names = {"experiment": experiment.name, "parameter": c.name, "columns": [asdict(column) for column in c.columns]}
        names |= {"example": c.example, "suffix": c.suffix}
        return live(DRAWN[c.kind], scope, c.name, value=c.default, **names, **span, **shared)
    return entry(c, label, heard)


def entry(c: Control, label: Any, shared: dict[str, Any]) -> Any:
    """What is ticked, typed or slid."""
    if c.kind is Kind.SWITCH:
        return gr.Checkbox(c.default, label=label, **shared)
    if c.kind is Kind.TEXT:
        return gr.Textbox(c.default, label=label, lines=1, max_lines=3, **shared)
    if c.kind is Kind.NUMBERS:
        return gr.Textbox(c.typed(c.default), label=label, lines=2, max_lines=6, max_length=LONGEST_LIST, **shared)
    if c.kind is Kind.SEED:
        return gr.Number(c.default, label=text("page.seed"), precision=0, **shared)
    return gr.Slider(c.low, c.high, c.default, step=c.step, label=label, info=unit(c), **shared)


def unit(c: Control) -> Any:
    """In the reader's language; a symbol is its own word."""
    return text(f"page.units.{c.unit}") if f"units.{c.unit}" in texts("_page") else c.unit or None


def picture(experiment: Experiment, drawing: Drawing) -> gr.HTML:
    """A place of the kind that the drawing says it returns."""
    kind = COMPONENTS[get_type_hints(drawing)["return"]]
    return live(kind, experiment.scope, drawing.__name__, experiment=experiment.name, elem_classes=drawing.__name__)

"""The page around the panels: masthead, tabs, language, and the scene that a link brings."""

import json
from dataclasses import asdict
from reprlib import repr as short
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from core.faults import Fault, ParameterError
from demos._api import endpoint
from demos._experiment import Experiment
from demos._home import Home
from demos._live import live
from demos._page import QUIET, Panel, text
from demos._scenes import scene
from demos._tab import Tab
from demos._warmth import Warmth

LANGUAGES = [("English", "en"), ("中文", "zh-CN")]
TAUGHT = ("lesson", "lock", "hide", "big", "class")  # what a link for a class says beside the scene; the browser reads it
LATEX = [{"left": "$$", "right": "$$", "display": True}, {"left": "$", "right": "$", "display": False}]


class House:
    """All tabs on one page."""

    def __init__(self, tabs: dict[str, Tab]) -> None:
        self.panels: list[Panel] = []
        self.items: dict[str, gr.Tab] = {}  # by the scope of their title
        self.parted: dict[str, gr.Tabs] = {}  # tabs that hold several experiments
        self.tabs, self.home = tabs, Home(tabs)
        experiments = [e for tab in tabs.values() for e in tab.experiments]
        self.warmth = Warmth(e.warm for e in experiments if e.warm)
        for experiment in experiments:
            experiment.recall()
        with gr.Blocks(title="Six ideas, one lab", analytics_enabled=False) as self.page:
            self._masthead()
            self.notice, self.link = live("report", "page", elem_id="notice"), gr.JSON(visible=False)
            with gr.Tabs(elem_id="tabs") as self.turned:
                with gr.Tab(text("home.title"), id="home") as self.items["home"]:
                    self.map = live("map", "home", address=self.home.assets["home"].address)
                for name, tab in tabs.items():
                    self._tab(name, tab)
            self._wire()
        self._endpoints()

    def _masthead(self) -> None:
        with gr.Row(elem_id="masthead"):
            gr.Markdown(text("page.heading"), elem_id="title")
            self.language = gr.Radio(LANGUAGES, value="en", label="Language · 语言", container=False, elem_id="language")
            self.shade = gr.Button(text("page.theme"), size="sm", scale=0, elem_id="shade")

    def _tab(self, name: str, tab: Tab) -> None:
        """Experiments side by side are tabs of their own, so that gradio keeps one of them at a time on screen."""
        with gr.Tab(text(f"{name}.title"), id=name) as item:
            self.items[name] = item
            if len(tab.experiments) == 1:
                self._panel(name, tab.experiments[0], item)
                return
            with gr.Tabs(elem_id=f"{name}-parts", elem_classes="parts") as self.parted[name]:
                for experiment in tab.experiments:
                    with gr.Tab(text(f"{experiment.scope}.title"), id=experiment.name) as part:
                        self.items[experiment.scope] = part
                        self._panel(name, experiment, part)

    def _panel(self, tab: str, experiment: Experiment, shown: gr.Tab) -> None:
        gr.Markdown(text(f"{experiment.scope}.story"), latex_delimiters=LATEX, elem_classes="story")
        panel = Panel(tab, experiment, self.warmth)
        with gr.Accordion(text("page.formulas"), open=False, elem_classes="formulas"):
            gr.Markdown(text(f"{experiment.scope}.formulas"), latex_delimiters=LATEX)
        self.panels.append(panel)
        panel.wire(shown)

    def _wire(self) -> None:
        labels, parted, items = json.dumps(list(self.items)), json.dumps(list(self.parted)), list(self.items.values())
        self.shade.click(None, js="() => house.shade()")
        self.language.input(None, self.language, items, js=f"(language) => house.speak(language, {labels})")
        self.page.load(None, None, [self.language, *items], js=f"() => house.welcome({labels})")
        arrival = self.page.load(self.restore, None, [self.link, self.notice], **QUIET)
        pressed = self.map.submit(self.follow, self.link, [self.link, self.notice], js="() => house.going()", **QUIET)
        for event in (arrival, pressed):
            turned = event.then(None, self.link, self.turned, js="(link) => house.turn(link)")
            there = turned.then(None, self.link, list(self.parted.values()), js=f"(link) => house.part(link, {parted})")
            there.then(None, self.link, None, js="(link) => house.stands(link)")

    def _endpoints(self) -> None:
        """On a page of their own: gradio draws something for each parameter, and looks at all it has drawn at every event."""
        with self.page.route("API", "endpoints", show_in_navbar=False):
            for panel in self.panels:
                gr.api(endpoint(panel.experiment), api_name=panel.experiment.name, concurrency_limit=2, concurrency_id="api")

    def restore(self, request: gr.Request) -> tuple[Any, Any]:
        """The scene that the page's address asks for, and what is wrong with it."""
        asked = request.query_params.items()
        query = {name: text for name, text in asked if not name.startswith("__") and name not in TAUGHT}  # __: the frame's own
        if "experiment" not in query:
            self.warmth.begin()
            return None, gr.skip()
        return self._scene(query)

    def follow(self, asked: str) -> tuple[Any, Any]:
        """What is pressed on Home: a tab as it was left, or a scene by its query, which sets all controls of its experiment."""
        if asked in self.tabs:
            return {"tab": asked, "pressed": True}, gr.skip()
        link, notice = self._scene(dict(parse_qsl(str(asked).removeprefix("?"))))
        return link and link | {"pressed": True}, notice

    def _scene(self, query: dict[str, str]) -> tuple[Any, Any]:
        """Where a query leads and what it sets there; and what is wrong with it."""
        name = query.pop("experiment", "")
        panels = {panel.experiment.name: panel for panel in self.panels}
        if name not in panels:
            return None, {"faults": [asdict(Fault("experiment", "enum", ", ".join(panels), short(name), ""))]}
        panel = panels[name]
        try:
            values = panel.experiment.params.from_query(query).values()
        except ParameterError as error:
            faults = [asdict(fault) | {"scope": panel.experiment.scope} for fault in error.faults]
            return {"tab": panel.tab, "part": name}, {"faults": faults}
        place = {"tab": panel.tab, "part": name, "experiment": name}
        return place | {"scene": scene(panel.experiment.params, values)}, gr.skip()

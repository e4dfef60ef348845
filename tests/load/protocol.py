"""What the page of one experiment sends and hears: events by number, controls in order."""

from dataclasses import dataclass
from typing import Any

import httpx

from core.controls import Control, Kind
from demos._experiment import Experiment

MOVED = {Kind.NUMBER}


@dataclass(frozen=True)
class Events:
    """Of one experiment, as gradio numbers them, with the component that starts them."""

    experiment: Experiment
    report: int
    arrive: int
    draw: int
    rest: int | None

    @property
    def controls(self) -> tuple[Control, ...]:
        return tuple(self.experiment.params.controls())

    def values(self) -> list[Any]:
        """The defaults, as the page holds them."""
        return [c.typed(c.default) for c in self.controls]

    def movable(self) -> list[int]:
        """Sliders that are there under the defaults and need not be opened."""
        there = self.experiment.params().values()
        return [i for i, c in enumerate(self.controls) if c.kind in MOVED and c.name in there and not c.advanced]


def events(config: dict[str, Any], experiment: Experiment) -> Events:
    """Found in the page's configuration."""
    report = next(c["id"] for c in config["components"] if _is_report(c, experiment.name))
    shown = _shown(config, report)
    rest = _after(config, report, "submit")
    draw = _after(config, report, "retry")
    assert draw is not None
    return Events(experiment, report, shown, draw, rest)


def _is_report(component: dict[str, Any], name: str) -> bool:
    props = component["props"]
    return props.get("props", {}).get("experiment") == name and "live-report" in (props.get("elem_classes") or ())


def _after(config: dict[str, Any], component: int, event: str) -> int | None:
    """The event of the server that follows what gathers the controls."""
    gathers = [d["id"] for d in config["dependencies"] if [component, event] in d["targets"]]
    found = [d["id"] for d in config["dependencies"] if gathers and d["trigger_after"] == gathers[0]]
    return found[0] if found else None


def _shown(config: dict[str, Any], report: int) -> int:
    """What is asked when the experiment is shown first: it draws the report, and waits for the choice of a tab."""
    tabs = {c["id"] for c in config["components"] if c["type"] == "tabitem"}
    chosen = {d["id"] for d in config["dependencies"] if any(t[0] in tabs and t[1] == "select" for t in d["targets"])}
    return next(d["id"] for d in config["dependencies"] if d["trigger_after"] in chosen and report in d["outputs"])


async def configuration(address: str, client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get(address + "config")
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found

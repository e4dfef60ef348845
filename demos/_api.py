"""One endpoint an experiment, for programs and language models: named parameters in, figures and metrics out."""

import inspect
import sys
from collections.abc import Callable
from typing import Any, Literal, Union

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.controls import Control, Kind
from core.faults import ParameterError
from core.parameters import Parameters
from core.schema import schema
from demos._experiment import Computation, Experiment
from demos._served import FOLDER
from demos._tab import Tab
from demos._words import known

KINDS: dict[Kind, Any] = {
    Kind.SWITCH: bool,
    Kind.SKETCH: str,
    Kind.PICTURE: str,
    Kind.TEXT: str,
    Kind.FILE: str,
    Kind.SEED: int,
    Kind.POINTS: list[list[float]],
    Kind.NUMBERS: list[float],
    Kind.TABLE: list[list[float | str]],
}
PICTURES = "true: figures too; false: numbers alone; left out: figures for programs, none for language models"
COMPANION = "true: also what follows on the page when the controls rest, which takes longer"
SCHEMA = "JSON Schema with the fields that exist under each choice: lab/schema/{}.json"


def endpoint(experiment: Experiment) -> Callable[..., dict]:
    """A function whose signature and docstring are those of the experiment's parameters; gr.api reads them."""
    controls, switches = experiment.params.controls(), asked(experiment)

    def call(request: gr.Request | None, *values: Any) -> dict:
        given = {c.name: value for c, value in zip(controls, values, strict=False) if value is not None}
        pictures, *more = values[len(controls) :]
        wanted = request is None or request.headers.get("x-gradio-user") != "mcp" if pictures is None else pictures
        return answer(experiment, given, bool(wanted), *map(bool, more))

    either = inspect.Parameter.POSITIONAL_OR_KEYWORD
    hints = (
        {"request": gr.Request} | {c.name: hint(c) for c in controls} | {name: kind for name, (kind, _, _) in switches.items()}
    )
    defaults = {"request": inspect.Parameter.empty} | {c.name: default(c) for c in controls}
    defaults |= {name: unsaid for name, (_, unsaid, _) in switches.items()}
    parameters = [inspect.Parameter(name, either, default=defaults[name], annotation=hints[name]) for name in hints]
    call.__name__ = experiment.name
    call.__doc__ = describe(experiment)
    call.__annotations__ = hints | {"return": dict}
    call.__signature__ = inspect.Signature(parameters, return_annotation=dict)  # type: ignore[attr-defined]
    return call


def asked(experiment: Experiment) -> dict[str, tuple[Any, bool | None, str]]:
    """What is asked for besides parameters: name -> type, default, meaning."""
    companion = {"companion": (bool, False, COMPANION)} if experiment.companion else {}
    return {"pictures": (bool | None, None, PICTURES), **companion}


def answer(experiment: Experiment, values: dict[str, Any], pictures: bool, companion: bool = False) -> dict[str, Any]:
    """All an experiment says, as plain JSON with English texts; raises gr.Error for refused values."""
    try:
        p = experiment.params(**values)
    except ParameterError as error:
        raise gr.Error(str(error), print_exception=False) from None
    body = {"parameters": p.values()} | said(experiment, experiment.main, p, pictures)
    if companion and experiment.companion:
        body["companion"] = said(experiment, experiment.companion, p, pictures)
    return body


def said(experiment: Experiment, computation: Computation, p: Parameters, pictures: bool) -> dict[str, Any]:
    """Metrics, and figures by the names of their drawings."""
    result, words = computation.finish(p), known(experiment.scope)
    body: dict[str, Any] = {"metrics": result.metrics()}
    if pictures:
        body["figures"] = {d.__name__: spoken(words, d(p, result).payload()) for d in computation.drawings}
    return body


def describe(experiment: Experiment) -> str:
    """The first line of the computation's module, and what each parameter means."""
    module = inspect.getdoc(sys.modules[experiment.main.compute.__module__]) or ""
    rows = [f"    {c.name}: {explained(c)}" for c in experiment.params.controls()]
    rows += [f"    {name}: {meaning}" for name, (_, _, meaning) in asked(experiment).items()]
    returns = ["Returns:", "    parameters, metrics, and figures where they are asked for"]
    return "\n".join([module.partition("\n")[0], SCHEMA.format(experiment.name), "", "Args:", *rows, "", *returns])


def schemas(tabs: dict[str, Tab]) -> Route:
    """For launch: GET lab/schema/EXPERIMENT.json."""
    served = {e.name: schema(e.params, e.name) for tab in tabs.values() for e in tab.experiments}

    def show(request: Request) -> Response:
        found = served.get(request.path_params["name"])
        return Response(status_code=404) if found is None else JSONResponse(found)

    return Route(f"/{FOLDER}/schema/{{name}}.json", show)


def explained(c: Control) -> str:
    """Meaning, bounds, options and when it exists, in one line."""
    parts = [c.doc] if c.doc else []
    if c.low is not None:
        parts.append(f"from {c.low:g} to {c.high:g} {c.unit}".rstrip())
    if c.columns:
        cells = ", ".join(f"{column.name} ({column.wanted})" for column in c.columns)
        parts.append(
            f"{c.counts[0]} to {c.counts[1]} rows of {cells}; or a text, commas between cells and semicolons between rows"
        )
    if c.at_most:
        parts.append(f"at most {', '.join(c.at_most)}")
    if c.offers:
        parts += [f"with {c.offers[0]} {key}: {', '.join(left)}" for key, left in c.offers[1].items()]
    if c.only:
        parts.append(f"only with {c.only[0]} {' / '.join(c.only[1])}; {c.default} if left out")
    return "; ".join(parts)


def hint(c: Control) -> Any:
    plain = Literal[c.options] if c.options else KINDS.get(c.kind, int if c.whole else float)
    return plain if default(c) is not None else Union[plain, None]  # noqa: UP007  a Literal made at run time


def default(c: Control) -> Any:
    """What does not always exist, or gives way to another choice, is left out unless asked for."""
    return None if c.only or c.offers else c.default


def spoken(words: dict[str, dict[str, str]], node: Any) -> Any:
    """The same structure with every @key in English; what a visitor wrote is left alone."""
    if isinstance(node, str) and node.startswith("@"):
        return words[node[1:]]["en"]
    if isinstance(node, dict):
        return node if "own" in node else {key: spoken(words, below) for key, below in node.items()}
    return [spoken(words, below) for below in node] if isinstance(node, list) else node

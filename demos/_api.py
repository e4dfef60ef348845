"""One endpoint an experiment, for programs and language models: named parameters in, figures and metrics out."""

import inspect
import sys
from collections.abc import Callable
from typing import Any, Literal, Union

import gradio as gr

from core.controls import Control, Kind
from core.faults import ParameterError
from core.parameters import Parameters
from demos._experiment import Experiment
from demos._words import known

KINDS: dict[Kind, Any] = {Kind.SWITCH: bool, Kind.SKETCH: str, Kind.SEED: int, Kind.POINTS: list[list[float]]}
PICTURES = "true: figures too; false: numbers alone; left out: figures for programs, none for language models"


def endpoint(experiment: Experiment) -> Callable[..., dict]:
    """A function whose signature and docstring are those of the experiment's parameters; gr.api reads them."""
    controls = experiment.params.controls()

    def call(request: gr.Request | None, *values: Any) -> dict:
        *given, pictures = values
        wanted = request is None or request.headers.get("x-gradio-user") != "mcp" if pictures is None else pictures
        return answer(experiment, {c.name: v for c, v in zip(controls, given, strict=True) if v is not None}, bool(wanted))

    either = inspect.Parameter.POSITIONAL_OR_KEYWORD
    hints = {"request": gr.Request} | {c.name: hint(c) for c in controls} | {"pictures": bool | None}
    defaults = {"request": inspect.Parameter.empty} | {c.name: default(c) for c in controls} | {"pictures": None}
    parameters = [inspect.Parameter(name, either, default=defaults[name], annotation=hints[name]) for name in hints]
    call.__name__ = experiment.name
    call.__doc__ = describe(experiment)
    call.__annotations__ = hints | {"return": dict}
    call.__signature__ = inspect.Signature(parameters, return_annotation=dict)  # type: ignore[attr-defined]
    return call


def answer(experiment: Experiment, values: dict[str, Any], pictures: bool) -> dict[str, Any]:
    """All an experiment says, as plain JSON with English texts; raises gr.Error for refused values."""
    try:
        p = experiment.params(**values)
    except ParameterError as error:
        raise gr.Error(str(error), print_exception=False) from None
    result = experiment.main.finish(p)
    body = {"parameters": p.values(), "metrics": result.metrics()}
    return body | ({"figures": figures(experiment, p, result)} if pictures else {})


def figures(experiment: Experiment, p: Parameters, result: Any) -> dict[str, Any]:
    """Drawing's name -> payload."""
    words = known(experiment.scope)
    return {d.__name__: spoken(words, d(p, result).payload()) for d in experiment.main.drawings}


def describe(experiment: Experiment) -> str:
    """The first line of the computation's module, and what each parameter means."""
    module = inspect.getdoc(sys.modules[experiment.main.compute.__module__]) or ""
    rows = [f"    {c.name}: {explained(c)}" for c in experiment.params.controls()]
    returns = ["Returns:", "    parameters, metrics, and figures where they are asked for"]
    return "\n".join([module.partition("\n")[0], "", "Args:", *rows, f"    pictures: {PICTURES}", "", *returns])


def explained(c: Control) -> str:
    """Meaning, bounds, options and when it exists, in one line."""
    parts = [c.doc] if c.doc else []
    if c.low is not None:
        parts.append(f"from {c.low:g} to {c.high:g} {c.unit}".rstrip())
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
    """The same structure with every @key in English."""
    if isinstance(node, str) and node.startswith("@"):
        return words[node[1:]]["en"]
    if isinstance(node, dict):
        return {key: spoken(words, below) for key, below in node.items()}
    return [spoken(words, below) for below in node] if isinstance(node, list) else node

"""What a visitor can take home: a link, the lines of Python that make the numbers, the numbers themselves."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

import numpy as np

from core.controls import Control
from core.parameters import Parameters
from core.result import Result
from demos._experiment import Experiment

ROLES = ("main", "companion")
WIDEST = 4  # columns of a two-dimensional array that still make a readable table

Parcel = dict[str, str]  # name: link, code, or a file's name; text, or base64 of what is no text


def link(experiment: Experiment, p: Parameters) -> Parcel:
    """The part of the address after the page's own; a file that is too long for it stays behind, and is named."""
    text, without = "?" + urlencode({"experiment": experiment.name} | p.to_query()), p.unlinked()
    return {"name": "link", "text": text} | ({"without": without[0]} if without else {})


def code(experiment: Experiment, p: Parameters) -> Parcel:
    """Lines that need core/ alone; the last print is of the companion, where there is one."""
    files = {c.name: _file(c) for c in experiment.params.controls() if c.name in p.unlinked()}
    given = ", ".join(f"{name}={files.get(name, repr(value))}" for name, value in p.values().items())
    computations = experiment.computations
    imports = [f"from {each.compute.__module__} import {each.compute.__name__}" for each in computations]
    kind = experiment.params
    needed = (("b64encode(", "from base64 import b64encode"), ("Path(", "from pathlib import Path"))
    lines = [line for call, line in needed if any(call in text for text in files.values())]
    lines += [""] if lines else []
    lines += [f"from {kind.__module__} import {kind.__name__}", *imports, "", f"params = {kind.__name__}({given})"]
    for each in computations:
        run = f"{each.compute.__name__}(params)"
        lines += [f"result = {run}" if each.live else f"*_, (_, result) = {run}", "print(result.metrics())"]
    return {"name": "code", "text": "\n".join(lines)}


def _file(c: Control) -> str:
    """How Python reads the file of a parameter, for it is too long to be copied."""
    if c.suffix == "csv":
        return f'Path("{c.name}.csv").read_text("utf8")'
    return f'b64encode(Path("{c.name}.{c.suffix}").read_bytes()).decode()'


def table(experiment: Experiment, p: Parameters) -> Parcel:
    """CSV: metrics, then arrays as columns, below a line with the parameters; the companion's after the main ones."""
    columns: dict[str, list[Any]] = {}
    for role, result in _results(experiment, p).items():
        prefix = "" if role == "main" else f"{role}_"
        columns |= {f"{prefix}metric": [*result.metrics()], f"{prefix}value": [*result.metrics().values()]}
        columns |= {f"{prefix}{name}": column for name, column in _columns(result)}
    text = io.StringIO(f"# {experiment.name} {json.dumps(p.tag())}\n")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows([columns, *zip_longest(*columns.values())])
    return {"name": f"{experiment.name}.csv", "text": text.getvalue()}


def _results(experiment: Experiment, p: Parameters) -> dict[str, Result]:
    """Finished, by role."""
    return dict(zip(ROLES, (each.finish(p) for each in experiment.computations), strict=False))


def _columns(result: Result) -> Iterator[tuple[str, list[Any]]]:
    """One a name of a one-dimensional array or list, one a column of a narrow table."""
    for name, array in _tables(result).items():
        if array.ndim == 1:
            yield name, array.tolist()
        elif array.ndim == 2 and array.shape[1] <= WIDEST:
            yield from ((f"{name}_{i}", column) for i, column in enumerate(array.T.tolist()))


def _tables(result: Result) -> dict[str, np.ndarray]:
    """The arrays, and the plain lists of texts or numbers."""
    plain = {name: value for name, value in vars(result).items() if isinstance(value, list)}
    return result.arrays() | {name: np.array(value) for name, value in plain.items() if _is_column(value)}


def _is_column(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, str | int | float) for value in values)


def everything(experiment: Experiment, p: Parameters) -> Parcel:
    """JSON: parameters, of a long file its sum alone, metrics and every array; the same of the companion."""
    main, *companion = ({"metrics": each.metrics(), **_fields(each)} for each in _results(experiment, p).values())
    body = {"experiment": experiment.name, "parameters": p.tag(), **main}
    return {"name": f"{experiment.name}.json", "text": json.dumps(body | ({"companion": companion[0]} if companion else {}))}


def _fields(result: Result) -> dict[str, Any]:
    """Arrays to six digits after the point, and what else the result holds."""
    arrays = {name: np.round(array.astype(float), 6).tolist() for name, array in result.arrays().items()}
    return {"arrays": arrays, "other": {name: value for name, value in vars(result).items() if name not in arrays}}


AT_ONCE = ("link", "code")  # what needs no result
HANDOUTS: dict[str, Callable[[Experiment, Parameters], Parcel]] = {
    "link": link,
    "code": code,
    "csv": table,
    "json": everything,
}


def packs(experiment: Experiment) -> dict[str, Callable[[Experiment, Any], Parcel]]:
    """Everything that can be taken home from an experiment, by the key of its words."""
    return {**HANDOUTS, **experiment.handouts}

"""What a visitor can take home: a link, the lines of Python that make the numbers, the numbers themselves."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

import numpy as np

from core.parameters import Parameters
from core.result import Result
from demos._experiment import Experiment

WIDEST = 4  # columns of a two-dimensional array that still make a readable table

Parcel = dict[str, str]  # name: link, code, or a file's name; text


def link(experiment: Experiment, p: Parameters) -> Parcel:
    """The part of the address after the page's own."""
    return {"name": "link", "text": "?" + urlencode({"experiment": experiment.name} | p.to_query())}


def code(experiment: Experiment, p: Parameters) -> Parcel:
    """Lines that need core/ alone."""
    given = ", ".join(f"{name}={value!r}" for name, value in p.values().items())
    answer = "result = compute(params)" if experiment.main.live else "*_, (_, result) = compute(params)"
    module = experiment.main.compute.__module__
    head = [f"from {module} import Params, compute", "", f"params = Params({given})"]
    return {"name": "code", "text": "\n".join([*head, answer, "print(result.metrics())"])}


def table(experiment: Experiment, p: Parameters) -> Parcel:
    """CSV: metrics, then arrays as columns, below a line with the parameters."""
    result = experiment.main.finish(p)
    columns: dict[str, list[Any]] = {"metric": [*result.metrics()], "value": [*result.metrics().values()]}
    columns.update(_columns(result))
    text = io.StringIO(f"# {experiment.name} {p.to_json()}\n")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows([columns, *zip_longest(*columns.values())])
    return {"name": f"{experiment.name}.csv", "text": text.getvalue()}


def _columns(result: Result) -> Iterator[tuple[str, list[float]]]:
    for name, array in result.arrays().items():
        if array.ndim == 1:
            yield name, array.tolist()
        elif array.ndim == 2 and array.shape[1] <= WIDEST:
            yield from ((f"{name}_{i}", column) for i, column in enumerate(array.T.tolist()))


def everything(experiment: Experiment, p: Parameters) -> Parcel:
    """JSON: parameters, metrics and every array."""
    result = experiment.main.finish(p)
    arrays = {name: np.round(array.astype(float), 6).tolist() for name, array in result.arrays().items()}
    body = {"experiment": experiment.name, "parameters": p.values(), "metrics": result.metrics(), "arrays": arrays}
    return {"name": f"{experiment.name}.json", "text": json.dumps(body)}


AT_ONCE = ("link", "code")  # what needs no result
HANDOUTS: dict[str, Callable[[Experiment, Parameters], Parcel]] = {
    "link": link,
    "code": code,
    "csv": table,
    "json": everything,
}

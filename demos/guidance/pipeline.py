"""Several methods of guidance on one model from one seed: the pictures, what each did to the predictions, what each costs."""

from typing import Any

import numpy as np

from core.guidance.pipeline.experiment import Params, compute, warm
from core.guidance.pipeline.params import Params as Asked
from core.guidance.pipeline.result import PipelineResult
from core.guidance.pipeline.scales import ScalesResult, scales
from demos._experiment import Computation, Experiment
from demos._plot import MUTED, SERIES, SYMBOLS, Array, Chart, Grid, Payload, Rows, chart, series, spots, theory

LARGEST, LARGEST_OWN = 64, 128  # px of a picture
HEAD = ("method", "calls", "seconds", "read", "contrast", "overshoot", "moved")
LEVELS: Payload = {"type": "log", "autorange": "reversed"}


def side_by_side(p: Asked, r: PipelineResult) -> Grid:
    """A row of pictures a method, a column a seed."""
    methods, across = r.pictures.shape[:2]
    names = tuple(f"@name.{name}" for name in r.methods)
    largest = LARGEST if p.model.kind == "digits" else LARGEST_OWN
    frames = r.pictures.reshape(1, methods * across, *r.pictures.shape[2:])
    return Grid(frames, across, marks=_marks(r), rows=names, largest=largest)


def _marks(r: PipelineResult) -> tuple[Payload, ...]:
    """What the independent network reads, of digits."""
    read = r.read.ravel()
    return tuple({"text": str(digit), "good": bool(digit == r.asked[i % len(r.asked)])} for i, digit in enumerate(read))


def price(_p: Asked, r: PipelineResult) -> Rows:
    """What a picture costs by each method, and what became of it."""
    rows = [_row(r, i) for i in range(len(r.evaluations))]
    return Rows(tuple(f"@head.{key}" for key in HEAD), tuple(rows), (0,) if rows else ())


def _row(r: PipelineResult, i: int) -> tuple[str | float, ...]:
    read: str | float = r.agreement(i) if r.read.shape[1] else "@no_digits"
    seen = (float(each[i]) for each in (r.contrast, r.overshoot, r.moved))
    return (f"@name.{r.methods[i]}", float(r.evaluations[i]), float(f"{r.seconds[i]:.2g}"), read, *seen)


def lengths(_p: Asked, r: PipelineResult) -> Chart:
    """Length of what the sampler is given over the conditional prediction's, step by step: theory lines, measured dots."""
    marks: list[Payload] = []
    for i, (found, said) in enumerate(zip(r.length, r.length_theory, strict=True)):
        name, (colour, symbol) = r.methods[i], look(i)
        marks.append(theory(r.levels, said, f"@name.{name}", color=colour, width=2) | {"legendgroup": name})
        dots = spots(r.levels, found, f"@name.{name}", colour, symbol, 7)
        marks.append(dots | {"legendgroup": name, "showlegend": False})
    return chart(*marks, x="@sigma_axis", y="@length_axis", xaxis=LEVELS)


def look(i: int) -> tuple[str, str]:
    """Colour and symbol of method number i."""
    return SERIES[i % len(SERIES)], SYMBOLS[i % len(SYMBOLS)]


def pushes(_p: Asked, r: PipelineResult) -> Chart:
    """What guidance added along the conditional prediction and across it: a dot a method, in a ring where theory has it."""
    rings = spots(r.push_theory[:, 0], r.push_theory[:, 1], "@theory", MUTED, "circle-open", 17)
    dots = [
        spots(r.push[i : i + 1, 0], r.push[i : i + 1, 1], f"@name.{name}", *look(i), 9)
        for i, name in enumerate(r.methods[: len(r.push)])
    ]
    return chart(*([rings] if dots else []), *dots, x="@along_axis", y="@across_axis")


def contrast_by_scale(_p: Asked, r: ScalesResult) -> Chart:
    """Standard deviation of the points against the scale; at 1 theory says one number for all."""
    return _by_scale(r, r.contrast, "@contrast_axis")


def overshoot_by_scale(_p: Asked, r: ScalesResult) -> Chart:
    """How far points lie outside what a screen can show, against the scale."""
    return _by_scale(r, r.overshoot, "@overshoot_axis")


def _by_scale(r: ScalesResult, values: Array, axis: str) -> Chart:
    lines: list[dict[str, Any]] = [series(i, r.gamma, values[:, i], f"@name.{name}") for i, name in enumerate(r.methods)]
    if len(r.gamma):
        plain = r.methods.index("plain")
        lines[plain] = theory(r.gamma, np.full(len(r.gamma), values[0, plain]), "@unguided", color=SERIES[0], dash="dash")
    return chart(*lines, x="@gamma_axis", y=axis)


PIPELINE = Experiment(
    "guidance_pipeline",
    Params,
    Computation(compute, (side_by_side, price, lengths, pushes), PipelineResult),
    Computation(scales, (contrast_by_scale, overshoot_by_scale), ScalesResult),
    warm,
)

"""A diffusion model of digits that is taught a style by a LoRA adapter: pictures, and how sure one may be of them."""

from base64 import b64encode

import numpy as np

from core.intervals import wilson
from core.lora.diffusion.comparison import ComparisonResult, compare
from core.lora.diffusion.experiment import compute, warm
from core.lora.diffusion.export import file
from core.lora.diffusion.params import RANKS, SCALES, Params
from core.lora.diffusion.result import COLUMNS, PicturesResult
from core.parameters import Parameters
from demos._experiment import Computation, Experiment
from demos._handout import Parcel
from demos._plot import MEASURED, MODEL, MUTED, THEORY, Chart, Grid, Payload, chart, shares, spots, theory
from demos.lora.lines import log_axis

ABOVE: Payload = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
SHARE: Payload = {"range": [-0.02, 1.05]}
APART = 0.012  # of the scale, between two dots that would cover each other
LOOKS = (
    ("style_score", MEASURED, "circle"),
    ("style_score_cut", THEORY, "circle-open"),
    ("judge_agreement", MODEL, "square"),
    ("judge_agreement_cut", MUTED, "square-open"),
)


def now(_: Params, r: PicturesResult) -> Grid:
    """Ten digits through the steps of the sampler, or through the training; a mark says what the judge reads."""
    last = max(len(r.history) - 1, 1)
    labels = tuple(f"t = {step}" for step in r.learnt) or tuple(f"{round(100 * i / last)} %" for i in range(len(r.history)))
    marks = tuple({"text": str(digit), "good": bool(digit == wanted)} for digit, wanted in zip(r.digit, r.asked, strict=False))
    return Grid(r.history, COLUMNS // 2, labels, marks)


def by_scale(_: Params, r: PicturesResult) -> Grid:
    """A row for every scale, the same noise in each."""
    return _strip(r.by_scale, tuple(f"s = {scale:g}" for scale in SCALES))


def by_rank(_: Params, r: PicturesResult) -> Grid:
    """A row for every rank, the same noise in each."""
    return _strip(r.by_rank, tuple(f"r = {rank}" for rank in RANKS))


def _strip(pictures: np.ndarray, rows: tuple[str, ...]) -> Grid:
    count, across, *shape = pictures.shape
    return Grid(pictures.reshape(1, count * across, *shape), across, rows=rows, largest=64)


def scores(p: Params, r: ComparisonResult) -> Chart:
    """Shares of the pictures against the scale, with their 95 % intervals; dashed: the scale asked for."""
    found = (("@style_dots", r.style_share, MEASURED, "circle", -1), ("@digit_dots", r.digit_share, MODEL, "square", 1))
    marks = [shares(r.scale[: len(y)] + side * APART, y, r.intervals(y), name, c, s) for name, y, c, s, side in found]
    here = theory(np.full(2, p.scale), np.array([0, 1]), "@scale_line", color=MUTED, dash="dash", width=1.5)
    x = {"range": [-0.06, 1.56]}
    return chart(here, *marks, x="@scale_axis", y="@share_axis", xaxis=x, yaxis=SHARE, legend=ABOVE, height=360)


def linearity(_: Params, r: ComparisonResult) -> Chart:
    """Change of the prediction against the scale: first order is a line, the network is dots."""
    marks = [theory(r.fine, r.predicted, "@first_order")]
    marks.append(spots(r.fine, r.measured, "@moved_dots", MEASURED, "circle"))
    marks.append(spots(r.fine, r.deviation, "@missed_dots", MUTED, "diamond"))
    if len(r.fine):
        height = np.array([0.0, float(max(r.predicted.max(), r.measured.max()))])
        marks.append(theory(np.full(2, r.linear_until), height, "@linear_line", color=MUTED, dash="dash", width=1.5))
    return chart(*marks, x="@scale_axis", y="@change_axis", yaxis={"rangemode": "tozero"}, legend=ABOVE, height=360)


def energies(_: Params, r: ComparisonResult) -> Chart:
    """Energy of the widest update by rank: no update of that rank explains more than the line."""
    marks = [theory(r.rank, r.bound, "@best_line") | {"mode": "lines+markers"}]
    if len(r.explained):
        marks.append(spots(r.rank, r.explained, "@trained_dots", MEASURED, "circle"))
    x = log_axis(*map(float, RANKS))
    return chart(*marks, x="@rank_axis", y="@energy_axis", xaxis=x, legend=ABOVE, height=340)


def ranks(_: Params, r: ComparisonResult) -> Chart:
    """Scores of the shipped adapters at scale 1: trained at each rank, and rank 16 cut to it."""
    marks = []
    for i, (name, colour, symbol) in enumerate(LOOKS if r.published else ()):
        count = int(r.published[0]["pictures"])
        share = np.array([row[name] for row in r.published])
        interval = np.array([wilson(each * count, count) for each in share])
        marks.append(shares(r.rank * 1.04 ** (i - 1.5), share, interval, f"@looks.{name}", colour, symbol))
    x = log_axis(*map(float, RANKS)) | {"range": [-0.1, 1.3]}
    return chart(*marks, x="@rank_axis", y="@share_axis", xaxis=x, yaxis=SHARE, legend=ABOVE, height=360)


def take(experiment: Experiment, p: Parameters) -> Parcel:
    """The adapter asked for, as diffusers and PEFT read it."""
    result = experiment.main.finish(p)
    if not isinstance(p, Params) or not isinstance(result, PicturesResult):
        raise TypeError(f"{experiment.name} takes no {type(p).__name__}")
    return {"name": "pytorch_lora_weights.safetensors", "base64": b64encode(file(p, result)).decode()}


DIFFUSION = Experiment(
    "lora_diffusion",
    Params,
    Computation(compute, (now, by_scale, by_rank), PicturesResult),
    Computation(compare, (scores, linearity, energies, ranks), ComparisonResult),
    warm,
    {"take": take},
)

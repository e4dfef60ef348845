"""The encoding model: digits as codes under noise, by networks that were trained with and without a normalised code."""

import numpy as np

from core.udm.encoding import ComparisonResult, EncodeResult, Params, comparison, compute, warm
from demos._experiment import Computation, Experiment
from demos._plot import MEASURED, MODEL, MUTED, THEORY, Chart, Grid, Payload, band, chart, series, theory

ACROSS = 8  # samples in a row
LOG = {"type": "log"}
ROLES = {"straight": THEORY, "normalised": MODEL, "free": MEASURED}
BITS = ("white", "straight", "normalised", "free")
BITS_COLOURS = (MUTED, THEORY, MODEL, MEASURED)
TALL = 340  # px


def pictures(p: Params, r: EncodeResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """What is given, what the network made of it and what a straight model makes of it; or samples on their way."""
    across = r.frames.shape[1] // len(r.rows)
    samples = r.task == "sample"
    rows = () if samples else tuple(f"@row.{name}" for name in r.rows)
    labels = tuple(f"t = {t:.2f}" for t in r.moments) or ("",)
    return Grid(r.frames, ACROSS if samples else across, labels, _marks(r, across), rows=rows)


def _marks(r: EncodeResult, across: int) -> tuple[Payload, ...]:
    """What the judge reads, and how far a picture is from x_0; nothing before there is an answer."""
    read = r.judge.argmax(axis=1)
    notes = _notes(r)
    return tuple({"text": str(digit)} | _good(r, i % across, int(digit)) | notes[i] for i, digit in enumerate(read))


def _good(r: EncodeResult, column: int, digit: int) -> Payload:
    return {"good": r.labels[column] == digit} if r.labels else {}


def _notes(r: EncodeResult) -> list[Payload]:
    """dB where there is an x_0, the judge's certainty where there is none."""
    if r.errors.size:
        return [{"note": f"{10 * np.log10(4 / error):.1f}"} if error > 0 else {} for error in r.errors.ravel()]
    return [{"note": f"{100 * sure:.0f} %"} for sure in r.judge.max(axis=1, initial=0.0)]


def by_strength(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """PSNR against t: dots are measured on held-out digits, the line is the best straight model in closed form."""
    flat = np.full(2, r.psnr_average)
    average = theory(np.array([0.0, 1.0]), flat, "@row.average", color=MUTED, dash="dot")
    return chart(
        average, _line(r.fine, r.psnr_theory), *_dots(r, r.psnr, r.psnr_stderr), x="@t_axis", y="@psnr_axis", height=TALL
    )


def by_strength_nats(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """The loss against t."""
    return chart(_line(r.fine, r.nats_theory), *_dots(r, r.nats, r.nats_stderr), x="@t_axis", y="@nats_axis", height=TALL)


def growth(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Root mean square of the codes against steps of training."""
    lines = [_trained(name, r.steps, size) for name, size in zip(r.models[1:], r.code_rms, strict=True)]
    return chart(*lines, x="@steps_axis", y="@code_axis", xaxis=LOG, yaxis=LOG, height=TALL)


def no_optimum(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """The loss at one t against the size of the codes: the closed form of straight codes, and what training did."""
    limit = theory(r.scales[[0, -1]], np.full(2, r.loss_limit), "@no_noise", color=MUTED, dash="dot")
    lines = [_trained(name, size, loss) for name, size, loss in zip(r.models[1:], r.code_rms, r.loss, strict=True)]
    shown = {"range": [float(r.loss.min()) - 0.1, 1.0]}
    axes = {"xaxis": LOG, "yaxis": shown}
    return chart(limit, _line(r.scales, r.loss_theory), *lines, x="@code_axis", y="@loss_axis", **axes, height=TALL)


def information(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Most bits that x_t can tell of x_0, against t."""
    lines = [
        theory(r.fine, row, f"@bits.{name}", color=colour, dash="dot" if name == "white" else "solid")
        for name, colour, row in zip(BITS, BITS_COLOURS, r.bits, strict=True)
    ]
    return chart(*lines, x="@t_axis", y="@bits_axis", yaxis=LOG | {"range": [-1, 3]}, height=TALL)


def samples(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """Frechet distance of a thousand samples against the number of steps, by share of new noise."""
    shares = sorted({row["fresh"] for row in r.samples})
    lines = [_by_steps(i, r, share) for i, share in enumerate(shares)]
    steps = [row["steps"] for row in r.samples]
    real = band(r.floor[0], r.floor[1], min(steps), max(steps), "@real")
    return chart(real, *lines, x="@sampling_axis", y="@frechet_axis", xaxis=LOG | {"dtick": "D2"}, yaxis=LOG, height=TALL)


def _by_steps(i: int, r: ComparisonResult, share: float) -> Payload:
    """One step has no rule, so that it belongs to every line."""
    rows = sorted((row for row in r.samples if row["fresh"] == share or row["steps"] == 1), key=_steps)
    half = np.array([(row["frechet_interval"][1] - row["frechet_interval"][0]) / 2 for row in rows])
    name = "@ancestral" if share < 0 else f"s = {share:g}"
    return series(i, np.array([row["steps"] for row in rows]), np.array([row["frechet"] for row in rows]), name, half)


def _steps(row: dict[str, float]) -> float:
    return row["steps"]


def _line(x: np.ndarray, y: np.ndarray) -> Payload:
    return theory(x, y, "@straight_theory")


def _dots(r: ComparisonResult, rows: np.ndarray, errors: np.ndarray) -> list[Payload]:
    """Two standard errors each way."""
    named = enumerate(zip(r.models, rows, errors, strict=True))
    return [
        series(i, r.t, row, f"@measured.{name}", 2 * error, mode="markers", marker=_mark(i, name))
        for i, (name, row, error) in named
    ]


def _trained(name: str, x: np.ndarray, y: np.ndarray) -> Payload:
    number = list(ROLES).index(name)
    return series(number, x, y, f"@measured.{name}", line={"color": ROLES[name], "width": 1.5}, marker=_mark(number, name))


def _mark(i: int, name: str) -> Payload:
    return {"color": ROLES[name], "symbol": ("circle", "diamond", "square")[i], "size": 7}


ENCODE = Experiment(
    "udm_encode",
    Params,
    Computation(compute, (pictures,), EncodeResult),
    Computation(
        comparison, (by_strength, growth, no_optimum, information, by_strength_nats, samples), ComparisonResult, live=True
    ),
    warm,
)

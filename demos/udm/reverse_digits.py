"""Backwards with a trained network: digits out of blur, holes and noise, rule by rule, with the exact posterior beside it."""

import numpy as np

from core.udm.forward import decibels
from core.udm.pictures import shown
from core.udm.restoration import ComparisonResult, DigitsResult, Params, compare, compute, warm
from core.udm.restoration.measures import errors, outcomes
from core.udm.restoration.reverse import Rule
from core.udm.restoration.table import Row
from demos._experiment import Computation, Experiment
from demos._plot import MODEL, MUTED, Chart, Grid, Payload, Rows, bars, chart, series, theory, typed

Array = np.ndarray

RULES = tuple(f"@rule.{rule.value}" for rule in Rule)
LETTERS = "ABCDEFGHIJKLMNOP"  # of outcomes
NOISELESS = 3e-4  # where the axis of the logarithm of sigma has its zero
HEAD = ("@corruption", "@predictor", "@rule", "@sigma", "@frechet_head", "@interval_head", "@floor_head")


def beside(p: Params, r: DigitsResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """The digit, what is left of it, and what the two predictors make of that."""
    pictures = {"clean": r.clean[None], "corrupted": r.corrupted[None], "exact": r.exact[None], "network": r.network}
    known = {name: picture[0] for name, picture in pictures.items() if len(picture)}
    marks = tuple({"text": f"@beside.{name}", "note": _note(name, picture, r.clean)} for name, picture in known.items())
    return Grid(shown(np.stack(list(known.values())))[None], 4, marks=marks, largest=112)


def _note(name: str, picture: Array, clean: Array) -> str:
    return "x₀" if name == "clean" else f"{float(decibels(errors(picture, clean))):.1f} dB"


def films(p: Params, r: DigitsResult) -> Grid:  # noqa: ARG001
    """One start, step by step, a row for every rule; below each picture its t."""
    count = r.films.shape[1]
    marks = tuple({"text": f"{t:.2g}"} for t in r.times) * len(RULES)
    return Grid(r.films.reshape(1, -1, *r.films.shape[2:]), count, marks=marks, rows=RULES, largest=92)


def returns(p: Params, r: DigitsResult) -> Grid:  # noqa: ARG001
    """What every restart has come to, a row for every rule, and exact draws; equal letters below: the same outcome."""
    every = np.concatenate([r.outcomes, r.possible[None]])
    letters = [LETTERS[number] for row in every for number in outcomes(row)]
    marks = tuple({"text": letter} for letter in letters)
    pictures = shown(every.reshape(-1, *every.shape[2:]))
    return Grid(pictures[None], every.shape[1], marks=marks, rows=(*RULES, "@possible"), largest=104)


def closeness(p: Params, r: ComparisonResult) -> Chart:
    """PSNR against t under the corruption that is chosen: what is left, the exact posterior, the network."""
    return _against_t(p, r, r.psnr, r.psnr_error, "@psnr_axis")


def likeness(p: Params, r: ComparisonResult) -> Chart:
    """SSIM against t."""
    return _against_t(p, r, r.ssim, r.ssim_error, "@ssim_axis")


def _against_t(p: Params, r: ComparisonResult, values: Array, error: Array, axis: str) -> Chart:
    place = r.kinds.index(p.corruption.value)
    done = np.isfinite(values[place, :, 0])
    t, (corrupted, exact, network), wide = r.t[done], values[place, done].T, error[place, done, 2]
    lines = (
        theory(t, corrupted, "@beside.corrupted", color=MUTED, dash="dot"),
        theory(t, exact, "@beside.exact"),
    )
    look = {"mode": "markers", "marker": {"color": MODEL, "size": 8}, "error_y": bars(wide)}
    dots: Payload = {"type": "scatter", "x": typed(t), "y": typed(network), "name": "@beside.network"} | look
    return chart(*lines, dots, x="@t_axis", y=axis, height=320)


def gains(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """What the network gains over the corrupted digit, every corruption against t."""
    marks = []
    for i, name in enumerate(r.kinds):
        gain, wide = r.psnr[i, :, 2] - r.psnr[i, :, 0], r.psnr_error[i, :, 2]
        done = np.isfinite(gain)
        marks.append(series(i, r.t[done], gain[done], f"@corruption.{name}", wide[done]))
    return chart(*marks, x="@t_axis", y="@gain_axis", height=340)


def parting(p: Params, r: ComparisonResult) -> Chart:  # noqa: ARG001
    """How many different digits the restarts from nothing come to, against the breath of noise."""
    sigma = np.maximum(r.sigma, NOISELESS)
    done = np.isfinite(r.outcomes[0])
    marks = [series(i, sigma[done], row[done], name) for i, (name, row) in enumerate(zip(RULES, r.outcomes, strict=True))]
    ticks = {"type": "log", "tickvals": sigma.tolist(), "ticktext": [f"{each:g}" for each in r.sigma]}
    most = theory(sigma, np.full(len(sigma), float(r.restarts)), "@all_different", color=MUTED, dash="dash", width=1.5)
    return chart(most, *marks, x="@sigma_axis", y="@outcomes_axis", xaxis=ticks, yaxis={"rangemode": "tozero"}, height=320)


def frechet(p: Params, r: ComparisonResult) -> Rows:
    """The shipped table below its floor; the rows of the corruption that is chosen stand out."""
    mean, low, high = r.floor
    floor = ("@held_out", "–", "–", "–", mean, (high - low) / 2, 1.0)
    marked = tuple(i for i, row in enumerate(r.table, 1) if row["corruption"] == p.corruption.value)
    return Rows(HEAD, (floor, *(_row(row, mean) for row in r.table)), marked)


def _row(row: Row, floor: float) -> tuple[str | float, ...]:
    low, high = row["frechet_interval"]
    names = (f"@{key}.{row[key]}" for key in ("corruption", "predictor", "rule"))
    distance = float(row["frechet"])
    return (*names, float(row["sigma"]), distance, (high - low) / 2, round(distance / floor, 1))


REVERSE_DIGITS = Experiment(
    "udm_reverse_digits",
    Params,
    Computation(compute, (beside, films, returns), DigitsResult),
    Computation(compare, (closeness, gains, parting, likeness, frechet), ComparisonResult),
    warm,
)

"""Forwards: a picture under every corruption, a sentence under every edit, and what is left of the picture."""

import numpy as np

from core.udm.forward import ForwardResult, Params, compute, decibels
from core.udm.information import InformationResult, information
from core.udm.pictures import shown
from core.udm.tokens import split
from demos._experiment import Computation, Experiment
from demos._plot import SERIES, Chart, Grid, Lines, Payload, chart, runs, series, theory

COLUMNS, LARGEST = 6, 150
TALL = 400  # px of a chart with a line for every corruption


def dissolve(p: Params, r: ForwardResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """The picture, and beside it the same under every corruption; below each its peak signal to noise."""
    errors = np.square(r.corrupted - r.clean).mean((1, 2, 3), dtype=np.float64)
    named = zip(r.names, decibels(errors), strict=True)
    marks = [{"text": f"@corruption.{name}", "note": f"{value:.1f} dB"} for name, value in named]
    pictures = shown(np.concatenate([r.clean[None], r.corrupted]))
    untouched = {"text": "@original", "note": f"{decibels(np.zeros(1))[0]:.1f} dB"}
    return Grid(pictures[None], COLUMNS, marks=(untouched, *marks), largest=LARGEST)


def sentences(p: Params, r: ForwardResult) -> Lines:
    """The sentence, and below it the same under every edit."""
    first = {"title": "@original", "runs": [{"own": "".join(split(p.sentence)), "state": "kept"}]}
    edited = [
        {"title": f"@edit.{name}", "runs": runs(tokens), "note": "@bits_lost", "number": round(float(bits), 1)}
        for name, tokens, bits in zip(r.edits, r.lines, r.bits_lost, strict=True)
    ]
    return Lines((first, *edited))


def twins(p: Params, r: InformationResult) -> Grid:  # noqa: ARG001
    """The picture and its twin of the same mean colour through time, blurred and noised."""
    frames = r.twins.reshape(len(r.frames), -1, *r.twins.shape[-3:])
    marks = tuple({"text": f"@twin.{name}"} for name in ("blur", "blur_other", "noise", "noise_other"))
    labels = tuple(f"t = {t:.3g}" for t in r.frames)
    return Grid(frames, 4, labels, marks, largest=LARGEST, quality=75)


def quality(p: Params, r: InformationResult) -> Chart:  # noqa: ARG001
    """Peak signal to noise ratio against t: dots are measured, lines are the closed forms."""
    lines = _lines(r, r.t, r.psnr_theory, [True] * len(r.names))
    return chart(*lines, *_dots(r, r.t, r.psnr), x="@t_axis", y="@psnr_axis", height=TALL)


def left(p: Params, r: InformationResult) -> Chart:  # noqa: ARG001
    """Bits that a linear reader finds against t."""
    lines = _lines(r, r.t, r.bits_theory, r.known)
    axis = {"type": "log", "range": [-3, 1]}
    return chart(*lines, *_dots(r, r.t, r.bits), x="@t_axis", y="@bits_axis", yaxis=axis, height=TALL)


def spectrum(p: Params, r: InformationResult) -> Chart:  # noqa: ARG001
    """Energy by frequency at t; the mean colour, which has no frequency, is left out."""
    frequency = r.frequency[1:]
    clean = theory(frequency, r.spectrum_clean[1:], "@original", color=SERIES[-2], dash="dash", width=2)
    lines = _lines(r, frequency, r.spectrum_theory[:, 1:], r.known)
    marks = _dots(r, frequency, r.spectrum[:, 1:])
    axes = {"xaxis": {"type": "log"}, "yaxis": {"type": "log", "range": [-5, 3]}}
    return chart(clean, *lines, *marks, x="@frequency_axis", y="@energy_axis", **axes, height=TALL)


def _lines(r: InformationResult, x: np.ndarray, rows: np.ndarray, known: list[bool]) -> list[Payload]:
    """The closed form of each corruption that has one."""
    quiet = {"showlegend": False, "hoverinfo": "skip"}
    drawn = [(i, name, row) for i, (name, row) in enumerate(zip(r.names, rows, strict=True)) if known[i]]
    return [theory(x, row, f"@corruption.{name}", color=_colour(i), width=1.8) | quiet for i, name, row in drawn]


def _dots(r: InformationResult, x: np.ndarray, rows: np.ndarray) -> list[Payload]:
    named = enumerate(zip(r.names, rows, strict=True))
    return [series(i, x, row, f"@corruption.{name}", mode="markers") for i, (name, row) in named]


def _colour(i: int) -> str:
    return SERIES[i % len(SERIES)]


FORWARD = Experiment(
    "udm_forward",
    Params,
    Computation(compute, (dissolve, sentences), ForwardResult, live=True),
    Computation(information, (twins, quality, left, spectrum), InformationResult),
)

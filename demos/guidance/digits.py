"""Guidance on a real trained model: pictures while they are denoised, judged by a network that guidance never sees."""

from core.guidance.digits import Params, PicturesResult, StripResult, compute, strip
from demos._experiment import Computation, Experiment
from demos._plot import Grid, Payload

COLUMNS = 8


def pictures(p: Params, r: PicturesResult) -> Grid:
    """The pictures through time; a mark says what the judge reads, the back is the nearest training digit."""
    last = len(r.history) - 1
    labels = tuple(f"{round(100 * i / max(last, 1))} %" for i in range(last + 1))
    backs = r.nearest if len(r.nearest) else None
    captions = tuple(f"{label} · {away:.1f}" for label, away in zip(r.nearest_label, r.nearest_distance, strict=True))
    return Grid(r.history, min(COLUMNS, p.count), labels, _marks(r), backs=backs, captions=captions)


def _marks(r: PicturesResult) -> tuple[Payload, ...]:
    read = r.judge.argmax(axis=1)
    return tuple({"text": str(digit), "good": bool(r.asked[i, digit] > 0)} for i, digit in enumerate(read))


def same_seeds(p: Params, r: StripResult) -> Grid:  # noqa: ARG001  a drawing takes both
    """A row of pictures for each gamma, the same seeds in every row."""
    gammas, across, height, width = r.pictures.shape
    rows = tuple(f"γ = {gamma:g}" for gamma in r.gamma)
    return Grid(r.pictures.reshape(1, gammas * across, height, width), across, rows=rows)


DIGITS = Experiment(
    "guidance_digits",
    Params,
    Computation(compute, (pictures,), PicturesResult),
    Computation(strip, (same_seeds,), StripResult),
)

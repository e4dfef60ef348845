"""The companion of attention_model: longer than in training, logits of few bits, and what the networks must beat."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.attention.laws import Format
from core.attention.model.experiment import measured_text
from core.attention.model.measured import measured
from core.attention.model.params import Params
from core.attention.model.spans import LONG, SPANS
from core.attention.model.text import scene
from core.digits.door import AT_WORK
from core.result import Result

Array = np.ndarray

SCALES = ("constant", "log_length")
FORMATS = tuple(each.value for each in Format)
MODELS = ("ngram", "learned", "constant", "log_length")
LIVE = 2  # windows of LONG that are computed anew
PARTS = (1, 3, 10, 30, 100, 300, LONG)  # between them attention's entropy is averaged
STUDENT = 4.303  # 97.5 % of Student's t with as many degrees of freedom as seeds less one


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """Bits a character; B spans of a long window, 3 seeds; f formats so far and w long windows so far."""

    by_span: Array  # [2, 3, B] of SCALES, on the held-out plays
    gap: Array  # [3, B] constant less log_length, same windows
    gap_stderr: Array  # [3, B] by windows
    live: Array  # [2, w, B] of the shipped networks, on the scene
    entropy: Array  # [2, w, E] nats, of attention between PARTS
    quality: Array  # [4, 2] of MODELS in windows of 64, on the held-out plays, with a standard error
    order: int  # of the n-gram
    formats: Array  # [f, 4] rounding error over the logits' deviation; perplexity with logits, with values of few bits; ratio
    perplexity_clean: float  # of the same text without rounding; 0 before the first format

    def metrics(self) -> dict[str, float]:
        """Bits at the longest span over the seeds, and what the log scale gains there with half of its 95 % interval."""
        gain, half = self.gain
        found = {f"bits_{name}": float(value) for name, value in zip(MODELS, self.quality[:, 0], strict=True)}
        found |= {f"long_bits_{name}": float(rows[:, -1].mean()) for name, rows in zip(SCALES, self.by_span, strict=True)}
        return found | {"long_gain": gain, "long_gain_interval": half}

    @property
    def gain(self) -> tuple[float, float]:
        """Of the log scale at the longest span, mean over seeds, and half of the 95 % interval by seeds."""
        last = self.gap[:, -1]
        return float(last.mean()), float(STUDENT * last.std(ddof=1) / len(last) ** 0.5)

    @property
    def verdict(self) -> str:
        """Whether that gain is outside its interval."""
        gain, half = self.gain
        return "unclear" if abs(gain) <= half else "better" if gain > 0 else "worse"


def compare(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(fraction done, what is known): the shipped table, then each format, then each long window."""
    r = from_table()
    yield 0.05, r
    for done, row in enumerate(in_formats(p), 1):
        clean, line = row
        r = replace(r, formats=np.vstack([r.formats, line]), perplexity_clean=clean)
        yield 0.05 + 0.25 * done / len(FORMATS), r
    for done, (bits, entropy) in enumerate(long_windows(), 1):
        r = replace(r, live=np.concatenate([r.live, bits], 1), entropy=np.concatenate([r.entropy, entropy], 1))
        yield 1.0 if done == LIVE else 0.3 + 0.7 * done / LIVE, r


def from_table() -> ComparisonResult:
    """What was measured of every seed."""
    table = measured()
    pairs = [table["ngram"], *(_mean(table["bits"][kind]) for kind in MODELS[1:])]
    return ComparisonResult(
        by_span=np.array([table["by_span"][scale] for scale in SCALES]),
        gap=np.array(table["gap"]),
        gap_stderr=np.array(table["gap_stderr"]),
        live=np.zeros((2, 0, len(SPANS))),
        entropy=np.zeros((2, 0, len(PARTS) - 1)),
        quality=np.array(pairs),
        order=table["order"],
        formats=np.zeros((0, 4)),
        perplexity_clean=0.0,
    )


def _mean(pairs: list[list[float]]) -> list[float]:
    """Of the seeds; the same text for all, so the standard error by windows is that of one."""
    rows = np.array(pairs)
    return [float(rows[:, 0].mean()), float(rows[:, 1].mean())]


def in_formats(p: Params) -> Iterator[tuple[float, Array]]:
    """(perplexity without rounding, a row of `formats`) one format after another."""
    from core.attention.model.curve import AT_ONCE, losses  # noqa: PLC0415  torch takes seconds
    from core.attention.model.noise import Place, Silent, through  # noqa: PLC0415
    from core.attention.model.rounded import Few, against_theory  # noqa: PLC0415
    from core.attention.model.weights import network  # noqa: PLC0415
    from core.attention.model.windows import windows  # noqa: PLC0415

    model = network(p.scale.value)
    codes, following = windows(measured_text(p)[:LONG])

    def perplexity(noise: Silent) -> float:
        pairs = zip(codes.split(AT_ONCE), following.split(AT_ONCE), strict=True)
        rows = [losses(model, through(model, one, noise), two)[0] for one, two in pairs]
        return float(np.exp(np.concatenate(rows).mean()))

    with AT_WORK:
        clean = perplexity(Silent())
    for name in FORMATS:
        with AT_WORK:
            ratio, moved = against_theory(model, codes, Format(name))
            few = [perplexity(Few(place, Format(name))) for place in (Place.LOGITS, Place.VALUES)]
        yield clean, np.array([[moved, *few, ratio]])


def long_windows() -> Iterator[tuple[Array, Array]]:
    """Bits [2, 1, B] and entropies [2, 1, E] of both networks, one window of the scene after another."""
    from core.attention.model.lengths import along, by_span  # noqa: PLC0415
    from core.attention.model.weights import network  # noqa: PLC0415
    from core.attention.model.windows import windows  # noqa: PLC0415

    codes, following = windows(scene(), LONG)
    for window in range(LIVE):
        with AT_WORK:
            rows = [along(network(scale), codes[window], following[window]) for scale in SCALES]
        entropy = [[each[low - 1 : high - 1].mean() for low, high in pairwise(PARTS)] for _, each in rows]
        yield by_span(np.array([bits for bits, _ in rows]))[:, None], np.array(entropy)[:, None]

"""What stands beside the pictures: scores against the scale with their intervals, how linear the scale is, energy by rank."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.intervals import wilson
from core.lora.diffusion import shipped
from core.lora.diffusion.adapter import Adapter
from core.lora.diffusion.choice import choice, wanted
from core.lora.diffusion.params import FINE, RANKS, SCALES, Drawn, Params, Shipped
from core.lora.diffusion.result import energy
from core.result import Result

if TYPE_CHECKING:
    from core.lora.diffusion.measuring import Measuring

PICTURES = 30  # a scale


@dataclass(frozen=True, eq=False)
class ComparisonResult(Result):
    """The first k scales are measured so far."""

    scale: np.ndarray  # [7]
    pictures: int  # at every scale
    style_share: np.ndarray  # [k] read as the style that was asked for
    digit_share: np.ndarray  # [k] read as the digit that was asked for
    fine: np.ndarray  # [m] scales
    measured: np.ndarray  # [m] relative change of v
    predicted: np.ndarray  # [m] the same to first order
    deviation: np.ndarray  # [m] what first order misses
    linear_until: float  # scale at which it misses a tenth of the change
    rank: np.ndarray  # [5]
    bound: np.ndarray  # [5] share of the widest update's energy in its best one of each rank (Eckart and Young)
    explained: np.ndarray  # [5 or 0] share explained by what was trained at each rank
    published: list[dict[str, float]]  # per rank, of one shipped style: scores at scale 1, trained and cut from rank 16

    def metrics(self) -> dict[str, float]:
        """style_score and judge_agreement at every scale measured, and linear_until."""
        found: dict[str, float] = {}
        for scale, style, digit in zip(self.scale, self.style_share, self.digit_share, strict=False):
            found |= {f"style_score_{scale:g}": float(style), f"judge_agreement_{scale:g}": float(digit)}
        return found | ({"linear_until": self.linear_until} if len(self.fine) else {})

    def intervals(self, shares: np.ndarray) -> np.ndarray:
        """[k, 2] 95 % intervals of shares [k] of so many pictures."""
        return np.array([wilson(share * self.pictures, self.pictures) for share in shares]).reshape(-1, 2)


def compare(p: Params) -> Iterator[tuple[float, ComparisonResult]]:
    """(fraction done, the comparison so far): energies at once, then the law of the scale, then one scale after another.

    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    learnt: Adapter | None = None
    if isinstance(p.style, Drawn):
        for learnt in _learning(p, p.style):
            if learnt is None:
                yield 0.0, _empty()
    result = _energies(p, learnt)
    yield 0.0, result
    measuring = _measuring(p, choice(p, learnt).chosen)
    result = _with_response(result, measuring)
    yield 0.1, result
    for i, scale in enumerate(SCALES):
        style, digit = measuring.shares(scale, wanted(p))
        result = replace(
            result, style_share=np.append(result.style_share, style), digit_share=np.append(result.digit_share, digit)
        )
        yield 0.1 + 0.9 * (i + 1) / len(SCALES) if i + 1 < len(SCALES) else 1.0, result


def _learning(p: Params, style: Drawn) -> Iterator[Adapter | None]:
    from core.lora.diffusion.learning import finished  # noqa: PLC0415

    yield from finished(style, p.r, p.seed)


def _measuring(p: Params, adapter: Adapter) -> "Measuring":
    from core.lora.diffusion.measuring import Measuring  # noqa: PLC0415

    return Measuring(p, adapter, PICTURES)


def _with_response(result: ComparisonResult, measuring: "Measuring") -> ComparisonResult:
    found = measuring.response()
    curves = replace(result, measured=found.measured, predicted=found.predicted, deviation=found.deviation)
    return replace(curves, fine=np.array(FINE), linear_until=found.linear_until)


def _empty(**known: Any) -> ComparisonResult:
    none = dict.fromkeys(("style_share", "digit_share", "fine", "measured", "predicted", "deviation", "bound", "explained"))
    arrays = {name: np.zeros(0) for name in none} | {"scale": np.array(SCALES), "rank": np.array(RANKS)}
    return ComparisonResult(**{**arrays, "pictures": PICTURES, "linear_until": 0.0, "published": []} | known)


def _energies(p: Params, learnt: Adapter | None) -> ComparisonResult:
    """From the files alone."""
    found = choice(p, learnt)
    spectrum, share = found.widest.spectrum(), found.kept // p.r
    bound = np.array([energy(spectrum, share * rank) for rank in RANKS])
    explained, published = np.zeros(0), list[dict[str, float]]()
    if isinstance(p.style, Shipped):
        explained = np.array([_explained(found.widest, found.at_rank[rank]) for rank in RANKS])
        published = [shipped.quality(p.style.kind, rank) for rank in RANKS]
    return _empty(bound=bound, explained=explained, published=published)


def _explained(widest: Adapter, other: Adapter) -> float:
    """1 - |W - V|^2 / |W|^2 over all layers; at most the bound of Eckart and Young at V's rank."""
    names = widest.factors.keys() | other.factors.keys()
    missed = sum(float(np.square(widest.update(name) - other.update(name)).sum()) for name in names)
    return 1 - missed / sum(float(np.square(widest.update(name)).sum()) for name in names)

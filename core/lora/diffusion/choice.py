"""Which adapters a set of parameters asks for. No torch is needed for that."""

from dataclasses import dataclass

import numpy as np

from core.lora.diffusion import shipped
from core.lora.diffusion.adapter import Adapter, mixed, read
from core.lora.diffusion.params import RANKS, Drawn, Mixed, Params, Upload
from core.lora.diffusion.result import kinds
from core.lora.diffusion.style import STYLES
from core.lora.rank.weights import opened

WIDEST = RANKS[-1]


@dataclass(frozen=True, eq=False)
class Choice:
    """The adapter asked for, its like at every rank, and the one of highest rank that it may be a part of."""

    at_rank: dict[int, Adapter]  # of params.RANKS
    widest: Adapter
    chosen: Adapter
    kept: int  # rank of `widest` that stands for r


def choice(p: Params, learnt: Adapter | None = None) -> Choice:
    """learnt: what was trained on the visitor's drawings, where that is asked for.

    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    if isinstance(p.style, Upload | Drawn):
        whole = _own(p, learnt)
        return Choice({rank: whole.truncated(rank) for rank in RANKS}, whole, whole.truncated(p.r), p.r)
    at_rank = {rank: _at(p, rank) for rank in RANKS}
    return Choice(at_rank, at_rank[WIDEST], at_rank[p.r], p.r * (2 if isinstance(p.style, Mixed) else 1))


def _own(p: Params, learnt: Adapter | None) -> Adapter:
    if isinstance(p.style, Upload):
        return read(opened(p.style.adapter)) if p.style.adapter else shipped.adapter("bold", WIDEST)
    if learnt is None:
        raise ValueError("an adapter learnt from drawings is asked for, and none was learnt")
    return learnt


def _at(p: Params, rank: int) -> Adapter:
    style = p.style
    if isinstance(style, Mixed):
        parts = ((style.first, style.first_weight), (style.second, style.second_weight))
        return mixed((shipped.adapter(kind.value, rank), weight) for kind, weight in parts)
    return shipped.adapter(style.kind, rank)


def wanted(p: Params) -> np.ndarray:
    """Styles that count as right: the one asked for, either of a mix, and of one's own whatever is not plain."""
    style = p.style
    if isinstance(style, Mixed):
        return kinds(*dict.fromkeys((style.first.value, style.second.value)))
    return kinds(*(STYLES if isinstance(style, Upload | Drawn) else (style.kind,)))

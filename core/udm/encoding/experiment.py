"""Experiment udm_encode: digits as codes that noise hides; back from noise, new from noise, and half way to another digit.

What needs no network is shown first: torch is imported after the first result.
"""

from collections.abc import Iterator

from core.udm.encoding.generation import interpolated, sampled
from core.udm.encoding.params import Interpolate, Params, Sample
from core.udm.encoding.reconstruction import reconstructed
from core.udm.encoding.result import EncodeResult


def compute(p: Params) -> Iterator[tuple[float, EncodeResult]]:
    """(fraction done, the pictures so far); everything random follows from p.seed.

    Raises core.digits.manifest.DamagedAssetError where a shipped file is missing or altered.
    """
    if isinstance(p.task, Sample):
        return sampled(p, p.task)
    if isinstance(p.task, Interpolate):
        return interpolated(p, p.task)
    return reconstructed(p, p.task)


def warm() -> None:
    """Import what is heavy and load every network, so that the first visitor does not wait for it."""
    for model in ("normalised", "free"):
        for _ in compute(Params(model=model, seed=1)):
            pass

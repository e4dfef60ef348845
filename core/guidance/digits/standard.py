"""What the shipped table of 5000 pictures a method and gamma says, and what real digits look like to the judge."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from core.digits import manifest
from core.guidance.digits.params import Ddim, Params

TABLE = "guidance/digits.json"
REAL = "guidance/real_digits.json"

Row = dict[str, float | str]


@dataclass(frozen=True, eq=False)
class RealDigits:
    """Held-out digits in the judge's features."""

    mean: np.ndarray  # [10, 64] of each class
    spread: np.ndarray  # [10] root mean square deviation from it
    centre: np.ndarray  # [64] of all

    def standardised(self, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """[n, 64] deviation of features [n, 64] from the mean of their class, over the spread of the class."""
        return ((features - self.mean[labels]) / self.spread[labels][:, None]).astype(np.float32)


@cache
def real() -> RealDigits:
    """Raises core.digits.manifest.DamagedAssetError where the file is missing or altered."""
    stored = json.loads(manifest.verified(REAL).read_text())
    mean = np.array(stored["mean"])
    return RealDigits(mean, np.array(stored["spread"]), mean.mean(axis=0))


@cache
def table() -> dict[str, Any]:
    """The shipped table: {"floor": {...}, "rows": [...]}."""
    stored: dict[str, Any] = json.loads(manifest.verified(TABLE).read_text())
    return stored


def scene(p: Params) -> str:
    """The name under which the table has these parameters: method, its network, the trap."""
    reader = getattr(p.method, "reader", None)
    name = p.method.kind if reader is None else f"{p.method.kind} {reader.value}"
    return f"{name} trap" if isinstance(p.sampler, Ddim) and p.sampler.trap else name


def row(p: Params) -> Row:
    """The row of the same scene, of the same sampler if there is one, at the nearest gamma; empty where there is none.

    Its gamma and steps are told beside its distance; its time only where sampler and steps are those of p.
    """
    rows: list[Row] = [each for each in table()["rows"] if each["scene"] == scene(p)]
    if not rows:
        return {}
    nearest = min(rows, key=lambda each: (each["sampler"] != p.sampler.kind, abs(float(each["gamma"]) - p.gamma)))
    told = {f"frechet_at_{name}": nearest[name] for name in ("gamma", "steps")} | {"frechet_floor": table()["floor"]["mean"]}
    if (nearest["sampler"], nearest["steps"]) != (p.sampler.kind, p.steps):
        nearest = {name: value for name, value in nearest.items() if name != "milliseconds"}
    return nearest | told

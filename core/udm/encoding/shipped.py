"""What ships beside the two models: the straight one's principal directions, some held-out digits, and what was measured."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from core.digits import manifest
from core.udm.encoding.linear import Principal

Array = np.ndarray
Row = dict[str, Any]

DIGITS = "udm/encoding/digits.safetensors"
MEASURED = "udm/encoding/measured.json"


@dataclass(frozen=True, eq=False)
class Digits:
    """Of the training digits the principal directions, of the test digits some of every class."""

    principal: Principal
    held_out: Array  # [10, k, 784] float32 in [-1, 1]; row 3 holds threes


@cache
def digits() -> Digits:
    """Raises core.digits.manifest.DamagedAssetError where the file is missing or altered."""
    stored = load_file(manifest.verified(DIGITS))
    wide = {name: stored[name].astype(np.float64) for name in ("mean", "directions", "variances")}
    return Digits(Principal(**wide), (stored["held_out"] / 127.5 - 1).astype(np.float32))


@cache
def measured() -> dict[str, Any]:
    """{"curves": {model: {...}}, "growth": {...}, "samples": [rows], "floor": {...}}, as core.udm.encoding.publish wrote it."""
    found: dict[str, Any] = json.loads(manifest.verified(MEASURED).read_text())
    return found


def nearest_row(model: str, predictor: str, steps: int, fresh: float) -> dict[str, float]:
    """Frechet distance of the row of the table that is nearest to these settings, its steps and its floor beside it."""
    rows = [
        row for row in measured()["samples"] if (row["model"], row["predictor"]) == (model, predictor) and row["fresh"] >= 0
    ]
    if not rows:
        return {}
    row = min(rows, key=lambda each: (abs(np.log(each["steps"] / steps)), abs(each["fresh"] - fresh)))
    beside = {"frechet_floor": float(measured()["floor"]["mean"]), "frechet_at_steps": float(row["steps"])}
    return {"frechet": float(row["frechet"])} | beside

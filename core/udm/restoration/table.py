"""What the shipped table of pictures generated from nothing says: Frechet distances by corruption, rule and noise."""

import json
from functools import cache
from typing import Any

from core.digits import manifest

TABLE = "udm/restoration.json"

Row = dict[str, Any]


@cache
def table() -> dict[str, Any]:
    """{"floor": {"mean", "interval", "splits"}, "rows": [...]}.

    Raises core.digits.manifest.DamagedAssetError where the file is missing or altered.
    """
    stored: dict[str, Any] = json.loads(manifest.verified(TABLE).read_text())
    return stored


def rows_near(corruption: str, predictor: str, sigma: float) -> list[Row]:
    """The rows of both at the tabulated sigma nearest to this one, each with the floor; none where there are none."""
    rows: list[Row] = [row for row in table()["rows"] if (row["corruption"], row["predictor"]) == (corruption, predictor)]
    nearest = min((float(row["sigma"]) for row in rows), key=lambda each: abs(each - sigma), default=0.0)
    return [row | {"floor": table()["floor"]["mean"]} for row in rows if row["sigma"] == nearest]

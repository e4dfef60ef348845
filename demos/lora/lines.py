"""How twenty methods share one picture: one stands out, two are always named, the others are grey."""

import numpy as np

from demos._plot import MODEL, MUTED, THEORY, Payload, theory

TOP = 1.15  # of the first loss: what is beyond is off the picture
LINES = {"full": MODEL, "lora": THEORY}  # always named beside the method looked at


def cut(values: np.ndarray) -> np.ndarray:
    """Off the picture is far enough for a diverged loss."""
    return np.minimum(values, 10 * TOP)


def grey(x: np.ndarray, y: np.ndarray, name: str) -> Payload:
    """One of the many: named when pointed at."""
    return theory(x, cut(y), f"@method.{name}", color=f"{MUTED}88", width=1) | {"showlegend": False}


def log_axis(*ticks: float) -> Payload:
    """Named at these values alone."""
    return {"type": "log", "tickvals": list(ticks), "ticktext": [f"{tick:g}" for tick in ticks]}


def names() -> Payload:
    """An axis of the names of methods, every one of them."""
    return {"type": "category", "dtick": 1, "tickfont": {"size": 11}}

"""Rows of answers that two experiments draw."""

from demos._plot import Payload

LONGEST_CONTEXT = 40  # signs that are shown
ABOVE: Payload = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}  # where the legend is


def row(title: str, parts: list[tuple[str, str]], note: str = "", number: float = 0.0) -> Payload:
    """One row of Lines: (text, what happened to it)."""
    runs = [{"own": text, "state": state} for text, state in parts if text]
    return {"title": title, "runs": runs, "note": note, "number": number}


def short(text: str, most: int = LONGEST_CONTEXT) -> str:
    """So much of a text as a row has room for."""
    return text if len(text) <= most else text[:most] + "…"


def chosen_first(chosen: str, ways: tuple[str, ...]) -> list[str]:
    """The chosen way, then the others."""
    return [chosen, *(name for name in ways if name != chosen)]

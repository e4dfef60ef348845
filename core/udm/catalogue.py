"""All corruptions of pictures and all edits of texts, by name and in order."""

from functools import cache

from core.udm import corruptions, edits
from core.udm.corruption import Corruption
from core.udm.edit import Edit
from core.udm.found import found


@cache
def every_corruption() -> dict[str, Corruption]:
    """Name -> corruption."""
    return found(corruptions, Corruption)  # type: ignore[type-abstract]


@cache
def every_edit() -> dict[str, Edit]:
    """Name -> edit."""
    return found(edits, Edit)  # type: ignore[type-abstract]

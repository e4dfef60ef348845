"""What sets the controls of an experiment together, as the browser needs it: links, buttons of presets, scenes of lessons."""

from typing import Any

from core.controls import Kind
from core.parameters import Parameters
from demos._words import Preset

Values = dict[str, Any]


def frame(params: type[Parameters]) -> dict[str, Any]:
    """The controls by name with their defaults, those whose answer looks otherwise, and what it takes to say a value."""
    controls = params.controls()
    return {
        "names": [c.name for c in controls],
        "defaults": [c.typed(c.default) for c in controls],
        "loose": [c.name for c in controls if c.kind is Kind.NUMBERS],  # a line of text in the control, a list in an answer
        "files": [c.name for c in controls if c.kind is Kind.FILE],
        "drawn": [c.name for c in controls if c.kind in (Kind.SKETCH, Kind.PICTURE)],
        "units": {c.name: c.unit for c in controls if c.unit},
        "columns": {c.name: [column.name for column in c.columns] for c in controls if c.columns},
        "seeds": [c.name for c in controls if c.kind is Kind.SEED],
    }


def scene(params: type[Parameters], values: Values) -> dict[str, Any]:
    """What differs from the defaults, and what has no place under these choices. Raises ParameterError out of bounds."""
    full = params(**values).values()
    changed = {c.name: c.typed(full[c.name]) for c in params.controls() if c.name in full and full[c.name] != c.default}
    return {"values": changed, "absent": [c.name for c in params.controls() if c.name not in full]}


def offered(params: type[Parameters], preset: Preset) -> dict[str, Any]:
    """A preset with the key of its words; one that keeps the others says its own values alone."""
    if not preset.keep:
        return {"key": preset.key} | scene(params, preset.values)
    own = {c.name: c.typed(preset.values[c.name]) for c in params.controls() if c.name in preset.values}
    return {"key": preset.key, "values": own, "absent": [], "keep": True}

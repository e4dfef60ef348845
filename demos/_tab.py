"""What a tab is, and how all tabs are found."""

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path

from demos._experiment import Computation, Drawing, Experiment
from demos._plot import Picture

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Face:
    """A small picture through time that stands for the tab on Home, drawn of a result that ships: of the companion, or main."""

    experiment: Experiment
    draw: Drawing
    companion: bool = False

    @property
    def computation(self) -> Computation:
        return self.experiment.computations[-1 if self.companion else 0]

    def picture(self) -> Picture | None:
        """None where no result has been recalled."""
        p = self.experiment.params()
        result = self.computation.recalled(p)
        return None if result is None else self.draw(p, result)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A module or package of demos/ exports one as TAB."""

    order: int
    experiments: tuple[Experiment, ...]
    face: Face | None = None


def load(name: str) -> Tab:
    """The tab of one module of demos/; a module that does not import or exports no TAB stops the app."""
    tab = getattr(importlib.import_module(f"{__package__}.{name}"), "TAB", None)
    if not isinstance(tab, Tab):
        raise TypeError(f"demos/{name} must export TAB, a Tab; it exports {tab!r}")
    return tab


def find() -> dict[str, Tab]:
    """Every tab by its module's name, in order."""
    tabs = {m.name: load(m.name) for m in pkgutil.iter_modules([str(HERE)]) if not m.name.startswith("_")}
    names = [e.name for tab in tabs.values() for e in tab.experiments]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"experiments need different names; used twice: {sorted(twice)}")
    return {name: tabs[name] for _, name in sorted((tab.order, name) for name, tab in tabs.items())}

"""Whatever a package holds, one file each: a new file appears by itself."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def found(package: ModuleType, base: type[T]) -> dict[str, T]:
    """Module's name -> an instance of the one subclass of `base` that it defines, by the class's `order`.

    Raises TypeError for a module that defines none or several.
    """
    every = {m.name: _only(f"{package.__name__}.{m.name}", base) for m in pkgutil.iter_modules(package.__path__)}
    return dict(sorted(every.items(), key=lambda item: (item[1].order, item[0])))  # type: ignore[attr-defined]


def _only(name: str, base: type[T]) -> T:
    module = importlib.import_module(name)
    own = [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == name]
    kinds = [each for each in own if issubclass(each, base)]
    if len(kinds) != 1:
        raise TypeError(f"{name} must define one {base.__name__}; it defines {len(kinds)}")
    return kinds[0]()

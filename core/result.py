"""What every computation returns, and how a finished one is kept on disk."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file


@dataclass(frozen=True, eq=False)
class Result(ABC):
    """Frozen, its arrays too: a remembered result is shared by all who ask for it.

    Fields are arrays, or plain JSON values.
    """

    def __post_init__(self) -> None:
        for name, array in self.arrays().items():
            if array.base is not None and array.base.nbytes > array.nbytes:
                raise ValueError(f"{type(self).__name__}.{name} is a view that would keep a larger array alive: copy it")
            array.setflags(write=False)

    @abstractmethod
    def metrics(self) -> dict[str, float]:
        """The numbers worth a row in a table, by name, computed from the arrays alone."""

    def arrays(self) -> dict[str, np.ndarray]:
        return {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}

    def save(self, path: Path) -> None:
        """Arrays as safetensors, everything else as JSON in its header."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.arrays()}
        arrays = {name: np.ascontiguousarray(array) for name, array in self.arrays().items()}
        save_file(arrays, path, metadata={"plain": json.dumps(plain, allow_nan=False)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """The inverse of save; raises OSError or safetensors' error where the file is missing or damaged."""
        with safe_open(path, "numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
            plain: Mapping[str, Any] = json.loads(file.metadata()["plain"])
        return cls(**arrays, **plain)

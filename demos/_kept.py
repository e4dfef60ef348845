"""Results that are remembered, of all experiments together: a server's memory has one bound, whatever its visitors look at."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core.parameters import Parameters
from core.result import Result

MOST_BYTES = 64_000_000  # some hundreds of results


@dataclass(eq=False)
class Kept:
    """The results that were asked for last, as long as they fit in so many bytes; the newest is kept at any size."""

    most: int = MOST_BYTES
    _results: OrderedDict[Hashable, tuple[Result, int]] = field(default_factory=OrderedDict, repr=False)
    _bytes: int = 0
    _lock: Any = field(default_factory=Lock, repr=False)

    def recalled(self, key: Hashable) -> Result | None:
        """The result, if it is remembered."""
        with self._lock:
            if key not in self._results:
                return None
            self._results.move_to_end(key)
            return self._results[key][0]

    def keep(self, key: Hashable, p: Parameters, result: Result) -> None:
        """Remember it; what was asked for longest ago is forgotten first."""
        size = sum(array.nbytes for array in result.arrays().values()) + p.file_letters()
        with self._lock:
            self._bytes += size - self._results.pop(key, (result, 0))[1]
            self._results[key] = result, size
            while self._bytes > self.most and len(self._results) > 1:
                self._bytes -= self._results.popitem(last=False)[1][1]


KEPT = Kept()

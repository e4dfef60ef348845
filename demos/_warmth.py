"""Heavy modules are imported and weights loaded in a thread, once somebody has seen a first picture."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread


class Warmth:
    """Runs every experiment's warm-up once, in order, in the background."""

    def __init__(self, steps: Iterable[Callable[[], None]]) -> None:
        self._steps, self._lock, self._begun = tuple(steps), Lock(), False

    def begin(self) -> None:
        """Start the thread; later calls do nothing."""
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            Thread(target=self._run, name="warmth", daemon=True).start()

    def _run(self) -> None:
        for step in self._steps:
            step()

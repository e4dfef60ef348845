"""Heavy modules are imported and weights loaded in a thread, once somebody has seen a first picture."""

from collections.abc import Callable, Iterable
from threading import Lock, Timer

AFTER = 2.0  # seconds: the rest of the first page comes first, for importing leaves little of the interpreter to others


class Warmth:
    """Runs every experiment's warm-up once, in order, in the background."""

    def __init__(self, steps: Iterable[Callable[[], None]]) -> None:
        self._steps, self._lock, self._begun = tuple(steps), Lock(), False

    def begin(self) -> None:
        """Start the thread in a moment; later calls do nothing."""
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            timer = Timer(AFTER, self._run)
            timer.daemon = True
            timer.start()

    def _run(self) -> None:
        for step in self._steps:
            step()

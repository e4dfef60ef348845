"""Heavy modules are imported and weights loaded in a thread, once somebody has seen a first picture."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread, main_thread

AFTER = 2.0  # seconds: the rest of the first page comes first, for importing leaves little of the interpreter to others


class Warmth:
    """Runs every experiment's warm-up once, in order, in the background."""

    def __init__(self, steps: Iterable[Callable[[], None]]) -> None:
        self._steps, self._lock, self._begun = tuple(steps), Lock(), False

    def begin(self) -> None:
        """Start the thread; later calls do nothing."""
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            Thread(target=self._run, name="warmth").start()

    def _run(self) -> None:
        """Not a daemon, for a network at work while the interpreter is taken down aborts the process; but leaves with it."""
        main_thread().join(AFTER)
        for step in self._steps:
            if not main_thread().is_alive():
                return
            try:
                step()
            except RuntimeError:  # an import that the end of the process overtakes
                if main_thread().is_alive():
                    raise

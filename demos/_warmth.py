"""Heavy modules are imported and weights loaded in a thread, once somebody has seen a first picture."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread, main_thread

AFTER = 2.0  # seconds: the rest of the first page comes first, for importing leaves little of the interpreter to others


class Warmth:
    """Runs every experiment's warm-up once, in the background."""

    def __init__(self, steps: Iterable[Callable[[], None]]) -> None:
        self._steps, self._lock, self._begun = tuple(steps), Lock(), False

    def begin(self, first: Callable[[], None] | None = None) -> None:
        """Start the thread; later calls do nothing. first: one of the steps, of what the visitor looks at."""
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            steps = sorted(self._steps, key=lambda step: step is not first)
            Thread(target=self._run, args=(steps,), name="warmth").start()

    def _run(self, steps: Iterable[Callable[[], None]]) -> None:
        """Not a daemon, for a network at work while the interpreter is taken down aborts the process; but leaves with it."""
        main_thread().join(AFTER)
        for step in steps:
            if not main_thread().is_alive():
                return
            try:
                step()
            except RuntimeError:  # an import that the end of the process overtakes
                if main_thread().is_alive():
                    raise

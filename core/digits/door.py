"""Who is inside a network: the process may only end when nobody is, or it is taken down under its threads and aborts."""

import atexit
from threading import Condition, Thread, current_thread
from weakref import WeakSet

GRACE = 0.5  # seconds


class Door:
    """A context that any number may be in at a time, until it is closed.

    grace: seconds that closing leaves to threads on their way back to the door, where they are safe; idle ones never come.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self._change, self._inside, self._closed, self._grace = Condition(), 0, False, grace
        self._away: WeakSet[Thread] = WeakSet()  # who has been inside and does not wait here

    def __enter__(self) -> None:
        """Waits for ever once the door is closed: only threads that the end of the process leaves behind come so late."""
        with self._change:
            self._away.discard(current_thread())
            self._change.notify_all()
            self._change.wait_for(self._is_open)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._change:
            self._inside -= 1
            self._away.add(current_thread())
            self._change.notify_all()

    def close(self) -> None:
        """Let nobody in, wait until all are out, and for a while until they are back at the door."""
        with self._change:
            self._closed = True
            self._away.discard(current_thread())
            self._change.wait_for(self._is_empty)
            self._change.wait_for(self._is_nobody_away, self._grace)

    def _is_nobody_away(self) -> bool:
        return not any(thread.is_alive() for thread in self._away)

    def _is_open(self) -> bool:
        return not self._closed

    def _is_empty(self) -> bool:
        return self._inside == 0


AT_WORK = Door()
atexit.register(AT_WORK.close)

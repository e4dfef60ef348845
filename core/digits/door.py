"""Who is inside a network: the process may only end when nobody is, or it is taken down under its threads and aborts."""

import atexit
from threading import Condition


class Door:
    """A context that any number may be in at a time, until it is closed."""

    def __init__(self) -> None:
        self._change, self._inside, self._closed = Condition(), 0, False

    def __enter__(self) -> None:
        """Waits for ever once the door is closed: only threads that the end of the process leaves behind come so late."""
        with self._change:
            self._change.wait_for(self._is_open)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._change:
            self._inside -= 1
            self._change.notify_all()

    def close(self) -> None:
        """Let nobody in, and wait until all are out."""
        with self._change:
            self._closed = True
            self._change.wait_for(self._is_empty)

    def _is_open(self) -> bool:
        return not self._closed

    def _is_empty(self) -> bool:
        return self._inside == 0


AT_WORK = Door()
atexit.register(AT_WORK.close)

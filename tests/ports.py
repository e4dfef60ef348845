"""Places to serve at: two processes that test at once must not want the same one."""

import socket

HERE = "127.0.0.1"


def free() -> int:
    """A port that nobody listens at."""
    with socket.socket() as place:
        place.bind((HERE, 0))
        return int(place.getsockname()[1])

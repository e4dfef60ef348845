"""Places to serve at: two processes that test at once must not want the same one."""

import socket
import subprocess
import time

import httpx

HERE = "127.0.0.1"
PATIENCE = 120.0  # s


def free() -> int:
    """A port that nobody listens at."""
    with socket.socket() as place:
        place.bind((HERE, 0))
        return int(place.getsockname()[1])


def answering(address: str, process: subprocess.Popen | None = None) -> str:
    """The address, as soon as the lab answers there; not if the process has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process is None or process.poll() is None, "the app stopped"
        try:
            httpx.get(address + "lab/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return address
    raise TimeoutError(address)

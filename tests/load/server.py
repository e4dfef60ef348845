"""The lab as a process of its own, whose memory can be read and which can be killed."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from tests.ports import HERE, free

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # s


@dataclass
class Server:
    """Starts with the block, stops with it."""

    port: int = field(default_factory=free)
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://{HERE}:{self.port}/"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Returns when it answers."""
        environment = os.environ | {"GRADIO_SERVER_NAME": HERE, "GRADIO_SERVER_PORT": str(self.port)}
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                httpx.get(self.address + "lab/health").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.address)

    def kill(self) -> None:
        """Without a word, as a machine that goes down does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def megabytes(self) -> float:
        """Resident memory."""
        assert self.process
        return float(psutil.Process(self.process.pid).memory_info().rss / 2**20)

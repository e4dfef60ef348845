"""The lab as a process of its own, whose memory can be read and which can be killed."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.ports import HERE, answering, free

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """Starts with the block, stops with it. threads: of arithmetic; None: as many as there are cores."""

    port: int = field(default_factory=free)
    process: subprocess.Popen | None = None
    threads: int | None = None

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
        environment |= {"OMP_NUM_THREADS": str(self.threads)} if self.threads else {}
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        answering(self.address, self.process)

    def kill(self) -> None:
        """Without a word, as a machine that goes down does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def megabytes(self) -> float:
        """Resident memory."""
        assert self.process
        return float(psutil.Process(self.process.pid).memory_info().rss / 2**20)

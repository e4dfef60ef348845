"""Several processes behind nginx, by the lines that the README gives."""

import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.load.server import ROOT, Server
from tests.ports import HERE, answering, free

OUTSIDE = """daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{}}
http {{ access_log off; {temporary}
{lines} }}
"""
KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def nginx() -> str | None:
    """Where it is on this machine."""
    return shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


class Balancer:
    """Two processes, one thread of arithmetic each; starts with the block, stops with it."""

    def __init__(self) -> None:
        self.servers, self.port = [Server(threads=1), Server(threads=1)], free()
        self.address = f"http://{HERE}:{self.port}/"
        self._open = ExitStack()

    def __enter__(self) -> "Balancer":
        program = nginx()
        if program is None:
            raise FileNotFoundError("no nginx on this machine: run tests/browser/install.sh")
        for server in self.servers:
            self._open.enter_context(server)
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in KINDS)
        (folder / "nginx.conf").write_text(OUTSIDE.format(folder=folder, temporary=temporary, lines=self._lines()))
        process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        self._open.callback(process.wait)
        self._open.callback(process.terminate)
        answering(self.address)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def megabytes(self) -> float:
        """Resident memory of all processes of the lab."""
        return sum(server.megabytes() for server in self.servers)

    def _lines(self) -> str:
        """Of the README, with other ports."""
        found = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf8"), re.S)
        assert found
        text = found[1].replace("listen 7860;", f"listen {HERE}:{self.port};")
        for number, server in enumerate(self.servers, 7861):
            assert f"127.0.0.1:{number}" in text
            text = text.replace(f"127.0.0.1:{number}", f"{HERE}:{server.port}")
        return text

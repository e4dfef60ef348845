"""A page of another origin that holds the lab in a frame, as a Space is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

DENY = """
for (const store of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, store, { get() { throw new DOMException("denied", "SecurityError"); } });
Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("denied")) } });
"""


@contextmanager
def framed(address: str, folder: Path) -> Iterator[str]:
    """Its address; folder: an empty one to serve it from."""
    (folder / "index.html").write_text(f"<iframe src='{address}' style='width: 1200px; height: 2000px'></iframe>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()

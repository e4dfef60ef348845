"""What the browser fetches besides gradio's own files: hashed, compressed once, cached for ever.

The addresses are relative, so that they hold below any root path and inside a frame.
"""

import gzip
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

BROWSER = Path(__file__).with_name("browser")
PLOTLY = Path(__file__).parents[1] / "assets" / "browser" / "plotly-cartesian-4.1.1.min.js"
FOLDER = "lab"
FOREVER = "public, max-age=31536000, immutable"
JAVASCRIPT, CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"

# In this order: what is below uses what is above.
SCRIPTS = (
    "house", "kept", "words", "theme", "dom", "keyboard", "sight", "scene", "inputs", "follow", "bytes", "plotly", "player",
    "tools", "told", "told_chart", "told_stage", "told_grid", "spray", "canvas_pen", "svg_pen", "contours", "pipes", "layers",
    "weights", "links", "columns", "handles", "openers", "figure", "stage", "tiles", "film", "back", "grid", "lines", "rows",
    "hint", "glossary", "line", "report", "points", "sheet", "table", "upload", "strokes", "opened", "portrait", "sketch",
    "photo", "parcel", "setting", "paper", "lessons", "story", "challenge", "tally", "question", "teacher", "thumb", "wires",
    "library", "map", "start",
)  # fmt: skip

# Before the scripts have arrived: parts of the page wait in line, and what the page's events call answers later.
STUB = """window.house ??= { early: [], mount: (...part) => house.early.push(part) };
house.ready = new Promise((resolve) => { house.open = resolve; });
for (const name of ["welcome", "speak", "shade", "turn", "part", "stands"])
  house[name] = (...all) => house.ready.then(() => house[name](...all));
house.plotlyAddress = "PLOTLY";"""


@dataclass(frozen=True)
class Asset:
    """One file as it goes out; its name changes with its content."""

    stem: str
    suffix: str
    media_type: str
    body: bytes

    @cached_property
    def mark(self) -> str:
        return sha256(self.body).hexdigest()[:12]

    @property
    def name(self) -> str:
        return f"{self.stem}-{self.mark}{self.suffix}"

    @property
    def address(self) -> str:
        return f"{FOLDER}/{self.name}"

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, compresslevel=9, mtime=0)

    def answer(self, request: Request) -> Response:
        """The file, or 304 where the browser has it."""
        headers = {"Cache-Control": FOREVER, "ETag": f'"{self.mark}"', "Vary": "Accept-Encoding"}
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.body, media_type=self.media_type, headers=headers)
        return Response(self.packed, media_type=self.media_type, headers=headers | {"Content-Encoding": "gzip"})


def bundle() -> bytes:
    """All scripts as one, each in a scope of its own; only window.house is shared."""
    parts = ((BROWSER / f"{name}.js").read_text("utf8") for name in SCRIPTS)
    return "".join(f'(() => {{\n"use strict";\n{part}}})();\n' for part in parts).encode()


@cache
def assets() -> dict[str, Asset]:
    """Every asset by its stem."""
    style = (BROWSER / "house.css").read_bytes()
    every = (
        Asset("house", ".js", JAVASCRIPT, bundle()),
        Asset("house", ".css", CSS, style),
        Asset("plotly", ".js", JAVASCRIPT, PLOTLY.read_bytes()),
    )
    return {f"{asset.stem}{asset.suffix}": asset for asset in every}


def file(request: Request) -> Response:
    """One asset by its hashed name, on a thread, for the first compression takes a while; another hash is another file."""
    asked = request.path_params["name"]
    found = next((asset for asset in assets().values() if asset.name == asked), None)
    return Response(status_code=404) if found is None else found.answer(request)


async def health(_: Request) -> Response:
    """For the load balancer: the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """For launch(app_kwargs={"routes": routes(), ...}): they come before gradio's own."""
    return [Route(f"/{FOLDER}/health", health), Route(f"/{FOLDER}/{{name}}", file)]


def head() -> str:
    """For launch(head=...): the style and the scripts; plotly is fetched by the first figure that is seen."""
    served = assets()
    stub = STUB.replace("PLOTLY", served["plotly.js"].address)
    style, script = served["house.css"].address, served["house.js"].address
    return f'<link rel="stylesheet" href="{style}"><script>{stub}</script><script src="{script}"></script>'

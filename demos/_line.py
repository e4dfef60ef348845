"""Who waits for a processor: a visitor's place in line, and a bound for programs, so that none of them starves the rest.

GET lab/line?run=16 hex digits -> {"state": "waiting" | "running" | "gone", "ahead": runs that come before it}
"""

import re
from collections.abc import Iterable
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from demos._served import FOLDER

MOST = 200  # events in line, of visitors and programs together
MOST_CALLS, MOST_OF_ONE = 40, 8  # calls of all programs that may wait, and of one address
RUNS, CALLS = "long", "api"  # gradio's groups of events that share a limit
RUN = re.compile("[0-9a-f]{16}")
BUSY = "The lab is busy: {waiting} calls wait already, where {most} may; try again in a moment."
HOME = {"127.0.0.1", "::1", "localhost"}  # also where the lab's own MCP server calls from


class Line:
    """A view of gradio's queue, of which there is no public one."""

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page

    def place(self, run: str) -> dict[str, Any]:
        """Where a run is, by the mark it was sent with."""
        waiting = [_mark(event) for event in self._waiting(RUNS)]
        if run in waiting:
            return {"state": "waiting", "ahead": waiting.index(run)}
        at_work = [_mark(event) for job in self._page._queue.active_jobs for event in job or ()]
        return {"state": "running" if run in at_work else "gone", "ahead": 0}

    def refusal(self, address: str) -> str | None:
        """Why a program at this address has to come later, if so."""
        addresses = [_address(event.request) for event in self._waiting(CALLS)]
        own = addresses.count(address)
        if address not in HOME and own >= MOST_OF_ONE:
            return BUSY.format(waiting=own, most=MOST_OF_ONE)
        return BUSY.format(waiting=len(addresses), most=MOST_CALLS) if len(addresses) >= MOST_CALLS else None

    def _waiting(self, group: str) -> Iterable[Any]:
        found = self._page._queue.event_queue_per_concurrency_id.get(group)
        return tuple(found.queue) if found else ()


def _mark(event: Any) -> str | None:
    """Of a run: the first of what its page gathered."""
    gathered = event.data.data[1] if event.data and len(event.data.data) > 1 else None
    return gathered[0] if isinstance(gathered, list) and gathered else None


def _address(request: Any) -> str:
    """Of the caller; behind a balancer the one that it names."""
    named = request.headers.get("x-forwarded-for", "").split(",")[0].strip()
    return named or (request.client.host if request.client else "")


class Gate:
    """Lets programs in as far as the line allows."""

    def __init__(self, app: ASGIApp, line: Line) -> None:
        self.app, self.line = app, line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.line.refusal(_address(Request(scope))) if _is_call(scope) else None
        if refusal is None:
            await self.app(scope, receive, send)
            return
        await JSONResponse({"detail": refusal}, 503, {"Retry-After": "2"})(scope, receive, send)


def _is_call(scope: Scope) -> bool:
    """Whether a program asks for an experiment: gradio's clients say who they are, and so does the page."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    path, caller = scope["path"], Request(scope).headers.get("x-gradio-user", "app")
    return "/gradio_api/call/" in path or (path.endswith("/gradio_api/queue/join") and caller != "app")


def gate(line: Line) -> Middleware:
    """For launch(app_kwargs={"middleware": [gate(line), ...], ...})."""
    return Middleware(Gate, line=line)


def route(line: Line) -> Route:
    """For launch(app_kwargs={"routes": [route(line), ...], ...})."""

    async def answer(request: Request) -> Response:
        run = request.query_params.get("run", "")
        if not RUN.fullmatch(run):
            return JSONResponse({"error": "run should be 16 hex digits"}, 400)
        return JSONResponse(line.place(run), headers={"Cache-Control": "no-store"})

    return Route(f"/{FOLDER}/line", answer)

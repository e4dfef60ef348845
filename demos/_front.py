"""The page itself: rendered and packed once for all who come by one address, and ahead of it the names of its files."""

import gzip
from asyncio import Lock, to_thread
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demos._served import assets

SAYS_WHERE = ("host", "x-forwarded-host", "x-forwarded-proto")  # headers that the page's own addresses are made of
MOST = 8  # addresses; a stranger may make them up
OWN = "deep_link"  # of a query: a page of gradio's with a state of its own

Address = tuple[str | None, ...]


class Front:
    """Gradio takes a fifth of a second for each visitor's page, and says the same in all of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self._lock = app, Lock()
        self._pages: OrderedDict[Address, bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == f"{scope.get('root_path', '')}/"
        if not is_page or OWN in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        address = (scope["scheme"], scope.get("root_path"), *map(headers.get, SAYS_WHERE))
        if address not in self._pages:  # who comes by a known address does not wait for those who make up others
            async with self._lock:  # a class that comes at once waits for one page
                refusal = None if address in self._pages else await self._made(address, scope, receive)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        page = self._pages[address]
        self._pages.move_to_end(address)
        await _packed(page, "gzip" in headers.get("accept-encoding", ""))(scope, receive, send)

    async def _made(self, address: Address, scope: Scope, receive: Receive) -> Response | None:
        """Keep the page of this address; an answer where there is none."""
        status, said, body = await _whole(self.app, scope, receive)
        if status != 200:
            return Response(body, status, dict(said))
        while len(self._pages) >= MOST:
            self._pages.popitem(last=False)
        self._pages[address] = await to_thread(gzip.compress, body, mtime=0)
        return None


def _packed(page: bytes, is_read_packed: bool) -> Response:
    kinds = {"house.css": "style", "house.js": "script"}
    links = ", ".join(f"<{assets()[name].address}>; rel=preload; as={kind}" for name, kind in kinds.items())
    headers = {"Link": links, "Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if is_read_packed else {})
    return Response(page if is_read_packed else gzip.decompress(page), media_type="text/html", headers=headers)


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and body of what the app answers."""
    said: list[Message] = []

    async def hear(message: Message) -> None:
        said.append(message)

    await app(scope, receive, hear)
    start, *parts = said
    return start["status"], Headers(raw=start["headers"]), b"".join(part.get("body", b"") for part in parts)


def middleware() -> list[Middleware]:
    """For launch(app_kwargs={"middleware": middleware(), ...})."""
    return [Middleware(Front)]

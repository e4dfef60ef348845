"""As a Space is shown: inside a frame of another origin, with storage and clipboard denied."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

DENY = """
for (const store of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, store, { get() { throw new DOMException("denied", "SecurityError"); } });
Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new DOMException("denied")) } });
"""


@pytest.fixture
def frame(tmp_path, address) -> Iterator[str]:
    """The address of a page of another origin that holds the lab in a frame."""
    (tmp_path / "index.html").write_text(
        f"<iframe src='{address}?experiment=guidance_plane' style='width: 1200px; height: 2000px'></iframe>"
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_it_works_in_a_foreign_frame_without_storage_or_clipboard(browser, frame):
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 2100})
    context.add_init_script(DENY)
    page, broken = context.new_page(), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(frame)
    inside = page.frame_locator("iframe")
    inside.locator("#guidance_plane canvas[data-tag]").wait_for(timeout=30_000)
    inside.locator("#guidance_plane-gamma input[type=range]").press("ArrowRight")
    inside.locator("#guidance_plane .report[data-tag*='\"gamma\":4.1']").wait_for(state="attached", timeout=30_000)
    inside.locator("#guidance_plane .handouts .link").click()
    inside.locator("#guidance_plane .parcel textarea").wait_for()
    inside.get_by_text("中文").click()
    inside.get_by_role("tab", name="条件引导").wait_for()
    context.close()
    assert not broken

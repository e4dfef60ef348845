"""One browser for all tests of the page; each test gets a visitor of its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import FLAGS, LOOKS, Visitor, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    """Looks are given by @pytest.mark.parametrize("visitor", [{...}], indirect=True)."""
    context = browser.new_context(**LOOKS | getattr(request, "param", {}))
    page, strangers, broken = context.new_page(), [], []
    page.set_default_timeout(90_000)  # of a cold server on a busy machine; nothing is timed here
    page.on("request", lambda r: strangers.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield Visitor(page, address, strangers)
    context.close()
    assert not broken and not strangers

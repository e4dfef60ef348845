"""One browser for all tests of the page; each test gets a visitor of its own."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.visitor import FLAGS, LOOKS, Visitor, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Callable[[dict[str, Any]], BrowserContext]:
    """One for each kind of looks: whoever comes after another has the page's files already."""
    made: dict[str, BrowserContext] = {}

    def found(looks: dict[str, Any]) -> BrowserContext:
        key = json.dumps(looks, sort_keys=True)
        if key not in made:
            made[key] = browser.new_context(**looks)
        return made[key]

    return found


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest, contexts: Callable[[dict[str, Any]], BrowserContext], address: str
) -> Iterator[Visitor]:
    """Looks are given by @pytest.mark.parametrize("visitor", [{...}], indirect=True)."""
    context = contexts(LOOKS | getattr(request, "param", {}))
    page, strangers, broken = context.new_page(), [], []
    page.set_default_timeout(90_000)  # of a cold server on a busy machine; nothing is timed here
    page.on("request", lambda r: strangers.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield Visitor(page, address, strangers)
    if page.url.startswith(address):  # or the next one would find what this one chose
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
    for each in context.pages:
        each.close()
    context.clear_cookies()
    assert not broken and not strangers

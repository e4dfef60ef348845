"""A server that dies and comes back: the page says so, and stands again with the settings it had."""

from collections.abc import Iterator

import pytest

from tests.browser.visitor import Visitor
from tests.load.server import Server

NOISE = "attention_noise"


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def student(browser, server) -> Iterator[Visitor]:
    """At a server that may be killed."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(90_000)
    yield Visitor(page, server.address, [])
    context.close()


def test_settings_survive_a_server_that_was_killed(student, server):
    student.arrive(f"?experiment={NOISE}&tokens=300&big=1", f"#{NOISE} .report")
    student.sees(f"#{NOISE} .report", tokens=300)
    student.press("ArrowRight", NOISE, "tokens")
    student.sees(f"#{NOISE} .report", tokens=301)
    assert "tokens=301" in student.page.url and "big=1" in student.page.url
    student.page.evaluate("() => { window.isBefore = true; }")
    server.kill()
    student.press("ArrowRight", NOISE, "tokens")
    student.page.get_by_text("Attempting reconnection", exact=False).first.wait_for()
    server.start()
    student.page.wait_for_function("() => !window.isBefore")
    student.sees(f"#{NOISE} .report", tokens=301)  # what was shown last; the move that met no server is lost

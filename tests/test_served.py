"""How the page and its files go out, and in which order heavy modules are made ready behind it."""

import re
from threading import Event

import httpx
import pytest

from demos._warmth import Warmth


def test_the_page_goes_out_packed_and_names_its_files(address):
    page = httpx.get(address, headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip" and "window.gradio_config" in page.text
    assert page.num_bytes_downloaded < 0.4 * len(page.content)
    files = re.findall(r"<([^>]+)>; rel=preload", page.headers["link"])
    assert len(files) == 2
    for file in files:
        assert file in page.text and httpx.get(address + file).headers["cache-control"].endswith("immutable")


def test_every_text_is_sent_once_a_language(address):
    assert re.findall(r'"(\w\w(?:-\w\w)?)":\s?{"page\.title"', httpx.get(address).text) == ["en", "zh"]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_what_the_visitor_looks_at_is_made_ready_first(monkeypatch, first):
    monkeypatch.setattr("demos._warmth.AFTER", 0.0)
    done, order = Event(), []

    def step(number):
        def run():
            order.append(number)
            if len(order) == 3:
                done.set()

        return run

    steps = [step(number) for number in range(3)]
    warmth = Warmth(steps)
    warmth.begin(steps[first])
    warmth.begin(steps[0])  # of a later visitor: it is under way
    assert done.wait(10) and order == [first, *(each for each in range(3) if each != first)]

"""How the page and its files go out, and in which order heavy modules are made ready behind it."""

import asyncio
import re
from threading import Event

import httpx
import pytest
from starlette.responses import HTMLResponse

from demos._front import MOST, Front
from demos._warmth import Warmth


def test_the_page_goes_out_packed_and_names_its_files(address):
    page = httpx.get(address, headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip" and "window.gradio_config" in page.text
    assert page.num_bytes_downloaded < 0.4 * len(page.content)
    files = re.findall(r"<([^>]+)>; rel=preload", page.headers["link"])
    assert len(files) == 2
    for file in files:
        assert file in page.text and httpx.get(address + file).headers["cache-control"].endswith("immutable")


def test_it_is_the_page_that_gradio_makes(address):
    """Of whatever scene is asked for, packed or not; gradio's own deep links are left to it."""
    made = httpx.get(f"{address}?deep_link=").text
    assert len(made) > 1_000_000
    for query, accepts in (("", "gzip"), ("?experiment=guidance_plane&gamma=2", "gzip"), ("?experiment=lora_rank", "identity")):
        assert httpx.get(address + query, headers={"accept-encoding": accepts}).text == made
    assert "http://lab.example" in httpx.get(address, headers={"x-forwarded-host": "lab.example"}).text
    assert httpx.head(address).status_code == 200


class Counted:
    """An app that takes a while over each page."""

    def __init__(self, status: int = 200) -> None:
        self.asked, self.status = 0, status

    async def __call__(self, scope, receive, send):
        self.asked += 1
        await asyncio.sleep(0.01)
        await HTMLResponse(f"page of {dict(scope['headers'])[b'host'].decode()}", self.status)(scope, receive, send)


async def visited(app, *hosts: str) -> list[httpx.Response]:
    """All at once."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        return list(await asyncio.gather(*(client.get(f"http://{host}/") for host in hosts)))


def test_a_class_that_comes_at_once_is_one_page():
    app = Counted()
    answers = asyncio.run(visited(Front(app), *["lab.example", "127.0.0.1"] * 20))
    assert app.asked == 2 and {answer.text for answer in answers} == {"page of lab.example", "page of 127.0.0.1"}


def test_few_addresses_are_kept_and_no_failure():
    made_up, app = [f"{number}.example" for number in range(2 * MOST)], Counted()

    async def one_after_another() -> list[httpx.Response]:
        front = Front(app)
        return [(await visited(front, host))[0] for host in [*made_up, made_up[-1], made_up[0]]]

    assert [answer.text.removeprefix("page of ") for answer in asyncio.run(one_after_another())] == [
        *made_up,
        made_up[-1],
        made_up[0],
    ]
    assert app.asked == 2 * MOST + 1  # the last is kept, the first is not
    failing = Counted(503)
    answers = asyncio.run(visited(Front(failing), "lab.example", "lab.example"))
    assert [answer.status_code for answer in answers] == [503, 503] and failing.asked == 2


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

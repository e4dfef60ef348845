"""From a moved slider to the drawn page, beside a slider on the same page that only echoes its value.

Every value is asked for once, so that no result is remembered. Also: bytes of an event, and what a hundred updates leave.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import gradio as gr
import psutil
from playwright.sync_api import CDPSession, Locator, Page, Response, sync_playwright

import app
from core.controls import Control, Kind
from core.udm.forward import LONGEST
from demos._experiment import Experiment
from demos._house import House
from demos._page import QUIET
from demos._tab import find
from tests.browser.visitor import FLAGS, chromium
from tests.draws import random_picture

ECHO = "const say = () => { element.dataset.tag = JSON.stringify({ value: props.value }); }; watch('value', say);"
MOVE = """async (input, [place, name, value]) => {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set, start = performance.now();
  set.call(input, String(value));
  input.dispatchEvent(new Event('input', { bubbles: true }));
  const seen = () => Math.abs(JSON.parse(document.querySelector(place)?.dataset.tag ?? '{}')[name] - value) < 1e-9;
  while (!seen()) {
    if (performance.now() - start > 10000) throw Error(`${place} never showed ${value}`);
    await new Promise((again) => setTimeout(again));
  }
  return performance.now() - start;
}"""
FINISHED = """([places, seen]) => places.every((place) => {
  const found = document.querySelector(place), box = found?.getBoundingClientRect();
  if (seen && found && (box.top > innerHeight || box.bottom < 0)) return true;
  return found && (found.matches("[data-tag]") || found.querySelector("[data-tag]"));
})"""
PLANE = "#guidance_plane"
GAMMA = f"{PLANE}-gamma input[type=range]"
MOVES, TURN = 40, 10  # updates measured, and how many before it is the peer's turn
BUSIEST = {  # options that take longest, where they are not the defaults
    "udm_forward": {"picture": "own", "own_picture": random_picture(1), "sentence": "x" * LONGEST},
    "udm_plane": {"rule": "ode"},
}
AT_DEFAULTS, AT_LARGEST = 4, 8  # times an echo, at most
SLOWER = {"hotwater_house": 10}  # the same, where a day of a whole home is simulated
UPDATES = 100
VISITS = 3
RESTED = 6000  # ms: the curves have followed
PORT = 7899


def echo(value: float) -> float:
    return value


def serve(port: int) -> None:
    """In a process of its own, as a server is."""
    house = House(find())
    with house.page:
        slider = gr.Slider(0, 10, 0.8, step=0.1, elem_id="identity")
        place = gr.HTML(0.8, html_template="<i></i>", js_on_load=ECHO, elem_id="echo")
        slider.change(echo, slider, place, trigger_mode="always_last", **QUIET)
    app.serve(house, server_port=port)


@contextmanager
def server(port: int = PORT) -> Iterator[psutil.Process]:
    process = get_context("spawn").Process(target=serve, args=(port,))
    process.start()
    try:
        answering()
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.join()


def answering() -> None:
    """Wait for the server."""
    while True:
        with suppress(URLError), urlopen(f"http://127.0.0.1:{PORT}/lab/health"):
            return
        time.sleep(0.1)


def open_page(page: Page, experiment: Experiment, values: dict[str, Any]) -> None:
    """Stands, and shows what was asked for."""
    page.goto(f"http://127.0.0.1:{PORT}/?" + urlencode({"experiment": experiment.name, "seed": 7} | values))
    for place in (".report", f".{experiment.main.drawings[0].__name__} "):
        page.wait_for_selector(f"#{experiment.name} {place}[data-tag*='\"seed\":7']", state="attached", timeout=60_000)
    page.wait_for_timeout(RESTED)


def times(slider: Locator, place: str, name: str, values: list[float]) -> list[float]:
    return [slider.evaluate(MOVE, [place, name, value]) for value in values]


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    return f"p50 {statistics.median(ordered):5.1f} ms, p95 {ordered[int(0.95 * len(ordered))]:5.1f} ms"


def moved(experiment: Experiment) -> Control:
    """The open slider with most steps."""
    shown = experiment.params().values()
    sliders = [c for c in experiment.params.controls() if c.kind is Kind.NUMBER and not c.advanced and c.exists(shown)]
    return max(sliders, key=steps)


def steps(c: Control) -> int:
    return round(((c.high or 0) - (c.low or 0)) / (c.step or 1))


def unseen(c: Control, shown: float) -> list[float]:
    """Values on the slider's grid but the one that is shown, each once, far from its neighbours."""
    count = steps(c)
    stride = next(n for n in (37, 41, 43) if (count + 1) % n)
    values = [round((c.low or 0) + (c.step or 1) * (stride * i % (count + 1)), 6) for i in range(count + 1)]
    return [value for value in values if abs(value - shown) > (c.step or 1) / 2][:MOVES]


def largest(experiment: Experiment) -> dict[str, Any]:
    """Every number at its highest, under the options that take longest."""
    options = BUSIEST.get(experiment.name, {})
    p = experiment.params(**options).values()
    return options | {c.name: c.high for c in experiment.params.controls() if c.kind is Kind.NUMBER and c.exists(p)}


def latency(page: Page, experiment: Experiment, values: dict[str, Any]) -> float:
    """Ratio of medians, echo and experiment in turn so that a slow moment hits both."""
    control = moved(experiment)
    place = f"#{experiment.name} .{experiment.main.drawings[0].__name__} [data-tag]"
    identity, slider = (
        page.locator(f"#{name} input[type=range]") for name in ("identity", f"{experiment.name}-{control.name}")
    )
    slider.scroll_into_view_if_needed()
    asked, ours, peer = unseen(control, values.get(control.name, control.default)), [], []
    for i in range(0, len(asked), TURN):
        peer += times(identity, "#echo [data-tag], #echo[data-tag]", "value", [(i + k + 1) / 10 for k in range(TURN)])
        ours += times(slider, place, control.name, asked[i : i + TURN])
        page.wait_for_timeout(RESTED)
    ratio = statistics.median(ours) / statistics.median(peer)
    print(f"  {experiment.name}: {control.name} {spread(ours)}; echo {spread(peer)}; ratio {ratio:.2f}", end="")
    return ratio


def is_answer(response: Response) -> bool:
    return "/gradio_api/run" in response.url


def event_bytes(page: Page, experiment: Experiment) -> int:
    """The response's body of one event of the slider."""
    with page.expect_response(is_answer) as answer:
        page.locator(f"#{experiment.name}-{moved(experiment).name} input[type=range]").press("ArrowLeft")
    return len(answer.value.body())


def live_event(page: Page, experiment: Experiment, values: dict[str, Any], wanted: int) -> None:
    """From a moved slider to the first picture, and what travels."""
    open_page(page, experiment, values)
    latency(page, experiment, values)
    print(f" (wanted {wanted}); {event_bytes(page, experiment) / 1000:.1f} kB an event, uncompressed (wanted below 100)")


def nodes(session: CDPSession) -> int:
    session.send("HeapProfiler.collectGarbage")
    return next(int(m["value"]) for m in session.send("Performance.getMetrics")["metrics"] if m["name"] == "Nodes")


def growth(page: Page, process: psutil.Process, experiment: Experiment) -> None:
    """Identical updates: the same two values again and again."""
    open_page(page, experiment, {})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    gamma = page.locator(GAMMA)
    times(gamma, f"{PLANE} canvas", "gamma", [2.0, 3.0] * 10)
    page.wait_for_timeout(RESTED)
    before, memory = nodes(session), process.memory_info().rss
    times(gamma, f"{PLANE} canvas", "gamma", [2.0, 3.0] * (UPDATES // 2))
    page.wait_for_timeout(RESTED)
    grown = (process.memory_info().rss - memory) / 2**20
    print(f"  {UPDATES} updates: DOM nodes {before} -> {nodes(session)}, server memory {grown:+.1f} MB")


def arrival(page: Page) -> None:
    """From the first click on a tab, or on a part of it, to every picture and number: those on screen, then all."""
    page.goto(f"http://127.0.0.1:{PORT}/")
    page.get_by_role("tab").first.wait_for()
    for i, (name, tab) in enumerate(find().items(), 1):
        for k, experiment in enumerate(tab.experiments):
            handle = page.locator(f"#{name}-parts").get_by_role("tab").nth(k) if k else page.get_by_role("tab").nth(i)
            page.wait_for_timeout(2000)
            opened(page, handle, experiment)


def opened(page: Page, handle: Locator, experiment: Experiment) -> None:
    started = time.perf_counter()
    handle.click()
    page.wait_for_function(FINISHED, arg=[selectors(experiment), True], polling=20)
    seen = time.perf_counter() - started
    page.wait_for_function(FINISHED, arg=[selectors(experiment), False], polling=20, timeout=60_000)
    whole = time.perf_counter() - started
    print(f"  {experiment.name} finished after {seen:.2f} s on screen (wanted 1), {whole:.2f} s all of it")


def selectors(experiment: Experiment) -> list[str]:
    """Where everything is that it draws; plotly has classes of its own inside its pictures."""
    drawings = [drawing for computation in experiment.computations for drawing in computation.drawings]
    return [f"#{experiment.name} .report", *(f"#{experiment.name} .{drawing.__name__}:not(svg *)" for drawing in drawings)]


def memory(page: Page, process: psutil.Process) -> None:
    """Of the server, once it has drawn digits."""
    page.goto(f"http://127.0.0.1:{PORT}/?experiment=guidance_digits&seed=3")
    page.wait_for_selector("#guidance_digits .same_seeds [data-tag*='\"seed\":3']", state="attached", timeout=120_000)
    print(f"  server after the first digit pictures {process.memory_info().rss / 2**20:.0f} MB (wanted below 900)")


def main() -> None:
    print(f"page ({os.cpu_count()} cores)")
    with server(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for _ in range(VISITS):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            arrival(page)
            page.wait_for_timeout(8000)  # the warm-up of the first visit
            page.close()
        browser.close()
    with server() as process, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        experiments = [e for tab in find().values() for e in tab.experiments]
        growth(page, process, next(e for e in experiments if f"#{e.name}" == PLANE))
        for experiment in (e for e in experiments if e.main.live):
            live_event(page, experiment, {}, SLOWER.get(experiment.name, AT_DEFAULTS))
            live_event(page, experiment, largest(experiment), SLOWER.get(experiment.name, AT_LARGEST))
        memory(page, process)
        browser.close()


if __name__ == "__main__":
    main()

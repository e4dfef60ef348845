"""From a moved slider to the drawn page of both UDM experiments, beside a slider on the same page that only echoes its value.

Every value is asked for once, so that no result is remembered.
"""

import os
import statistics
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from core.udm.forward import LONGEST
from tests.benchmarks.bench_page import PORT, event_bytes, server, spread, times
from tests.browser.visitor import FLAGS, chromium
from tests.draws import random_picture

ROUNDS, EACH = 4, 10
ECHOED = [round(0.1 + 0.1 * (37 * i % 99), 1) for i in range(ROUNDS * EACH)]
STRENGTHS = [round(0.01 * (1 + 37 * i % 98), 2) for i in range(ROUNDS * EACH)]
STEPS = [2 + 37 * i % 99 for i in range(ROUNDS * EACH)]
MOST_STEPS = [60 + i for i in range(ROUNDS * EACH)]

BUSIEST = {"picture": "own", "own_picture": random_picture(1), "sentence": "x" * LONGEST}

# experiment, picture, slider, its values, what else is set, ratio wanted: defaults, then the largest live setting
CASES: tuple[tuple[str, str, str, list[Any], dict[str, Any], int], ...] = (
    ("udm_forward", ".dissolve canvas", "t", STRENGTHS, {}, 4),
    ("udm_forward", ".dissolve canvas", "t", STRENGTHS, BUSIEST, 8),
    ("udm_plane", ".stage canvas", "steps", STEPS, {}, 4),
    ("udm_plane", ".stage canvas", "steps", MOST_STEPS, {"particles": 2000, "rule": "ode"}, 8),
)


def measure(page: Page, experiment: str, picture: str, name: str, values: list[Any], wanted: int) -> None:
    """Ratio of medians, echo and experiment in turn so that a slow moment hits both."""
    identity = page.locator("#identity input[type=range]")
    slider, place = page.locator(f"#{experiment}-{name} input[type=range]"), f"#{experiment} {picture}"
    ours, peer = [], []
    for i in range(0, len(values), EACH):
        peer += times(identity, "#echo [data-tag], #echo[data-tag]", "value", ECHOED[i : i + EACH])
        ours += times(slider, place, name, values[i : i + EACH])
        page.wait_for_timeout(2500)
    ratio = statistics.median(ours) / statistics.median(peer)
    print(f"  {spread(ours)}; echo {spread(peer)}; ratio {ratio:.2f} (wanted {wanted})")
    print(f"  {event_bytes(page, slider) / 1000:.1f} kB an event, uncompressed (wanted below 100)")


def main() -> None:
    print(f"udm ({os.cpu_count()} cores)")
    with server(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for seed, (experiment, picture, name, values, more, wanted) in enumerate(CASES, 5):
            print(f" {experiment}, {'largest' if more else 'defaults'}")
            page.goto(f"http://127.0.0.1:{PORT}/?{urlencode({'experiment': experiment, 'seed': seed} | more)}")
            page.wait_for_selector(f"#{experiment} {picture}[data-tag*='\"seed\":{seed}']")
            page.wait_for_timeout(9000)  # the curves have followed, and the warm-up of the first visit
            measure(page, experiment, picture, name, values, wanted)
        browser.close()


if __name__ == "__main__":
    main()

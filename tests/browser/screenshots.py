"""Home and the first experiment of every tab for the README: python -m tests.browser.screenshots [FOLDER].

With a folder: all experiments, both widths, light and dark, both languages, for whoever checks the looks.
"""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import app
from demos._experiment import Experiment
from demos._tab import find
from tests.browser.visitor import FLAGS, chromium

README = Path(__file__).parents[2] / "assets" / "screenshots"
RESTED = 6000  # ms: the small pictures of Home have played
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def shoot(browser: Browser, address: str, experiment: Experiment | None, path: Path, **looks: object) -> None:
    """One finished experiment, whole; Home where there is none."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "color_scheme": "light"} | looks)
    page = context.new_page()
    if experiment is None:
        page.goto(address)
        page.wait_for_selector(".home .said .term", timeout=60_000)
    else:
        page.goto(f"{address}?experiment={experiment.name}")
        page.wait_for_selector(f"#{experiment.name} .report[data-tag]", timeout=60_000)
        last = experiment.computations[-1].drawings[-1].__name__
        page.wait_for_selector(f"#{experiment.name} .{last} [data-tag]", timeout=120_000, state="attached")
    page.wait_for_timeout(RESTED)
    page.screenshot(path=path, full_page=True, timeout=120_000)
    print(path)
    context.close()


def every(folder: str | None) -> Iterator[tuple[Experiment | None, Path, dict[str, Any]]]:
    """What is shot, where to, and its looks."""
    shown = [("home", (None,)), *((name, tab.experiments) for name, tab in find().items())]
    for name, experiments in shown:
        if folder is None:
            yield experiments[0], README / f"{name}.png", {}
            continue
        for each, size, scheme, locale in product(experiments, (WIDE, PHONE), ("light", "dark"), ("en-GB", "zh-CN")):
            title = f"{each.name if each else name}-{size['width']}-{scheme}-{locale}.png"
            yield each, Path(folder) / title, {"viewport": size, "color_scheme": scheme, "locale": locale}


def main(folder: str | None) -> None:
    built = app.build()
    address = app.serve(built, prevent_thread_lock=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for experiment, path, looks in every(folder):
            path.parent.mkdir(parents=True, exist_ok=True)
            shoot(browser, address, experiment, path, **looks)
    built.page.close(verbose=False)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [None])

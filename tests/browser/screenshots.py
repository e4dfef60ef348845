"""The first experiment of every tab for the README: python -m tests.browser.screenshots [FOLDER].

With a folder: all experiments, both widths, light and dark, both languages, for whoever checks the looks.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import app
from demos._experiment import Experiment
from demos._tab import find
from tests.browser.visitor import FLAGS, chromium

README = Path(__file__).parents[2] / "assets" / "screenshots"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def shoot(browser: Browser, address: str, experiment: Experiment, path: Path, **looks: object) -> None:
    """One finished experiment, whole."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "color_scheme": "light"} | looks)
    page = context.new_page()
    page.goto(f"{address}?experiment={experiment.name}")
    page.wait_for_selector(f"#{experiment.name} .report[data-tag]", timeout=60_000)
    last = experiment.computations[-1].drawings[-1].__name__
    page.wait_for_selector(f"#{experiment.name} .{last} [data-tag]", timeout=120_000, state="attached")
    page.wait_for_timeout(1500)
    page.screenshot(path=path, full_page=True, timeout=120_000)
    print(path)
    context.close()


def main(folder: str | None) -> None:
    built = app.build()
    address = app.serve(built, prevent_thread_lock=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, tab in find().items():
            if folder is None:
                README.mkdir(parents=True, exist_ok=True)
                shoot(browser, address, tab.experiments[0], README / f"{name}.png")
                continue
            for each, size, scheme, locale in product(tab.experiments, (WIDE, PHONE), ("light", "dark"), ("en-GB", "zh-CN")):
                path = Path(folder) / f"{each.name}-{size['width']}-{scheme}-{locale}.png"
                shoot(browser, address, each, path, viewport=size, color_scheme=scheme, locale=locale)
    built.close(verbose=False)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [None])

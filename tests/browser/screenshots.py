"""A picture of every tab for the README: python -m tests.browser.screenshots [FOLDER].

With a folder: both widths, light and dark, both languages, for whoever checks the looks.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import app
from demos._tab import Tab, find
from tests.browser.visitor import FLAGS, chromium

README = Path(__file__).parents[2] / "assets" / "screenshots"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def shoot(browser: Browser, address: str, name: str, tab: Tab, path: Path, **looks: object) -> None:
    """One finished tab, whole."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "color_scheme": "light"} | looks)
    page = context.new_page()
    page.goto(f"{address}?experiment={tab.experiments[0].name}")
    for experiment in tab.experiments:
        page.wait_for_selector(f"#{experiment.name} .report[data-tag]", timeout=60_000)
        last = experiment.computations[-1].drawings[-1].__name__
        page.wait_for_selector(f"#{experiment.name} .{last} [data-tag]", timeout=120_000, state="attached")
    page.wait_for_timeout(1500)
    page.screenshot(path=path, full_page=True, timeout=120_000)
    print(path, name)
    context.close()


def main(folder: str | None) -> None:
    built = app.build()
    address = app.serve(built, prevent_thread_lock=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, tab in find().items():
            if folder is None:
                README.mkdir(parents=True, exist_ok=True)
                shoot(browser, address, name, tab, README / f"{name}.png")
                continue
            for size, scheme, locale in product((WIDE, PHONE), ("light", "dark"), ("en-GB", "zh-CN")):
                path = Path(folder) / f"{name}-{size['width']}-{scheme}-{locale}.png"
                shoot(browser, address, name, tab, path, viewport=size, color_scheme=scheme, locale=locale)
    built.close(verbose=False)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [None])

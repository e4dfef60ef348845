"""Someone at the page, as the tests and the benchmarks play them."""

import json
import shutil
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FloatRect, Locator, Page

LEFT_OUT = [  # what playwright leaves out itself, for a second list replaces its own
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",  # two pages of the browser's own in every window: half a second each time
]  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-dev-shm-usage", f"--disable-features={','.join(LEFT_OUT)}",
]  # fmt: skip
LOOKS = {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}}
SHOWS = """([place, wanted]) => {
  const tag = JSON.parse(document.querySelector(place)?.dataset.tag ?? "{}");
  return Object.entries(wanted).every(([name, value]) => JSON.stringify(tag[name]) === JSON.stringify(value));
}"""


def chromium() -> str:
    """The system's own; tests/browser/install.sh has seen to it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise FileNotFoundError("no chromium on the PATH: run tests/browser/install.sh")
    return found


@dataclass
class Visitor:
    page: Page
    address: str
    strangers: list[str]  # requests that left this machine

    def arrive(self, query: str = "?experiment=guidance_plane", sees: str = "#guidance_plane .report") -> None:
        self.page.goto(self.address + query)
        self.sees(sees)

    def sees(self, place: str, **wanted: Any) -> None:
        """Wait until the picture is one of these parameters."""
        self.page.wait_for_selector(f"{place}[data-tag]", state="attached")
        self.page.wait_for_function(SHOWS, arg=[place, wanted])

    def control(self, experiment: str, parameter: str) -> Locator:
        return self.page.locator(f"#{experiment}-{parameter}")

    def press(self, key: str, experiment: str, parameter: str) -> None:
        self.control(experiment, parameter).locator("input[type=range]").press(key)

    def grip(self, place: Locator, at: tuple[float, float] | None = None) -> FloatRect:
        """Press the mouse on a place, in its middle or so many px from its corner, once it stands still; returns its box.

        What is still being loaded above it moves it.
        """
        place.scroll_into_view_if_needed()
        before, box = None, place.bounding_box()
        while box is None or box != before:
            self.page.wait_for_timeout(400)
            before, box = box, place.bounding_box()
        x, y = at or (box["width"] / 2, box["height"] / 2)
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        self.page.mouse.down()
        return box

    def open_advanced(self, experiment: str) -> None:
        self.page.locator(f"#{experiment} .advanced > button").click()

    def choose(self, experiment: str, parameter: str, option: str) -> None:
        """Of a dropdown or of radio buttons, by the text a visitor reads."""
        place = self.control(experiment, parameter)
        if place.locator("input[type=radio]").count():
            place.get_by_text(option, exact=True).click()
            return
        place.locator("input").click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def tag(self, place: str) -> dict[str, Any]:
        return json.loads(self.page.locator(place).first.get_attribute("data-tag") or "{}")

    def metrics(self, experiment: str) -> str:
        return self.page.locator(f"#{experiment} .report table").inner_text()

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()

"""A phone of 390 by 844: a finger scrolls over every picture, and what a moved control does is in sight with it."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from demos._experiment import Experiment
from demos._tab import find

TABS = {name: tab for name, tab in find().items() if tab.experiments}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WIDTH, HEIGHT = PHONE["viewport"]["width"], PHONE["viewport"]["height"]
SWIPE = 120  # px
DRAWN = "(name) => [...document.querySelectorAll(`#${name} .picture [role=img]`)].every((node) => node.dataset.tag)"
POINT = "(_, [x, y]) => Boolean(document.elementFromPoint(x, y)?.closest('.handle'))"
ON_TOP = """(control) => { const { x, y, width, height } = control.getBoundingClientRect(), top = document.elementFromPoint(x + width / 2, y + height / 2);
  return control.contains(top) || Boolean(top?.contains(control)); }"""  # noqa: E501  a script


@pytest.fixture
def finger(visitor: Any) -> Any:
    """Swipes up at a place; returns by how much the page went."""
    session = visitor.page.context.new_cdp_session(visitor.page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})
        visitor.page.wait_for_timeout(16)

    def swipe(x: float, y: float) -> float:
        before = visitor.page.evaluate("scrollY")
        touch("touchStart", {"x": x, "y": y})
        for part in range(1, 9):
            touch("touchMove", {"x": x, "y": y - SWIPE * part / 8})
        touch("touchEnd")
        visitor.page.wait_for_timeout(60)
        return visitor.page.evaluate("scrollY") - before

    return swipe


def middle(picture: Locator) -> tuple[float, float]:
    """Of what is to be seen of it, in the middle of the screen; beside a point that is there to be dragged."""
    picture.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = picture.bounding_box()
    y = min(max(box["y"] + box["height"] / 2, SWIPE + 40), HEIGHT - 160)
    places = [box["x"] + share * box["width"] for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
    return next(x for x in places if not picture.evaluate(POINT, [x, y])), y


def move(page: Page, name: str) -> Locator:
    """The first slider that can be moved, by a key; else another option of the first choice."""
    controls = page.locator(f"#{name} .controls")
    sliders = controls.locator("input[type=range]").locator("visible=true")
    if not sliders.count():
        other = controls.locator("label:has(input[type=radio]:not(:checked))").locator("visible=true").first
        other.click()
        return other
    slider = sliders.first
    slider.focus()
    page.keyboard.press("ArrowLeft" if slider.input_value() == slider.get_attribute("max") else "ArrowRight")
    return slider


def is_on_screen(place: Locator) -> bool:
    """Whole, but for a pixel of rounding."""
    box = place.bounding_box()
    if box is None:
        return False
    return min(box["x"], box["y"]) > -1 and box["y"] + box["height"] < HEIGHT + 1 and box["x"] + box["width"] < WIDTH + 1


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_finger_scrolls_and_the_answer_is_in_sight(visitor, finger, name):
    page, experiments = visitor.page, TABS[name].experiments
    for experiment in experiments:
        visitor.arrive(f"?experiment={experiment.name}", f"#{experiment.name} .report")
        page.wait_for_function(DRAWN, arg=experiment.name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        answer_is_in_sight(visitor, experiment)
        pictures = page.locator(f"#{experiment.name} .picture > .box").locator("visible=true")
        for k in range(pictures.count()):
            assert finger(*middle(pictures.nth(k))) > SWIPE / 2, (experiment.name, k)


def answer_is_in_sight(visitor: Any, experiment: Experiment) -> None:
    """The control that was moved, how far the run is, a way to stop it, and the first number."""
    page, before = visitor.page, visitor.tag(f"#{experiment.name} .report")
    moved, line = move(page, experiment.name), page.locator(f"#{experiment.name} .progress")
    page.wait_for_function(
        "([place, before]) => document.querySelector(place).dataset.tag !== before",
        arg=[f"#{experiment.name} .report", page.evaluate("(tag) => JSON.stringify(tag)", before)],
    )
    if not experiment.main.live:
        stop = line.get_by_role("button")
        stop.wait_for()
        assert is_on_screen(stop) and is_on_screen(line.locator("progress"))
        stop.tap()
        page.wait_for_function(
            "(place) => !document.querySelector(place + ' progress').offsetParent", arg=f"#{experiment.name} .progress"
        )
        assert is_on_screen(stop)  # it says Run again
    first = page.locator(f"#{experiment.name} .report tr").first
    assert first.locator("td").first.text_content() in line.locator(".chief").inner_text()
    assert is_on_screen(line) and is_on_screen(line.locator(".chief"))
    assert is_on_screen(moved) and moved.evaluate(ON_TOP)

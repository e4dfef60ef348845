"""The lab by keyboard alone, and without motion where none is wanted."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

PLANE, DIGITS, HOUSE = "guidance_plane", "guidance_digits", "hotwater_house"
CALM = {"reduced_motion": "reduce"}
MOST = 90  # stops from one end of a tab to the other

# Of what has the focus: whether it is in sight under no sticky picture, marked, and has a name.
STOP = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at), wrap = at.closest("label, .wrap, .block");
  const name = at.getAttribute("aria-label") || [...at.labels ?? []].map((each) => each.textContent).join("") || at.textContent || at.title || wrap?.textContent;
  const marked = [at, at.closest("label")].some((each) => each && getComputedStyle(each).outlineStyle !== "none") || look.boxShadow !== "none";
  return { name: name.trim(), marked, seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth, place: at.outerHTML.slice(0, 160) };
}"""  # noqa: E501  a script


def tab_to(visitor: Any, place: str) -> None:
    """With the Tab key alone; every stop on the way has a name, is marked and in sight."""
    for _ in range(MOST):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("(place) => document.activeElement.matches(place)", place):
            break
        if visitor.page.evaluate("document.activeElement !== document.body"):
            stop = visitor.page.evaluate(STOP)
            assert stop["name"] and stop["marked"] and stop["seen"], stop
    else:
        raise AssertionError(f"{place} is not reached by {MOST} presses of Tab")


def keys(visitor: Any, *names: str) -> None:
    for name in names:
        visitor.page.keyboard.press(name)


def changed(visitor: Any, experiment: str, parameter: str, before: Any) -> Any:
    """Wait for another value in the answer."""
    visitor.page.wait_for_function(
        "([place, name, before]) => JSON.stringify(JSON.parse(document.querySelector(place).dataset.tag)[name]) !== before",
        arg=[f"#{experiment} .report", parameter, json.dumps(before, separators=(",", ":"))],
    )
    return visitor.tag(f"#{experiment} .report")[parameter]


def test_a_tab_is_worked_through_by_keys(visitor):
    """Open it, take a story, move a slider, open what is advanced, take the link and a file."""
    visitor.arrive()
    tab_to(visitor, "[role=tab]")
    tabs = visitor.page.get_by_role("tablist").first.get_by_role("tab")
    keys(visitor, "ArrowRight", "ArrowRight")
    expect(tabs.nth(2)).to_have_attribute("aria-selected", "true")
    keys(visitor, "ArrowLeft")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    visitor.sees(f"#{PLANE} .report", gamma=4.0)

    tab_to(visitor, ".stories button")
    keys(visitor, "Enter")
    visitor.sees(f"#{PLANE} .report", gamma=1.0)
    for gamma in (4.0, 8.0):
        tab_to(visitor, ".lessons .card .chief")  # the card has been made anew
        keys(visitor, "Enter")
        visitor.sees(f"#{PLANE} .report", gamma=gamma)

    tab_to(visitor, f"#{PLANE}-gamma input[type=range]")
    keys(visitor, "ArrowRight", "ArrowRight")
    visitor.sees(f"#{PLANE} .report", gamma=8.2)
    tab_to(visitor, f"#{PLANE} .advanced > button")
    keys(visitor, "Enter")
    tab_to(visitor, f"#{PLANE} .advanced input[type=range]")
    tab_to(visitor, f"#{PLANE} .player input")
    keys(visitor, "Home")
    expect(visitor.page.locator(f"#{PLANE} .stage canvas, #{PLANE} .staged canvas")).to_have_attribute("data-frame", "0")

    for _ in range(MOST):  # the handouts, whose names are all that is promised
        keys(visitor, "Tab")
        if visitor.page.evaluate("document.activeElement.textContent.trim()") == "Copy link":
            break
    keys(visitor, "Enter")
    link = visitor.page.locator(f"#{PLANE} .parcel textarea")
    link.wait_for()
    assert "gamma=8.2" in link.input_value()
    for _ in range(MOST):
        if visitor.page.evaluate("document.activeElement.textContent.trim()") == "CSV":
            break
        keys(visitor, "Tab")
    with visitor.page.expect_download() as download:
        keys(visitor, "Enter")
    assert download.value.path().read_text("utf8").startswith(f"# {PLANE} ")


def test_points_are_moved_and_added_by_keys(visitor):
    visitor.arrive(f"?experiment={PLANE}&scene=edited")
    visitor.sees(f"#{PLANE} .report", scene="edited")
    centres = visitor.tag(f"#{PLANE} .report")["centres"]
    tab_to(visitor, f"#{PLANE} .handle")
    keys(visitor, "Shift+ArrowRight")
    moved = changed(visitor, PLANE, "centres", centres)
    assert moved[0][0] > centres[0][0] and moved[1:] == centres[1:]
    visitor.control(PLANE, "centres").locator("input").first.focus()
    tab_to(visitor, f"#{PLANE}-centres .more")
    keys(visitor, "Enter")
    added = changed(visitor, PLANE, "centres", moved)
    assert len(added) == len(moved) + 1
    keys(visitor, "ArrowUp", "Enter")  # the new point has the focus
    assert changed(visitor, PLANE, "centres", added)[-1][0] > added[-1][0]


def test_a_digit_is_drawn_by_keys(visitor):
    visitor.arrive(f"?experiment={DIGITS}&method=similarity&count=1", f"#{DIGITS} .report")
    visitor.sees(f"#{DIGITS} .report", method="similarity")
    seven = visitor.tag(f"#{DIGITS} .report")["drawing"]
    visitor.page.locator(f"#{DIGITS} .controls input").first.focus()
    tab_to(visitor, f"#{DIGITS} .sketch canvas")
    tab_to(visitor, "[data-key=clear]")
    keys(visitor, "Enter")
    blank = changed(visitor, DIGITS, "drawing", seven)
    keys(visitor, "Shift+Tab", " ", *["Shift+ArrowDown"] * 6)
    assert changed(visitor, DIGITS, "drawing", blank) != seven


def test_a_table_is_filled_by_keys(visitor):
    visitor.arrive(f"?experiment={HOUSE}", f"#{HOUSE} .report")
    rows = visitor.tag(f"#{HOUSE} .report")["rooms"]
    visitor.page.locator(f"#{HOUSE} .controls button").first.focus()
    tab_to(visitor, ".sheet input, .sheet select")
    tab_to(visitor, ".sheet .more")
    keys(visitor, "Enter")
    more = changed(visitor, HOUSE, "rooms", rows)
    assert len(more) == len(rows) + 1
    assert visitor.page.evaluate("document.activeElement.closest('tr').sectionRowIndex") == len(rows)
    tab_to(visitor, f".sheet tbody tr:nth-child({len(rows) + 1}) button")
    keys(visitor, "Enter")
    assert changed(visitor, HOUSE, "rooms", more) == rows


@pytest.mark.parametrize("visitor", [CALM], indirect=True)
def test_nothing_moves_by_itself_where_motion_is_not_wanted(visitor):
    """A picture is at its end at once, nothing plays unasked, and what is played goes by whole frames."""
    visitor.page.add_init_script(
        "window.pictures = []; new MutationObserver((all) => all.forEach(({ target }) => target.closest('.staged')"
        " && window.pictures.push(target.toDataURL()))).observe(document, { subtree: true, attributeFilter: ['data-tag'] });"
    )
    visitor.arrive()
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} canvas", gamma=4.1)
    visitor.page.wait_for_timeout(600)
    at_once, later = visitor.page.evaluate(f"[window.pictures.at(-1), document.querySelector('#{PLANE} canvas').toDataURL()]")
    assert at_once == later
    assert visitor.page.evaluate("document.getAnimations().filter((each) => each.playState === 'running').length") == 0
    canvas = visitor.page.locator(f"#{PLANE} .staged canvas")
    frame = canvas.get_attribute("data-frame")
    visitor.page.wait_for_timeout(400)
    assert canvas.get_attribute("data-frame") == frame
    visitor.page.evaluate(
        "window.stops = []; new MutationObserver((all) => all.forEach(({ target }) => window.stops.push(target.dataset.frame)))"
        f".observe(document.querySelector('#{PLANE} .staged canvas'), {{ attributeFilter: ['data-frame'] }})"
    )
    visitor.page.locator(f"#{PLANE} .player button").first.click()
    visitor.page.wait_for_function("window.stops.length > 3")
    assert all(float(each).is_integer() for each in visitor.page.evaluate("window.stops"))

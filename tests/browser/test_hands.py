"""What hands do: play and scrub, drag, upload, the keyboard, the buttons below the pictures."""

import json

import pytest
from PIL import Image, ImageDraw

PLANE, DIGITS = "guidance_plane", "guidance_digits"
STAGE = f"#{PLANE} .stage"
SLIDER = f"{STAGE} .player input[type=range]"


def frame(visitor) -> int:
    return int(visitor.page.locator(SLIDER).input_value())


def test_a_film_is_played_stepped_and_scrubbed(visitor):
    visitor.arrive()
    visitor.sees(f"#{PLANE} canvas", seed=0)
    slider, player = visitor.page.locator(SLIDER), visitor.page.locator(f"{STAGE} .player")
    last = int(slider.get_attribute("max"))
    assert frame(visitor) == last and slider.get_attribute("aria-valuetext") == "σ = 0"
    before = visitor.page.locator(f"{STAGE} canvas").screenshot()
    slider.press("Home")
    assert frame(visitor) == 0 and visitor.page.locator(f"{STAGE} canvas").screenshot() != before
    player.get_by_role("button", name="One frame on").click()
    assert frame(visitor) == 1
    player.get_by_role("button", name="One frame back").click()
    assert frame(visitor) == 0
    player.get_by_role("button", name="Play").click()
    visitor.page.wait_for_function(f"+document.querySelector('{SLIDER}').value > 2")
    player.get_by_role("button", name="Pause").click()
    stopped = frame(visitor)
    visitor.page.wait_for_timeout(500)
    assert frame(visitor) == stopped < last
    player.get_by_role("button", name="Play").click()
    visitor.page.wait_for_function(f"document.querySelector('{SLIDER}').value === '{last}'")
    player.get_by_role("button", name="Play").wait_for()  # it stops by itself


def test_a_scrubbed_film_stays_where_it_is_when_a_slider_moves(visitor):
    visitor.arrive()
    visitor.sees(f"#{PLANE} canvas", seed=0)
    visitor.page.locator(SLIDER).press("Home")
    visitor.page.locator(SLIDER).press("ArrowRight")
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} canvas", gamma=4.1)
    assert frame(visitor) == 1


def test_a_centre_follows_the_mouse(visitor):
    visitor.arrive(f"?experiment={PLANE}&scene=edited")
    visitor.sees(f"#{PLANE} .report", scene="edited")
    before = visitor.tag(f"#{PLANE} .report")["centres"]
    box = visitor.grip(visitor.page.locator(f"#{PLANE} .handle").first)
    visitor.page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2 - 30, steps=6)
    visitor.page.mouse.up()
    visitor.page.wait_for_function(
        "([place, x, y]) => { const [at] = JSON.parse(document.querySelector(place).dataset.tag).centres; "
        "return at[0] > x + 0.1 && at[1] > y + 0.1; }",
        arg=[f"#{PLANE} .report", *before[0]],
    )
    assert visitor.tag(f"#{PLANE} .report")["centres"][1:] == before[1:]


def seven(path, size=(200, 300)) -> None:
    """Dark strokes on white paper."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).line([(50, 60), (150, 60), (80, 240)], fill=(20, 20, 60), width=18)
    picture.save(path)


def test_a_picture_file_becomes_the_drawing_and_other_files_are_refused(visitor, tmp_path):
    sketch = visitor.page.locator(f"#{DIGITS} .sketch")
    chosen = sketch.locator("input[type=file]")
    for name, content in (("words.txt", b"not a picture"), ("broken.png", b"\x89PNG\r\n\x1a\n and then nothing")):
        visitor.arrive(f"?experiment={DIGITS}&method=similarity&count=1", f"#{DIGITS} .report")
        visitor.sees(f"#{DIGITS} .report", method="similarity")
        drawn = visitor.tag(f"#{DIGITS} .report")["drawing"]
        (tmp_path / name).write_bytes(content)
        chosen.set_input_files(tmp_path / name)
        sketch.get_by_role("alert").wait_for()
        assert visitor.tag(f"#{DIGITS} .report")["drawing"] == drawn
    seven(tmp_path / "seven.png")
    chosen.set_input_files(tmp_path / "seven.png")
    visitor.page.wait_for_function(
        "([place, old]) => JSON.parse(document.querySelector(place).dataset.tag).drawing !== old",
        arg=[f"#{DIGITS} .report", drawn],
    )


def test_the_look_is_switched_and_remembered(visitor):
    visitor.arrive()
    visitor.page.locator("#shade").click()
    assert visitor.page.locator("body.dark").count() == 1
    visitor.arrive()
    assert visitor.page.locator("body.dark").count() == 1
    visitor.page.locator("#shade").click()
    assert visitor.page.locator("body.dark").count() == 0


@pytest.mark.parametrize("row", [0, 1])
def test_arrow_keys_walk_through_the_tabs(visitor, row):
    """And through the parts of one."""
    visitor.arrive()
    tabs = visitor.page.get_by_role("tablist").nth(row).get_by_role("tab")
    count = tabs.count()
    assert count > 1
    tabs.first.focus()
    for i in range(1, count + 1):
        visitor.page.keyboard.press("ArrowRight")
        assert tabs.nth(i % count).get_attribute("aria-selected") == "true"
        assert tabs.nth(i % count).evaluate("tab => tab === document.activeElement")
    visitor.page.keyboard.press("End")
    assert tabs.last.get_attribute("aria-selected") == "true"


@pytest.mark.parametrize("experiment", [PLANE, DIGITS])
def test_numbers_and_lines_of_python_are_handed_out(visitor, experiment):
    visitor.arrive(f"?experiment={experiment}", f"#{experiment} .report")
    with visitor.page.expect_download() as download:
        visitor.page.locator(f"#{experiment} .handouts .json").click()
    body = json.loads(download.value.path().read_text("utf8"))
    assert body["experiment"] == experiment and body["arrays"] and body["companion"]["metrics"]
    visitor.page.locator(f"#{experiment} .handouts .code").click()
    area = visitor.page.locator(f"#{experiment} .parcel textarea")
    area.wait_for()
    assert area.input_value().startswith("from core.guidance") and "Params(" in area.input_value()

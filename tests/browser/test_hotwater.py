"""The hot water tab: a front that crawls, a stopwatch, an inverse, schemes that bring their own fields."""

import pytest

TAP = "hotwater_tap"
REPORT = f"#{TAP} .report"
PIXELS = """(place) => {
  const canvas = document.querySelector(place), { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let red = 0, blue = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] > 200 && data[i + 1] < 110 && data[i + 2] < 90) red++;
    if (data[i] < 90 && data[i + 1] < 130 && data[i + 2] > 140) blue++;
  }
  return [red, blue];
}"""
CANVAS = f"#{TAP} .network canvas"


def scrub(visitor, frame: int) -> None:
    player = visitor.page.locator(f"#{TAP} .network .player input")
    player.evaluate("(node, to) => { node.value = to; node.dispatchEvent(new Event('input')); }", frame)
    visitor.page.wait_for_function(f"document.querySelector('{CANVAS}').dataset.frame == {frame}")


def arrive(visitor, query: str = "") -> None:
    visitor.arrive(f"?experiment={TAP}{query}", REPORT)
    visitor.page.wait_for_selector(f"{CANVAS}[data-tag]")


def test_a_red_front_crawls_through_the_pipe(visitor):
    arrive(visitor, "&standing=240")
    red = []
    for frame in (4, 15, 25, 100):
        scrub(visitor, frame)
        red.append(visitor.page.evaluate(PIXELS, CANVAS)[0])
    assert red[0] < red[1] < red[2] < red[3] and red[3] > 500


def test_play_lets_the_stopwatch_run(visitor):
    arrive(visitor)
    scrub(visitor, 0)
    before = visitor.page.locator(f"#{TAP} .network .player output").inner_text()
    visitor.page.locator(f"#{TAP} .network .player button[data-name=play]").click()
    visitor.page.wait_for_function(f"Number(document.querySelector('{CANVAS}').dataset.frame) > 20")
    assert visitor.page.locator(f"#{TAP} .network .player output").inner_text() != before


def test_seconds_are_turned_into_metres(visitor):
    arrive(visitor)
    visitor.choose(TAP, "known", "the seconds you wait")
    visitor.page.locator(f"#{TAP}-waited:visible").wait_for()
    visitor.sees(REPORT, known="wait", scheme="drain")
    assert "length" not in visitor.tag(REPORT) and "Length of the pipe" in visitor.metrics(TAP)


def test_a_tank_brings_its_fields_and_one_that_is_bought_has_none(visitor):
    arrive(visitor, "&heater=tank")
    visitor.open_advanced(TAP)
    visitor.page.locator(f"#{TAP}-volume:visible").wait_for()
    visitor.choose(TAP, "heater", "Dražice OKHE 80 (electric tank)")
    visitor.page.locator(f"#{TAP}-volume").wait_for(state="hidden")
    visitor.sees(REPORT, heater="okhe_80")
    assert not {"volume", "element", "fires_from"} & visitor.tag(REPORT).keys()


def test_a_pump_brings_its_switch_and_the_switch_its_fields(visitor):
    arrive(visitor)
    visitor.choose(TAP, "scheme", "return line, pump")
    visitor.sees(REPORT, scheme="return_line", switching="on_demand", ahead=90)
    visitor.choose(TAP, "switching", "by a timer")
    visitor.page.locator(f"#{TAP}-every:visible").wait_for()
    visitor.sees(REPORT, switching="timer", every=30)
    visitor.choose(TAP, "scheme", "down the drain")
    visitor.sees(REPORT, scheme="drain", switching="never")


def test_mains_hotter_than_the_set_point_is_said_in_words(visitor):
    visitor.page.goto(f"{visitor.address}?experiment={TAP}&mains=45&set_point=40")
    visitor.page.wait_for_selector("#notice .fault")
    said = visitor.page.locator("#notice .fault").inner_text()
    assert "Mains water must be colder than the heater's set point, 40 °C" in said and "45" in said


def test_a_trickle_is_explained_in_the_picture(visitor):
    arrive(visitor, "&flow=1.5")
    visitor.sees(REPORT, flow=1.5)
    with visitor.page.expect_download() as download:
        visitor.page.locator(f"#{TAP} .network .tools button", has_text="SVG").click()
    assert "The heater never fires" in download.value.path().read_text("utf8")


HOUSE = "hotwater_house"


def test_a_tap_of_the_home_opens_by_a_click(visitor):
    """At the hour that is shown; the row is in the table, in the link and in the next answer."""
    place = f"#{HOUSE} .report"
    visitor.arrive(f"?experiment={HOUSE}&draws=timetable", place)
    visitor.sees(place, draws="timetable")
    film = visitor.page.locator(f"#{HOUSE} .house .player input")
    film.evaluate("(node) => { node.value = 60; node.dispatchEvent(new Event('input')); }")
    visitor.page.get_by_role("button", name="Open the hot tap of room 2").click()
    visitor.page.wait_for_function(f"JSON.parse(document.querySelector('{place}').dataset.tag).opened.length === 1")
    (row,) = visitor.tag(place)["opened"]
    assert row[1:] == [2, "hot", 5, 2]
    visitor.page.get_by_role("button", name="Open the hot tap of room 2").click()  # again: after the first has ended
    visitor.page.wait_for_function(f"JSON.parse(document.querySelector('{place}').dataset.tag).opened.length === 2")
    assert len({each[0] for each in visitor.tag(place)["opened"]}) == 2


def test_the_button_empties_the_row_of_waits(visitor):
    place = f"#{HOUSE} .report"
    visitor.arrive(f"?experiment={HOUSE}", place)
    waited = []
    for preset in ("Winter morning", "Winter, button and solenoid"):
        visitor.page.locator(f"#{HOUSE} .scenes").get_by_text(preset, exact=True).click()
        visitor.sees(place, mains=6, scheme="drain" if not waited else "crossover_solenoid")
        waited.append(float(visitor.page.locator(f"#{HOUSE} .report td").first.inner_text().split()[0]))
    assert waited[0] > 20 and waited[1] < 8


def test_a_wrong_timetable_is_answered_in_words(visitor):
    visitor.page.goto(f"{visitor.address}?experiment={HOUSE}&draws=timetable&timetable=07:00,1,hot,8,5;07:03,1,hot,8,5")
    visitor.page.locator("#notice .fault", has_text="opens one tap twice").wait_for()


def test_a_click_waits_until_the_family_has_closed_the_tap(visitor):
    """From 06:00 to 06:50 by the timetable; at 06:15 a click opens it from 06:50 on, and what follows is no fault."""
    place = f"#{HOUSE} .report"
    visitor.arrive(f"?experiment={HOUSE}&draws=timetable&timetable=06:00,2,hot,5,50", place)
    visitor.sees(place, timetable=[["06:00", 2, "hot", 5, 50]])
    film = visitor.page.locator(f"#{HOUSE} .house .player input")
    hour = "(node) => { node.value = Math.round(Number(node.max) * 0.3); node.dispatchEvent(new Event('input')); }"
    film.evaluate(hour)
    visitor.page.get_by_role("button", name="Open the hot tap of room 2").click()
    visitor.page.wait_for_function(f"JSON.parse(document.querySelector('{place}').dataset.tag).opened.length === 1")
    assert visitor.tag(place)["opened"] == [["06:50", 2, "hot", 5, 2]]


@pytest.mark.parametrize(
    ("visitor", "said"),
    [
        ({}, "“The pump runs, or the drain valve” must be on_demand “when a button is pressed” / smart"),
        ({"locale": "zh-CN"}, "“水泵（或排水阀）何时工作”必须是 on_demand “按需（按钮）”"),
    ],
    indirect=["visitor"],
)
def test_a_loop_without_a_pump_is_answered_in_words(visitor, said):
    visitor.arrive(f"?experiment={HOUSE}&scheme=return_line&switching=never", f"#{HOUSE} .report")
    visitor.page.locator("#notice .fault", has_text=said).wait_for()


COMPARE = "hotwater_compare"


def test_schemes_come_one_after_another_and_are_sorted_by_a_head(visitor):
    """All of 42 are there when the run is done; one's own is marked; a head sorts, a second press turns the order round."""
    place = f"#{COMPARE} .table .rows"
    visitor.arrive(f"?experiment={COMPARE}&days=2&cells=2&seed=3", f"#{COMPARE} .report")
    visitor.sees(f"#{COMPARE} .report", seed=3)
    rows = visitor.page.locator(f"{place} tbody tr")
    visitor.page.wait_for_function(f"document.querySelectorAll('{place} tbody tr').length === 42", timeout=120_000)
    assert "when a button is pressed" in visitor.page.locator(f"{place} .marked").inner_text()
    visitor.page.wait_for_function(f"document.querySelector('#{COMPARE} .report').innerText.includes('Days that are done')")
    head = visitor.page.locator(f"{place} th button", has_text="mean wait")
    for way, sign in (("ascending", 1), ("descending", -1)):
        head.click()
        visitor.page.locator(f"{place} th[aria-sort={way}]").wait_for()
        waits = [float(row.split("\t")[4]) for row in rows.all_inner_texts()]
        assert waits == sorted(waits, reverse=sign < 0) and len(waits) == 42


VALIDATE = "hotwater_validate"
VALIDATED = f"#{VALIDATE} .report"
FILE = f"#{VALIDATE}-data"


def bring(visitor, text: str, name: str = "step.csv") -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    visitor.page.locator(f"{FILE} input[type=file]").set_input_files(file)


def measurement(rows: int) -> str:
    """A step of an imagined pipe, seconds apart."""
    lines = (f"{t},{60 if t > 20 else 20},{60 if t > 60 else 20},1800,20" for t in range(rows))
    return "\n".join(["time_s,inlet_C,outlet_C,flow_kg_h,ambient_C", *lines])


def test_closed_forms_then_a_file_of_ones_own(visitor):
    """It opens with oracles; a file brings its own numbers, is too long for a link, and says so."""
    visitor.arrive(f"?experiment={VALIDATE}", VALIDATED)
    assert "The front's error falls" in visitor.metrics(VALIDATE)
    visitor.choose(VALIDATE, "source", "a measurement (CSV)")
    visitor.sees(VALIDATED, source="csv", data="")
    bring(visitor, measurement(400))
    visitor.page.locator(f"{VALIDATED} td", has_text="400").wait_for()
    assert "letters" in visitor.tag(VALIDATED)["data"] and "flow as volume" in visitor.metrics(VALIDATE)
    visitor.page.locator(f"#{VALIDATE} button.link").click()
    visitor.page.locator(f"#{VALIDATE} .parcel .fault", has_text="The link goes without “Your measurement”").wait_for()
    assert "data=" not in visitor.page.locator(f"#{VALIDATE} .parcel textarea").input_value()
    visitor.page.locator(f"{FILE} button[data-key=clear]").click()
    visitor.sees(VALIDATED, source="csv", data="")


def test_a_file_is_typed_pasted_and_carried_by_a_link(visitor):
    visitor.arrive(f"?experiment={VALIDATE}&source=csv", VALIDATED)
    visitor.sees(VALIDATED, source="csv")
    short = measurement(70)
    typed = "(area, text) => { area.focus(); area.value = text; area.dispatchEvent(new Event('change')); }"
    visitor.page.locator(f"{FILE} textarea").evaluate(typed, short)
    visitor.sees(VALIDATED, data=short)
    visitor.page.locator(f"#{VALIDATE} button.link").click()
    link = visitor.page.locator(f"#{VALIDATE} .parcel textarea")
    link.wait_for()
    visitor.page.goto(link.input_value())
    visitor.sees(VALIDATED, data=short)


def test_a_wrong_cell_is_named_by_line_and_column_and_the_page_goes_on(visitor):
    visitor.arrive(f"?experiment={VALIDATE}&source=csv", VALIDATED)
    visitor.sees(VALIDATED, source="csv")
    bring(visitor, measurement(70).replace("\n5,20,", "\n5,warm,"))
    visitor.page.locator(f"{VALIDATED} .fault", has_text="Your measurement, line 7, inlet: must be a finite number").wait_for()
    assert visitor.page.locator(f"{FILE} textarea").get_attribute("aria-invalid") == "true"
    visitor.page.locator(f"{FILE} input[type=file]").set_input_files(
        {"name": "picture.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    )
    visitor.page.locator(f"{VALIDATED} .fault", has_text="this looks like another kind of file").wait_for()
    bring(visitor, measurement(70))
    visitor.sees(VALIDATED, data=measurement(70))
    assert visitor.page.locator(f"{VALIDATED} .fault").count() == 0

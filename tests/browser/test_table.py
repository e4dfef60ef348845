"""A small table on a page of its own: typed, pasted, set by a link, refused in words. What it is called is left unsaid here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np
import pytest

import app
from core.columns import Column
from core.parameters import Parameters, seed, switch
from core.result import Result
from core.table import Table, table
from demos._experiment import Computation, Experiment
from demos._house import House
from demos._plot import Lines
from demos._tab import Tab
from tests.ports import free

NAME = "timetable"
REPORT, ROWS = f"#{NAME} .report", f"#{NAME} .sheet tbody tr"
COLUMNS = (Column.clock("start"), Column.choice("place", ("bath", "kitchen")), Column.number("flow", 0.5, 20.0, 0.5, "L/min"))
EVENING = (("07:00", "bath", 8.0), ("19:30", "kitchen", 5.0))
PHONE = {"viewport": {"width": 390, "height": 844}}


class Params(Parameters):
    draws: Table = table(EVENING, COLUMNS, 1, 4, "draws")
    doubled: bool = switch(False, "twice the flow")
    seed: int = seed()


@dataclass(frozen=True, eq=False)
class Flows(Result):
    flows: np.ndarray

    def metrics(self) -> dict[str, float]:
        return {"total": float(self.flows.sum())}


def flows(p: Params) -> Flows:
    return Flows(np.array([row[2] for row in p.draws]) * (2 if p.doubled else 1))


def nothing(_p: Params, _r: Flows) -> Lines:
    return Lines(())


nothing.__module__ = "demos._page"  # it has no words but the page's
TAB = Tab(order=0, experiments=(Experiment(NAME, Params, Computation(flows, (nothing,), Flows, live=True)),))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    house = House({"hotwater": TAB})  # a tab has words
    yield app.serve(house, prevent_thread_lock=True, server_port=free())
    house.page.close(verbose=False)


@pytest.fixture
def here(visitor):
    visitor.arrive(f"?experiment={NAME}", sees=REPORT)
    visitor.sees(REPORT, draws=[list(row) for row in EVENING])
    return visitor


def cell(visitor, row: int, column: str):
    return visitor.page.locator(f'{ROWS} td[data-row="{row}"][data-column={column}] > *')


def shown(visitor) -> list[list[str]]:
    said = "rows => rows.map(row => [...row.querySelectorAll('input, select')].map(input => input.value))"
    return visitor.page.locator(ROWS).evaluate_all(said)


def paste(visitor, text: str, row: int = 1, column: str = "flow") -> None:
    cell(visitor, row, column).evaluate(
        "(input, text) => { const data = new DataTransfer(); data.setData('text/plain', text); input.focus();"
        " input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }",
        text,
    )


def refused(visitor, said: str) -> None:
    visitor.page.locator(f"{REPORT} .fault", has_text=said).wait_for()


def accepted(visitor, *rows) -> None:
    visitor.sees(REPORT, draws=[list(row) for row in rows])
    assert visitor.page.locator(f"{REPORT} .fault").count() == 0 and visitor.page.locator("[aria-invalid]").count() == 0


def test_cells_are_edited_by_keyboard(here):
    cell(here, 1, "flow").press("ArrowUp")
    here.sees(REPORT, draws=[["07:00", "bath", 8.5], list(EVENING[1])])
    cell(here, 1, "flow").press("Shift+Tab")
    here.page.keyboard.press("ArrowDown")
    cell(here, 2, "start").fill("705")
    cell(here, 2, "start").press("Enter")
    accepted(here, ("07:00", "kitchen", 8.5), ("07:05", "kitchen", 5.0))
    assert shown(here) == [["07:00", "kitchen", "8.5"], ["07:05", "kitchen", "5"]]


def test_rows_come_and_go_within_their_number(here):
    more = here.page.get_by_role("button", name="Add a row")
    for _ in range(2):
        more.click()
    accepted(here, *EVENING, EVENING[1], EVENING[1])
    assert more.is_hidden()
    for _ in range(3):
        here.page.get_by_role("button", name="Remove row 1").click()
    accepted(here, EVENING[1])
    assert here.page.get_by_role("button", name="Remove row 1").is_hidden() and more.is_visible()


@pytest.mark.parametrize(
    "text",
    [
        "6:15\tKitchen\t4\n18:00\tbath\t9.5\n",
        "start,place,flow\r\n06:15,kitchen,4\r\n18:00,bath,9.5",
        "DRAWS.START\tdraws.place\tdraws.flow\n6：15\tdraws.place.kitchen\t4\n1800\tbath\t9.5",
        "06:15,kitchen,4;18:00,bath,9.5",
    ],
    ids=["spreadsheet", "CSV", "words of the page", "link"],
)
def test_what_is_pasted_fills_the_table(here, text):
    paste(here, text, 2, "start")
    accepted(here, ("06:15", "kitchen", 4.0), ("18:00", "bath", 9.5))
    assert shown(here) == [["06:15", "kitchen", "4"], ["18:00", "bath", "9.5"]]


def test_what_is_refused_is_kept_and_named(here):
    cell(here, 2, "start").fill("shower in the morning"[:5])
    cell(here, 2, "start").blur()
    refused(here, "draws, row 2, draws.start: must be a time of day, 00:00 … 23:59, such as 07:05; it was 'showe'")
    assert here.page.locator("[aria-invalid]").count() == 1 and cell(here, 2, "start").get_attribute("aria-invalid") == "true"
    assert shown(here)[1][0] == "showe"
    cell(here, 2, "start").fill("08:00")
    cell(here, 1, "flow").fill("99")
    cell(here, 1, "flow").blur()
    refused(here, "draws, row 1, draws.flow: must be a number within 0.5 … 20 L/min; it was 99")
    cell(here, 1, "flow").fill("")
    cell(here, 1, "flow").blur()
    refused(here, "it was ''")
    cell(here, 1, "flow").fill("9")
    cell(here, 1, "flow").blur()
    accepted(here, ("07:00", "bath", 9.0), ("08:00", "kitchen", 5.0))


def test_a_pasted_table_with_a_wrong_cell_shows_it(here):
    paste(here, "7:00\tcellar\tplenty\n8:00\tbath\t2")
    refused(here, "draws, row 1, draws.place: must be one of bath, kitchen; it was 'cellar'")
    assert cell(here, 1, "flow").get_attribute("placeholder") == "plenty"
    cell(here, 1, "place").select_option("bath")
    refused(here, "draws, row 1, draws.flow: must be a number within 0.5 … 20 L/min; it was 'plenty'")
    assert cell(here, 1, "place").locator("option").count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7:00\tbath\t2\n" * 5, "draws must have 1–4 rows; it had 5."),
        ("7:00\tbath\n8:00\tbath\n", "row 1: must have one cell for each of the columns start, place, flow"),
        ("x" * 100_000, "draws as a text may have at most 20000 characters"),
    ],
    ids=["too many rows", "too few cells", "a book"],
)
def test_what_cannot_stand_in_the_table_leaves_it(here, text, said):
    paste(here, text)
    refused(here, said)
    assert shown(here) == [["07:00", "bath", "8"], ["19:30", "kitchen", "5"]]
    cell(here, 1, "flow").fill("9")
    cell(here, 1, "flow").blur()
    accepted(here, ("07:00", "bath", 9.0), EVENING[1])


def test_a_link_sets_it_and_is_given_again(visitor):
    wanted = "06:15,kitchen,4;18:00,bath,9.25"
    visitor.arrive("?" + urlencode({"experiment": NAME, "draws": wanted, "doubled": "true"}), REPORT)
    accepted(visitor, ("06:15", "kitchen", 4), ("18:00", "bath", 9.25))
    assert shown(visitor) == [["06:15", "kitchen", "4"], ["18:00", "bath", "9.25"]]
    visitor.page.locator(f"#{NAME} .handouts .link").click()
    area = visitor.page.locator(f"#{NAME} .parcel textarea")
    area.wait_for()
    assert urlencode({"draws": wanted}) in area.input_value()
    visitor.click("Reset")
    accepted(visitor, *EVENING)
    assert shown(visitor) == [["07:00", "bath", "8"], ["19:30", "kitchen", "5"]]


def test_a_link_with_a_timetable_in_words_is_answered_in_words(visitor):
    visitor.arrive("?" + urlencode({"experiment": NAME, "draws": "shower in the morning"}), REPORT)
    visitor.page.locator("#notice .fault", has_text="it was 'shower in the morning'").wait_for()


def test_another_part_of_the_page_may_add_a_row(here):
    row = json.dumps(["20:00", "bath", 3])
    rows = f"house.inputs['{NAME}.draws']"
    assert here.page.evaluate(f"{rows}.set([...{rows}.get(), {row}]).length") == 3
    accepted(here, *EVENING, ("20:00", "bath", 3))


@pytest.mark.parametrize("visitor", [PHONE | {"locale": "zh-CN"}], indirect=True)
def test_a_phone_scrolls_one_way_and_reads_chinese(here):
    assert here.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert cell(here, 2, "flow").get_attribute("aria-label") == "第 2 行，draws.flow"
    cell(here, 2, "flow").fill("0")
    cell(here, 2, "flow").blur()
    refused(here, "draws第 2 行“draws.flow”：必须是 0.5 … 20 L/min 之内的数，收到的是 0。")

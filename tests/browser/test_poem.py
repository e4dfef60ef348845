"""Lines of poems at the page: characters of one's own stay, wrong ones are named, the table reads and sorts."""

import pytest

from core.udm.poem.comparison import WAYS

POEM = "udm_text_poem"
TABLE = f"#{POEM} .reading table"
COLD = 120_000  # ms; the first run of a server imports torch


@pytest.fixture
def poems(visitor):
    visitor.page.set_default_timeout(COLD)
    visitor.arrive(f"?experiment={POEM}", f"#{POEM} .report")
    visitor.page.locator(f"#{POEM} .walks dt").first.wait_for()
    return visitor


def write(visitor, text: str) -> None:
    visitor.control(POEM, "given").locator("input, textarea").first.fill(text)


def titles(visitor) -> list[str]:
    return visitor.page.locator(f"#{POEM} .walks dt").all_inner_texts()


def test_characters_of_ones_own_stay_in_every_line(poems):
    write(poems, "春_月__")
    poems.sees(f"#{POEM} .report", given="春_月__")
    poems.page.wait_for_function(
        "place => [...document.querySelectorAll(place)].every((each) => !each.innerText.includes('□'))",
        arg=f"#{POEM} .walks dt",
    )
    lines = titles(poems)
    assert len(lines) == 8 and all(len(line) == 5 and line[0] == "春" and line[2] == "月" for line in lines)


@pytest.mark.parametrize(("text", "said"), [("春a月__", "a"), ("風____", "風"), ("春", "at least 5 characters")])
def test_wrong_characters_are_answered_in_words(poems, text, said):
    before = titles(poems)
    write(poems, text)
    poems.page.locator(f"#{POEM}").get_by_text(said).first.wait_for()
    poems.page.locator(f"#{POEM}").get_by_text("Characters that are given").nth(1).wait_for()
    assert titles(poems) == before


def test_the_table_reads_every_line_and_sorts(poems):
    rows = poems.page.locator(f"{TABLE} tbody tr")
    assert rows.count() == 8
    cells = rows.first.locator("td").all_inner_texts()
    assert len(cells[0]) == 5 and len(cells[1].split()) == 5 and cells[2].count("·") == 4 and len(cells[4]) == 5
    poems.page.locator(f"{TABLE} th button", has_text="log q").click()
    values = [float(row.locator("td").nth(3).inner_text().replace("−", "-")) for row in rows.all()]
    assert values == sorted(values)


def test_every_way_is_compared(poems):
    poems.page.locator(f"#{POEM} .by_way [data-tag]").wait_for(state="attached")
    drawn = "place => document.querySelector(place)?.data?.length ?? 0"
    poems.page.wait_for_function(
        f"place => ({drawn})(place) > {len(WAYS)}", arg=f"#{POEM} .by_way .js-plotly-plot", timeout=COLD
    )


@pytest.mark.parametrize("visitor", [{"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"}], indirect=True)
def test_a_telephone_in_chinese_is_not_wider_than_itself(poems):
    assert poems.page.get_by_role("tab", name="诗句", exact=True).get_attribute("aria-selected") == "true"
    assert poems.page.evaluate("document.documentElement.scrollWidth") <= 390

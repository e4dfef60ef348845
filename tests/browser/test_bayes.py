"""The tab Naive Bayes at the page: five buttons, words of one's own, the way to guidance."""

import pytest

from tests.browser.visitor import Visitor

WORDS, FUSION, RECALL = "bayes_attention", "nbce_gauss", "nbce_recall"
COLD = 120_000  # ms
BUTTONS = ["1 Average", "2 Place", "3 Content", "4 Heads", "5 Residual"]


@pytest.fixture
def words(visitor):
    visitor.page.set_default_timeout(COLD)
    visitor.arrive(f"?experiment={WORDS}", f"#{WORDS} .report")
    visitor.page.locator(f"#{WORDS} .writing dt").first.wait_for()
    return visitor


def number(visitor, label: str) -> float:
    row = visitor.page.locator(f"#{WORDS} .report tr", has_text=label).first
    return float(row.locator("td.value").inner_text().replace("−", "-"))


def test_five_buttons_turn_counts_into_attention(words):
    """The sum becomes an average, and so on; both sides stay equal, and unseen words are said better."""
    wanted = {"averaging": 1, "position": 0.2, "content": 1, "heads": 2, "residual": 0.5}
    before = number(words, "Perplexity")
    for i, button in enumerate(BUTTONS):
        words.click(button)
        at_rest = {"averaging": 0, "position": 0, "content": 0, "heads": 1, "residual": 0}
        words.sees(f"#{WORDS} .report", **at_rest | dict(list(wanted.items())[: i + 1]))
        assert number(words, "Both sides differ by") <= 1e-12
    assert number(words, "Perplexity") < before / 2
    assert "max |Δp| =" in words.page.locator(f"#{WORDS} .two_sides .plot").inner_text()


def test_unknown_words_are_said_to_be_unknown(words):
    words.control(WORDS, "context").locator("input, textarea").first.fill("the zeppelin said")
    words.sees(f"#{WORDS} .report", context="the zeppelin said")
    words.page.locator(f"#{WORDS} .writing").get_by_text("Not among the words of the text: 1").wait_for()
    assert words.page.locator(f"#{WORDS} .writing .hole").inner_text().strip() == "zeppelin"


def test_empty_words_are_answered_in_words(words):
    words.control(WORDS, "context").locator("input, textarea").first.fill("  ")
    words.page.locator(f"#{WORDS}").get_by_text("Words so far is empty").first.wait_for()


def test_a_link_leads_to_guidance_at_the_same_strength(visitor):
    visitor.page.set_default_timeout(COLD)
    visitor.arrive(f"?experiment={FUSION}&beta=2.5", f"#{FUSION} .report")
    link = visitor.page.get_by_role("link", name="Open Guidance at γ = 3.5")
    with visitor.page.context.expect_page() as opened:
        link.click()
    opened.value.set_default_timeout(COLD)
    Visitor(opened.value, visitor.address, []).sees("#guidance_plane .report", gamma=3.5, scene="pair")


def test_an_edited_record_is_answered_at_once(visitor):
    """A number is typed over another in the table; its context speaks, and a word too short is named by its row."""
    visitor.page.set_default_timeout(COLD)
    visitor.arrive(f"?experiment={RECALL}", f"#{RECALL} .report")
    cells = visitor.page.locator(f"#{RECALL} .sheet tbody tr").nth(2).locator("input")
    cells.nth(2).fill("123")
    cells.nth(2).press("Tab")
    visitor.page.locator(f"#{RECALL} .answers dd").nth(1).get_by_text("123").wait_for()
    visitor.page.locator(f"#{RECALL} .answers dd").nth(2).get_by_text("123").wait_for()
    cells.nth(1).fill("eg")
    cells.nth(1).press("Tab")
    visitor.page.locator(f"#{RECALL}").get_by_text("must be small letters, 3 a–z").first.wait_for()

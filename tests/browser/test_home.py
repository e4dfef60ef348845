"""Home, as whoever comes without a link meets it; and the glossary in the texts of every tab."""

import re

import pytest
from playwright.sync_api import expect

from demos._tab import find
from demos._words import read, texts
from tests.browser.test_accessibility import findings

TABS = find()
EDGES = read("_home")["edges"]
PHONE, CALM = {"viewport": {"width": 390, "height": 844}}, {"reduced_motion": "reduce"}
CHINESE = {"locale": "zh-CN"}
PLANE = "guidance_plane"
INK = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), seen = new Set();
  for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 4).join());
  return seen.size;
}"""
COUNTS = """window.moved = 0;
new MutationObserver((all) => { moved += all.length; })
  .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-frame"] });"""
INSIDE = """hint => {
  const { left, right } = hint.getBoundingClientRect();
  return left >= 0 && right <= document.documentElement.clientWidth;
}"""


def arrive(visitor) -> None:
    """All that stands there: the cards, and the glossary, which comes after them."""
    visitor.page.goto(visitor.address)
    visitor.page.locator(".home .glossary").wait_for()
    visitor.page.locator(".home .said .term").first.wait_for()


def card(visitor, tab: str):
    return visitor.page.locator(f".home article[data-tab={tab}]")


def test_home_opens_first_and_every_card_opens_its_tab(visitor):
    arrive(visitor)
    tabs = visitor.page.locator("#tabs").get_by_role("tab")
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    for name, tab in TABS.items():
        card(visitor, name).get_by_role("link").click()
        visitor.page.locator(f"#{tab.experiments[0].name} .report[data-tag]").wait_for()
        expect(visitor.page.get_by_role("tab", name=texts(name)["title"]["en"], exact=True)).to_have_attribute(
            "aria-selected", "true"
        )
        tabs.first.click()
        card(visitor, name).wait_for()


def test_a_card_is_opened_by_the_keyboard_and_leaves_the_tab_as_it_was(visitor):
    visitor.arrive()
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} .report", gamma=4.1)
    visitor.page.get_by_role("tab", name="Home", exact=True).click()
    card(visitor, "guidance").get_by_role("link").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(f"#{PLANE} .report").wait_for()
    visitor.page.wait_for_timeout(500)
    visitor.sees(f"#{PLANE} .report", gamma=4.1)


@pytest.mark.timeout(600)
def test_every_connection_leads_to_its_scenes(visitor):
    arrive(visitor)
    for i, edge in enumerate(EDGES.values(), 1):
        for k, link in enumerate(edge["links"]):
            visitor.page.locator(f"#why-{i} .ways a").nth(k).click()
            visitor.page.locator(f"#{link['experiment']} .report").wait_for()
            visitor.sees(f"#{link['experiment']} .report", **link["values"])
            visitor.page.get_by_role("tab", name="Home", exact=True).click()
            visitor.page.locator(f"#why-{i}").wait_for()


def test_a_connection_sets_what_was_moved_before(visitor):
    """At the same numbers on both sides: a press is a wish."""
    visitor.arrive()
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} .report", gamma=4.1)
    visitor.page.get_by_role("tab", name="Home", exact=True).click()
    visitor.page.locator("#why-1 .ways a").first.click()
    visitor.sees(f"#{PLANE} .report", gamma=3.5, scene="pair")


def test_a_number_on_a_line_leads_to_its_reason(visitor):
    arrive(visitor)
    badges = visitor.page.locator(".home .badge")
    assert badges.count() == len(EDGES)
    places = [badges.nth(i).bounding_box() for i in range(len(EDGES))]
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places]
    apart = [abs(x - u) + abs(y - v) for i, (x, y) in enumerate(centres) for u, v in centres[:i]]
    assert min(apart) > places[0]["width"], "no number lies on another"
    badges.nth(4).click()
    reason = visitor.page.locator("#why-5")
    expect(reason).to_be_focused()
    expect(reason).to_be_in_viewport()
    visitor.page.mouse.move(0, 0)
    badges.nth(2).focus()
    assert visitor.page.locator(".home line.lit").count() == 1 and visitor.page.locator(".home article.lit").count() == 2


def test_small_pictures_are_drawn_and_move(visitor):
    arrive(visitor)
    for name in TABS:
        canvas = card(visitor, name).locator("canvas")
        canvas.scroll_into_view_if_needed()
        assert canvas.evaluate(INK) > 5, name
        assert canvas.get_attribute("aria-label") == read("_home")["topics"][name]["shows"]["en"]
    slider = card(visitor, "lora").locator("input[type=range]")
    visitor.page.wait_for_timeout(4000)  # what moves by itself when it comes into sight has come to rest
    last, drawn = slider.get_attribute("max"), card(visitor, "lora").locator("canvas")
    assert drawn.get_attribute("data-frame") == last
    slider.press("Home")
    assert drawn.get_attribute("data-frame") == "0" and slider.get_attribute("aria-valuetext") == "t = 0"
    card(visitor, "lora").get_by_role("button", name="Play").click()
    visitor.page.wait_for_function("Number(document.querySelector('[data-tab=lora] canvas').dataset.frame) > 2")


@pytest.mark.parametrize("visitor", [CALM], indirect=True)
def test_nothing_moves_by_itself_where_calm_is_wanted(visitor):
    visitor.page.add_init_script(COUNTS)
    arrive(visitor)
    visitor.page.wait_for_timeout(500)
    before = visitor.page.evaluate("moved")
    card(visitor, "guidance").hover()
    visitor.page.wait_for_timeout(3000)
    assert visitor.page.evaluate("moved") == before


@pytest.mark.parametrize(("visitor", "word"), [({}, "softmax"), (CHINESE, "softmax")], indirect=["visitor"])
def test_a_term_is_explained_by_mouse_and_keyboard(visitor, word):
    language = "zh" if visitor.page.evaluate("navigator.language") == "zh-CN" else "en"
    visitor.arrive("?experiment=attention_entropy", "#attention_entropy .report")
    said = read("_glossary")[word]["said"][language]
    visitor.page.locator(".formulas").locator("visible=true").locator("button").first.click()
    term = visitor.page.locator(".formulas [data-term=softmax]").locator("visible=true").first
    hint = term.locator(".hint")
    expect(hint).to_be_hidden()
    term.hover()
    expect(hint).to_be_visible()
    expect(hint).to_have_text(said)
    visitor.page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    visitor.page.mouse.move(0, 0)
    button = term.get_by_role("button")
    button.focus()
    expect(hint).to_be_visible()
    assert hint.evaluate("hint => document.activeElement.getAttribute('aria-describedby') === hint.id")


def test_terms_are_marked_once_and_again_in_the_other_language(visitor):
    visitor.arrive()
    story = visitor.page.locator(".story").locator("visible=true").first
    story.locator(".term").first.wait_for()
    terms = [term.get_attribute("data-term") for term in story.locator(".term").all()]
    assert len(terms) == len(set(terms)) and "guidance" in terms
    assert story.locator("a .term, .katex .term, em .term").count() == 0
    visitor.page.get_by_text("中文").click()
    chinese = story.locator("[data-term=guidance]")
    expect(chinese.get_by_role("button")).to_have_text("引导")
    assert re.search("[\u4e00-\u9fff]", chinese.locator(".hint").text_content())
    visitor.page.get_by_text("English").click()
    expect(story.locator("[data-term=guidance]").get_by_role("button")).to_have_text(re.compile("guidance", re.I))


def test_hints_of_numbers_say_what_their_terms_mean(visitor):
    visitor.arrive()
    term = visitor.page.locator(f"#{PLANE} .report .term", has_text="Distance from the promised picture")
    term.hover()
    expect(term.locator(".hint")).to_contain_text("sliced Wasserstein-2 distance to exact samples")
    expect(term.locator(".hint .meaning b").first).to_have_text("sliced Wasserstein distance")


def test_the_glossary_is_searched(visitor):
    arrive(visitor)
    visitor.page.get_by_text("Glossary", exact=True).click()
    rows = visitor.page.locator(".home .glossary dl > div").locator("visible=true")
    assert rows.count() == len(read("_glossary"))
    names = [
        name.lower()
        for name in visitor.page.locator(".home .glossary dt").evaluate_all("all => all.map(each => each.firstChild.data)")
    ]
    assert names == sorted(names, key=lambda name: name.replace("é", "e"))
    search = visitor.page.locator(".home .glossary input")
    search.fill("困惑度")  # in either language
    expect(rows).to_have_count(1)
    search.fill("no such term")
    visitor.page.get_by_text("No term of this name").wait_for()


def test_references_lead_out_and_to_their_tabs(visitor):
    arrive(visitor)
    visitor.page.get_by_text("References", exact=True).click()
    row = visitor.page.locator(".home .references li", has_text="Naive Bayes is all you need?").first
    assert row.get_by_role("link").first.get_attribute("href") == "https://kexue.fm/archives/9648"
    row.get_by_role("link", name="Naive Bayes", exact=True).click()
    visitor.page.locator("#bayes_attention .report[data-tag]").wait_for()


@pytest.mark.parametrize("visitor", [PHONE, PHONE | CHINESE], indirect=True)
def test_nothing_leaves_a_phone(visitor):
    arrive(visitor)
    for summary in visitor.page.locator(".home summary").all():
        summary.click()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    for term in visitor.page.locator(".home .said .term").all():
        term.get_by_role("button").focus()
        assert term.locator(".hint").evaluate(INSIDE)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("visitor", [{}, PHONE], indirect=True)
def test_nothing_serious_for_axe(visitor):
    arrive(visitor)
    visitor.page.add_style_tag(content="* { transition: none !important; }")
    for summary in visitor.page.locator(".home summary").all():
        summary.click()
    found = {}
    for shade in ("day", "night"):
        found[shade] = findings(visitor.page)
        visitor.page.locator("#shade").click()
    assert found == {"day": [], "night": []}


def test_without_its_file_home_says_where_to_go(visitor):
    visitor.page.route("**/lab/home-*.json", lambda route: route.abort())
    visitor.page.goto(visitor.address)
    visitor.page.get_by_text("The map could not be fetched").wait_for()


def test_without_the_glossary_texts_stay_as_they_are(visitor):
    visitor.page.route("**/lab/glossary-*.json", lambda route: route.abort())
    visitor.arrive()
    visitor.page.wait_for_timeout(1000)
    assert visitor.page.locator(".story .term").count() == 0

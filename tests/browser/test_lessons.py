"""Stories, challenges, questions and links for a class, as a student and a teacher meet them."""

from urllib.parse import parse_qs, urlsplit

from tests.browser.visitor import Visitor

PLANE = "guidance_plane"
REPORT = f"#{PLANE} .report"


def card(visitor):
    return visitor.page.locator(".lessons .card").locator("visible=true").first


def press(visitor, name):
    card(visitor).get_by_role("button", name=name).click()


def test_a_story_sets_scene_after_scene(visitor):
    visitor.arrive()
    visitor.click("Promised and delivered")
    for gamma in (1.0, 4.0, 8.0):
        visitor.sees(REPORT, gamma=gamma, method="cfg")
        press(visitor, "Next")
    visitor.sees(REPORT, gamma=8.0, method="feynman_kac")
    assert "4 of 4" in card(visitor).inner_text() and "Feynman–Kac" in card(visitor).inner_text()
    press(visitor, "Back")
    visitor.sees(REPORT, gamma=8.0, method="cfg")
    press(visitor, "Close")
    assert visitor.page.locator(".lessons .card").locator("visible=true").count() == 0


def test_a_challenge_locks_judges_helps_and_is_remembered(visitor):
    visitor.arrive()
    visitor.click("Pure and spread")
    visitor.sees(REPORT, gamma=6.0, method="cfg")
    assert visitor.control(PLANE, "scene").get_attribute("inert") is not None
    assert visitor.control(PLANE, "gamma").get_attribute("inert") is None
    card(visitor).locator("li.unmet").wait_for()
    assert card(visitor).locator("li.met").count() == 1  # pure, and no longer spread
    for _ in range(2):
        press(visitor, "A hint")
    press(visitor, "Show a solution")
    card(visitor).get_by_text("This is one way").wait_for()
    press(visitor, "Start again")
    visitor.sees(REPORT, gamma=6.0, method="cfg")
    visitor.choose(PLANE, "method", "CFG-Zero*")
    card(visitor).get_by_text("Reached, at try 1").wait_for()
    press(visitor, "Close")
    assert visitor.control(PLANE, "scene").get_attribute("inert") is None
    visitor.page.reload()
    visitor.page.get_by_role("button", name="Pure and spread ✓").wait_for()


def test_a_question_hides_its_answer_until_it_is_guessed(visitor):
    visitor.arrive()
    visitor.click("How much is left?")
    pictures = visitor.page.locator(f"#{PLANE} .pictures")
    assert pictures.get_attribute("inert") is not None
    guess = card(visitor).locator("input[type=range]")
    guess.fill("0.3")
    press(visitor, "See")
    card(visitor).get_by_text("You said 0.3. Spread of the dots: 0.1031. Off by 0.1969.").wait_for()
    assert pictures.get_attribute("inert") is None


def test_a_link_for_a_class_opens_as_it_was_set(visitor):
    visitor.arrive(f"?experiment={PLANE}&gamma=2.5")
    visitor.sees(REPORT, gamma=2.5)
    visitor.click("A link")
    card(visitor).get_by_text("Lock or hide controls").click()
    card(visitor).get_by_label("Scene", exact=True).select_option("locked")
    card(visitor).get_by_label("Method", exact=True).select_option("hidden")
    card(visitor).get_by_text("large type for a projector").click()
    link = card(visitor).locator("textarea").input_value()
    asked = parse_qs(urlsplit(link).query)
    assert asked["gamma"] == ["2.5"] and asked["lock"] == ["scene"] and asked["hide"] == ["method"] and asked["big"] == ["1"]
    visitor.page.goto(link)
    visitor.sees(REPORT, gamma=2.5)
    assert visitor.control(PLANE, "scene").get_attribute("inert") is not None
    assert not visitor.control(PLANE, "method").is_visible() and visitor.control(PLANE, "gamma").is_visible()
    assert visitor.page.evaluate("document.documentElement.classList.contains('big')")
    visitor.press("End", PLANE, "gamma")
    visitor.sees(REPORT, gamma=10.0)


def test_a_link_opens_at_a_challenge(visitor):
    visitor.arrive(f"?experiment={PLANE}&lesson=challenges.line")
    visitor.sees(REPORT, scene="pair", gamma=3.0)
    assert "Keep the promise on a line" in card(visitor).inner_text()


def test_what_a_link_says_of_lessons_that_are_not_there_is_passed_over(visitor):
    visitor.arrive(f"?experiment={PLANE}&lesson=challenges.none&lock=nothing&hide=%22%3E&big=yes&gamma=3")
    visitor.sees(REPORT, gamma=3.0)
    assert visitor.page.locator(".lessons .card").locator("visible=true").count() == 0


def test_lessons_are_said_in_chinese(visitor):
    visitor.arrive()
    visitor.page.get_by_text("中文", exact=True).click()
    visitor.page.get_by_role("button", name="又纯又散").locator("visible=true").click()
    card(visitor).get_by_text("散布不低于所承诺的 80%").wait_for()


def test_a_class_sees_what_all_have_guessed(visitor, browser):
    address = f"?experiment={PLANE}&lesson=questions.implosion&class=ABCD"
    visitor.arrive(address)
    card(visitor).get_by_text("Room ABCD: 0 guesses").wait_for()
    card(visitor).locator("input[type=range]").fill("0.2")
    press(visitor, "See")
    card(visitor).get_by_text("Room ABCD: 1 guesses, median 0.2").wait_for()
    other = Visitor(browser.new_page(), visitor.address, [])  # a browser of its own: nothing kept
    other.arrive(address)
    card(other).locator("input[type=range]").fill("0.4")
    press(other, "See")
    card(visitor).get_by_text("Room ABCD: 2 guesses, median 0.3").wait_for()
    assert card(visitor).locator(".strip .truth").count() == 1
    other.page.close()

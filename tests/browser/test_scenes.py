"""Links, choices with fields of their own, things that are dragged or drawn, long runs, downloads."""

import json
import time
from urllib.parse import urlencode

import pytest

from tests.draws import every_experiment, scenes

PLANE, DIGITS = "guidance_plane", "guidance_digits"
FEW = 2  # scenes of an experiment whose links are followed
every = pytest.mark.parametrize("experiment", every_experiment())


@every
@pytest.mark.timeout(900)
def test_a_link_goes_round(visitor, experiment):
    """Values off their defaults in the address; what the page then shows gives the same link.

    A few scenes of every experiment, the first and the last among them: a page takes some seconds to open. That every value
    goes into a link and out of it is held without a browser in tests/test_parameters.py.
    """
    place, every_scene = f"#{experiment.name}", list(scenes(experiment.params))
    few = sorted({round(i * (len(every_scene) - 1) / (FEW - 1)) for i in range(FEW)})
    for p in (every_scene[i] for i in few):
        query = "?" + urlencode({"experiment": experiment.name} | p.to_query())
        visitor.arrive(query, f"{place} .report")
        visitor.sees(f"{place} .report", **p.values())
        visitor.page.locator(f"{place} .handouts .link").click()
        area = visitor.page.locator(f"{place} .parcel textarea")
        area.wait_for()
        assert area.input_value() == visitor.address + query


def test_a_wrong_link_is_answered_in_words(visitor):
    visitor.arrive(f"?experiment={PLANE}&gamma=99&score_error=nan&method=apg&sigma_low=1")
    visitor.page.wait_for_selector("#notice .fault")
    said = visitor.page.locator("#notice .fault").all_inner_texts()
    assert any("Strength" in text and "at most 10" in text and "99" in text for text in said)
    assert any("finite number" in text and "nan" in text for text in said)
    assert any("exists only with method = interval" in text for text in said)
    visitor.sees(f"#{PLANE} .report", gamma=4)


def test_a_link_of_unknown_names_is_answered_in_words(visitor):
    for query, said in (
        ("?experiment=nonsense", "The experiment of the link must be one of guidance_plane"),
        (f"?experiment={PLANE}&wrong=1&__theme=dark", "wrong is not a parameter of this experiment"),
        (f"?experiment={PLANE}&seed=-1", "Seed must be at least 0"),
    ):
        visitor.page.goto(visitor.address + query)
        visitor.page.locator("#notice .fault", has_text=said).wait_for()
        assert visitor.page.locator("#notice .fault").count() == 1


def test_a_link_does_not_throw_back_what_was_moved_meanwhile(visitor):
    def late(route):
        time.sleep(0.7)
        route.continue_()

    visitor.page.route("**/gradio_api/**", late)
    visitor.page.goto(visitor.address + f"?experiment={PLANE}&gamma=2&steps=30")
    visitor.press("ArrowRight", PLANE, "gamma")
    visitor.sees(f"#{PLANE} .report", gamma=4.1, steps=30)


def test_an_answer_to_a_part_of_a_link_is_not_the_last(visitor):
    """Controls that a link sets may ask before all of them are set: the first question is spoiled, the page asks again."""
    spoiled = []

    def spoil(route):
        body = json.loads(route.request.post_data)
        *_, scene = body["data"] or [None]
        if not spoiled and isinstance(scene, list) and scene[-1:] == [7]:
            scene[-1] = 0
            spoiled.append(body)
        route.continue_(post_data=json.dumps(body))

    visitor.page.route("**/gradio_api/run/**", spoil)
    visitor.arrive(f"?experiment={PLANE}&gamma=2&seed=7")
    visitor.sees(f"#{PLANE} .report", gamma=2, seed=7)
    assert spoiled


def test_fields_come_and_go_with_their_choice(visitor):
    visitor.arrive()
    low = visitor.control(PLANE, "sigma_low")
    assert not low.is_visible()
    visitor.choose(PLANE, "method", "CFG in an interval of σ")
    visitor.page.locator(f"#{PLANE}-sigma_low:visible").wait_for()
    assert "sigma_low" in visitor.tag(f"#{PLANE} .report")
    visitor.choose(PLANE, "method", "CFG++")
    visitor.page.locator(f"#{PLANE}-sigma_low").wait_for(state="hidden")
    visitor.sees(f"#{PLANE} .report", method="cfg_plus_plus", sampler="ddim")
    assert visitor.control(PLANE, "sampler").locator("input:checked").input_value() == "ddim"


def test_a_centre_can_be_dragged(visitor):
    visitor.arrive(f"?experiment={PLANE}&scene=edited")
    visitor.sees(f"#{PLANE} .report", scene="edited")
    before = visitor.tag(f"#{PLANE} .report")["centres"]
    handle = visitor.page.locator(f"#{PLANE} .handle").first
    handle.wait_for()
    handle.press("ArrowRight")
    visitor.page.wait_for_function(
        "([place, before]) => JSON.stringify(JSON.parse(document.querySelector(place).dataset.tag).centres) !== before",
        arg=[f"#{PLANE} .report", str(before).replace(" ", "")],
    )
    after = visitor.tag(f"#{PLANE} .report")["centres"]
    assert after[0][0] > before[0][0] and after[1:] == before[1:]


def test_sixteen_pictures_are_drawn_judged_and_compared(visitor):
    visitor.arrive(f"?experiment={DIGITS}&seed=5&count=4", f"#{DIGITS} .report")
    visitor.page.locator(f"#{DIGITS} .report").scroll_into_view_if_needed()
    visitor.sees(f"#{DIGITS} .report", seed=5, count=4)
    visitor.page.wait_for_function(
        f"document.querySelector('#{DIGITS} .report').innerText.includes('Read as the digit')", timeout=120_000
    )
    visitor.sees(f"#{DIGITS} .same_seeds canvas", seed=5)


def test_a_picture_shows_the_training_digit_nearest_to_it(visitor):
    visitor.arrive(f"?experiment={DIGITS}", f"#{DIGITS} .report")
    tile = visitor.page.locator(f"#{DIGITS} .tile").first
    tile.click()
    card = visitor.page.locator(f"#{DIGITS} .other").first
    card.wait_for()
    assert card.locator("figure").count() == 2 and tile.get_attribute("aria-expanded") == "true"
    tile.press("Escape")
    card.wait_for(state="hidden")


def test_numbers_and_figures_can_be_saved(visitor):
    visitor.arrive()
    with visitor.page.expect_download() as download:
        visitor.page.locator(f"#{PLANE} .handouts .csv").click()
    assert download.value.path().read_text("utf8").startswith(f"# {PLANE} ")
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with visitor.page.expect_download() as download:
            visitor.page.locator(f"#{PLANE} .stage .tools button", has_text=kind).click()
        assert start in download.value.path().read_bytes()[:200]


def test_a_long_run_shows_how_far_it_is_and_can_be_cancelled(visitor):
    visitor.arrive(f"?experiment={DIGITS}&sampler=ode&steps=40&seed=9", f"#{DIGITS} .report")
    progress = visitor.page.locator(f"#{DIGITS} .report .progress")
    visitor.page.wait_for_function(f"document.querySelector('#{DIGITS} .report progress').value > 0.02")
    progress.get_by_role("button", name="Cancel").click()
    progress.get_by_text("Stopped at").wait_for()
    visitor.page.wait_for_timeout(1000)  # what was on its way arrives
    reached = visitor.metrics(DIGITS)
    visitor.page.wait_for_timeout(1000)
    assert visitor.metrics(DIGITS) == reached and progress.get_by_text("Stopped at").is_visible()
    progress.get_by_role("button", name="Run again").click()
    visitor.page.wait_for_function(f"document.querySelector('#{DIGITS} .report progress').value > 0.02")
    visitor.choose(DIGITS, "sampler", "Fast multistep")  # a moved control begins anew
    progress.wait_for(state="hidden")
    assert "Distance from training" in visitor.metrics(DIGITS)


def test_a_kept_button_changes_what_it_names_alone(visitor):
    visitor.arrive(f"?experiment={PLANE}&scene=ring&gamma=7.5&steps=40")
    visitor.sees(f"#{PLANE} .report", scene="ring", gamma=7.5)
    visitor.click("Put them back")
    visitor.sees(f"#{PLANE} .report", scene="ring", gamma=7.5, steps=40, method="feynman_kac")


def test_the_trap_is_a_switch_beside_the_drawing(visitor):
    visitor.arrive(f"?experiment={DIGITS}", f"#{DIGITS} .report")
    visitor.click("Draw a seven")
    visitor.sees(f"#{DIGITS} .report", method="similarity", sampler="ddim", trap=False)
    drawn = visitor.tag(f"#{DIGITS} .report")["drawing"]
    visitor.control(DIGITS, "trap").locator("label").click()
    visitor.sees(f"#{DIGITS} .report", method="similarity", trap=True, drawing=drawn)


def test_a_finger_draws(visitor):
    visitor.arrive(f"?experiment={DIGITS}&method=similarity&count=1", f"#{DIGITS} .report")
    sketch = visitor.page.locator(f"#{DIGITS} .sketch canvas")
    sketch.scroll_into_view_if_needed()
    before = visitor.tag(f"#{DIGITS} .report")["drawing"]
    visitor.page.locator(f"#{DIGITS} .sketch button[data-key=clear]").click()
    box = visitor.grip(sketch, (60, 40))
    visitor.page.mouse.move(box["x"] + 60, box["y"] + 150, steps=8)
    visitor.page.mouse.up()
    visitor.page.wait_for_function(
        "([place, ...old]) => !old.includes(JSON.parse(document.querySelector(place).dataset.tag).drawing)",
        arg=[f"#{DIGITS} .report", "A" * len(before), before],
    )

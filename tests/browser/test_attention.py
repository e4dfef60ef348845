"""What is special in the attention tab: numbers that are typed, weights that move, a riddle that keeps its answer."""

from urllib.parse import urlencode

NOISE, ENTROPY = "attention_noise", "attention_entropy"
PIXELS = "canvas => canvas.toDataURL()"


def test_the_first_preset_never_settles(visitor):
    visitor.arrive(f"?experiment={NOISE}&tokens=200", f"#{NOISE} .report")
    visitor.sees(f"#{NOISE} .shaking canvas", tokens=200)
    visitor.click("It never settles")
    visitor.sees(f"#{NOISE} .shaking canvas", tokens=200, noise="gumbel", strength=1)
    assert "Error, second order" not in visitor.metrics(NOISE)


def test_every_frame_is_another_draw(visitor):
    visitor.arrive(f"?experiment={NOISE}", f"#{NOISE} .report")
    canvas = visitor.page.locator(f"#{NOISE} .shaking canvas")
    last = canvas.evaluate(PIXELS)
    visitor.page.locator(f"#{NOISE} .shaking .player button[data-name=back]").click()
    visitor.page.wait_for_function(f"document.querySelector('#{NOISE} .shaking canvas').dataset.frame === '18'")
    assert canvas.evaluate(PIXELS) != last


def test_numbers_of_ones_own_are_typed_and_refused_in_words(visitor):
    visitor.arrive(f"?experiment={NOISE}&logits=own", f"#{NOISE} .report")
    field = visitor.control(NOISE, "own_logits").locator("textarea")
    field.fill("3, 2 1\n-1")
    visitor.sees(f"#{NOISE} .report", own_logits=[3, 2, 1, -1])
    field.fill("-inf, -inf")
    fault = visitor.page.locator(f"#{NOISE} .fault")
    fault.wait_for()
    assert "Your logits must be finite numbers from -100 to 100" in fault.inner_text()
    field.fill("7")
    visitor.sees(f"#{NOISE} .report", own_logits=[7])
    visitor.page.locator(f"#{NOISE} .fault").wait_for(state="detached")


def test_a_link_brings_numbers_back(visitor):
    query = {"experiment": NOISE, "logits": "own", "own_logits": "1.5,-2.25,0.125"}
    visitor.arrive("?" + urlencode(query), f"#{NOISE} .report")
    visitor.sees(f"#{NOISE} .report", own_logits=[1.5, -2.25, 0.125])
    assert visitor.control(NOISE, "own_logits").locator("textarea").input_value() == "1.5, -2.25, 0.125"
    visitor.page.locator(f"#{NOISE} .handouts .link").click()
    area = visitor.page.locator(f"#{NOISE} .parcel textarea")
    area.wait_for()
    assert "own_logits=1.5%2C-2.25%2C0.125" in area.input_value()


def test_the_answer_comes_after_the_guess(visitor):
    visitor.arrive(f"?experiment={ENTROPY}", f"#{ENTROPY} .report")
    visitor.press("ArrowLeft", ENTROPY, "guess")
    visitor.sees(f"#{ENTROPY} .cosine .plot", guess=0.49, reveal=False)
    assert "least of all" not in visitor.page.locator(f"#{ENTROPY} .cosine .plot").inner_text()
    assert "floor" not in visitor.metrics(ENTROPY)
    visitor.control(ENTROPY, "reveal").locator("label").click()
    visitor.sees(f"#{ENTROPY} .cosine .plot", guess=0.49, reveal=True)
    visitor.sees(f"#{ENTROPY} .report", guess=0.49, reveal=True)
    assert "least of all" in visitor.page.locator(f"#{ENTROPY} .cosine .plot").inner_text()
    assert "floor" in visitor.metrics(ENTROPY)

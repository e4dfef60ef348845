"""What is special in the LoRA tab: bars that fill, divergence that is shown, a rank that does not fit."""

import pytest

MATRIX, PROJECTION, DIFFUSION, DIGITS = "lora_matrix", "lora_projection", "lora_diffusion", "lora_digits"
PROGRESS = f"#{DIFFUSION} .report progress"
BETWEEN = """([place, least, most]) => {
  const bar = document.querySelector(place);
  return least < bar.value && bar.value < most;
}"""
FILLED = """(place) => {
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const heights = ({ y }) => Array.from(y.bdata ? new Float32Array(bytes(y.bdata)) : y);
  const [goal, now] = document.querySelector(place).data.map(heights);
  return now.filter((value, i) => value > 0.9 * goal[i]).length;
}"""


def arrive(visitor, experiment: str, query: str = "") -> None:
    visitor.arrive(f"?experiment={experiment}{query}", f"#{experiment} .report")


@pytest.mark.parametrize("rank", [1, 2, 4])
def test_a_step_of_the_rank_fills_as_many_bars(visitor, rank):
    arrive(visitor, MATRIX)
    button = visitor.page.locator(f"#{MATRIX} .scenes").get_by_role("button", name=f"Rank {rank}", exact=True)
    button.click()
    visitor.sees(f"#{MATRIX} .report", rank=rank)
    visitor.sees(f"#{MATRIX} .update .plot", rank=rank)
    assert visitor.page.evaluate(FILLED, f"#{MATRIX} .update .plot") == rank
    assert "Still missing" in visitor.metrics(MATRIX)


def test_the_bars_play_back_to_nothing(visitor):
    arrive(visitor, MATRIX)
    visitor.sees(f"#{MATRIX} .update .plot", rank=4)
    visitor.page.locator(f"#{MATRIX} .update .player input[type=range]").press("Home")
    visitor.page.wait_for_selector(f"#{MATRIX} .update .plot[data-frame='0']")
    assert visitor.page.evaluate(FILLED, f"#{MATRIX} .update .plot") == 0


def test_divergence_is_shown_as_divergence(visitor):
    arrive(visitor, MATRIX)
    visitor.click("Too fast")
    visitor.sees(f"#{MATRIX} .report", optimiser="sgd", log_learning_rate=0.5)
    visitor.page.wait_for_function(
        f"[...document.querySelectorAll('#{MATRIX} .report tr')].some((row) => "
        "row.cells[0].innerText.startsWith('Diverged') && row.cells[1].innerText === '1')"
    )
    visitor.sees(f"#{MATRIX} .landing .plot", log_learning_rate=0.5)
    symbols = visitor.page.evaluate(f"document.querySelector('#{MATRIX} .landing .plot').data[1].marker.symbol")
    assert symbols.count("x") > 5


def test_a_rank_above_the_dimension_is_answered_in_words(visitor):
    arrive(visitor, MATRIX, "&rank=12&inputs=8")
    said = visitor.page.locator("#notice .fault")
    said.wait_for()
    assert "Rank r must be at most inputs = 8; it was 12" in said.inner_text()


def test_a_method_without_a_known_floor_has_no_row_for_it(visitor):
    arrive(visitor, MATRIX, "&method=dora")
    visitor.sees(f"#{MATRIX} .report", method="dora")
    assert "Lowest it can ever reach" not in visitor.metrics(MATRIX)


def test_a_real_gradient_brings_its_layer(visitor):
    arrive(visitor, PROJECTION)
    visitor.click("A real gradient")
    visitor.sees(f"#{PROJECTION} .report", gradient="real", layer="recogniser")
    assert not visitor.control(PROJECTION, "decay").is_visible() and visitor.control(PROJECTION, "layer").is_visible()


def test_a_training_is_cancelled_and_run_again(visitor):
    arrive(visitor, DIFFUSION, "&style=drawn&training=300")
    progress = visitor.page.locator(f"#{DIFFUSION} .report .progress")
    visitor.page.wait_for_function(BETWEEN, arg=[PROGRESS, 0.1, 0.6])
    progress.get_by_role("button", name="Cancel").click()
    progress.get_by_text("Stopped at").wait_for()
    progress.get_by_role("button", name="Run again").click()
    visitor.page.wait_for_function(BETWEEN, arg=[PROGRESS, 0, 0.1])  # it begins anew
    visitor.page.wait_for_function(BETWEEN, arg=[PROGRESS, 0.1, 0.6])
    assert progress.get_by_role("button", name="Cancel").is_visible()


def test_a_letter_drawn_by_hand_is_learnt(visitor):
    arrive(visitor, DIGITS, "&world=alphabet&steps=20")
    sketch = visitor.page.locator(f"#{DIGITS} .sketch").first
    before = visitor.tag(f"#{DIGITS} .report")["letter_1"]
    sketch.scroll_into_view_if_needed()
    sketch.locator("button[data-key=clear]").click()
    box = visitor.grip(sketch.locator("canvas"), (40, 40))
    for x, y in ((120, 40), (120, 130), (40, 130)):
        visitor.page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    visitor.page.mouse.up()
    visitor.page.wait_for_function(
        "([place, old]) => JSON.parse(document.querySelector(place).dataset.tag).letter_1 !== old",
        arg=[f"#{DIGITS} .report", before],
    )
    visitor.page.locator(f"#{DIGITS} .report .progress").wait_for(state="hidden")
    assert "New world" in visitor.metrics(DIGITS)

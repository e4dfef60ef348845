"""The order of pairs: a disc is dragged past others by mouse and by keyboard, and the loss turns with it."""

LOSS = "cosent_loss"
SHOWN = f"#{LOSS} .report"


def number(visitor, words: str) -> float:
    """A metric of the page, by its caption."""
    cell = visitor.page.locator(f"{SHOWN} tr", has_text=words).first.locator("td.value")
    return float(cell.inner_text().replace("−", "-"))


def test_a_disc_dragged_past_all_others_leaves_no_arrow_of_its_own(visitor):
    visitor.arrive(f"?experiment={LOSS}", SHOWN)
    before = number(visitor, "Out of order")
    stage = visitor.page.locator(f"#{LOSS} .between canvas").first.bounding_box()
    box = visitor.page.locator(f"#{LOSS} .between .handle").nth(4).bounding_box()
    visitor.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visitor.page.mouse.down()
    visitor.page.mouse.move(stage["x"] + stage["width"] * 0.85, box["y"] + box["height"] / 2, steps=8)
    visitor.page.mouse.up()
    visitor.page.wait_for_function(
        "(place) => JSON.parse(document.querySelector(place).dataset.tag).pairs[4][0] > 3", arg=SHOWN
    )
    assert visitor.tag(SHOWN)["pairs"][4][1] == 3
    assert number(visitor, "Out of order") < before


def test_by_keyboard_and_the_labels_that_nothing_notices(visitor):
    visitor.arrive(f"?experiment={LOSS}", SHOWN)
    loss = number(visitor, "CoSENT")
    visitor.choose(LOSS, "relabel", "1, 2, 3 → 1, 7, 10")
    visitor.sees(SHOWN, relabel="stretched")
    assert number(visitor, "CoSENT") == loss
    handle = visitor.page.locator(f"#{LOSS} .between .handle").nth(0)
    handle.focus()
    before = visitor.tag(SHOWN)["pairs"][0]
    handle.press("Shift+ArrowLeft")
    visitor.page.wait_for_function(
        "([place, x]) => JSON.parse(document.querySelector(place).dataset.tag).pairs[0][0] < x - 0.5", arg=[SHOWN, before[0]]
    )


def test_equal_labels_are_a_sentence(visitor):
    visitor.arrive(f"?experiment={LOSS}", SHOWN)
    boxes = visitor.page.locator(f"#{LOSS}-pairs input")
    for label in (5, 7, 9, 11):  # score and label of every pair, one after another
        boxes.nth(label).fill("1")
        boxes.nth(label).blur()
    visitor.page.locator(f"{SHOWN} .fault", has_text="at least 2 different labels").wait_for()
    boxes.nth(11).fill("2")
    boxes.nth(11).blur()
    visitor.page.wait_for_function("(place) => !document.querySelector(`${place} .fault`)", arg=SHOWN)

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
    box = visitor.grip(visitor.page.locator(f"#{LOSS} .between .handle").nth(4))
    stage = visitor.page.locator(f"#{LOSS} .between canvas").first.bounding_box()
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


TRAIN = "cosent_train"
TRAINED = f"#{TRAIN} .report"


def paste(visitor, text: str) -> None:
    """Into the box for pairs of one's own."""
    box = visitor.page.locator(f"#{TRAIN}-own_pairs textarea")
    box.fill(text)
    box.blur()


def test_the_answer_is_there_at_once_and_follows_the_choice(visitor):
    visitor.arrive(f"?experiment={TRAIN}", TRAINED)
    table = visitor.page.locator(f"#{TRAIN} .answer tbody tr")
    assert table.count() == 2 and "no difference shown" in table.first.inner_text()
    assert visitor.page.locator(f"#{TRAIN} .readings tbody tr").count() == 12
    visitor.open_advanced(TRAIN)
    visitor.page.locator(f"#{TRAIN}-steps input[type=number]").fill("20")
    visitor.page.locator(f"#{TRAIN}-steps input[type=number]").blur()
    visitor.choose(TRAIN, "model", "feature")
    visitor.sees(TRAINED, model="feature", steps=20)
    visitor.page.locator(f"{TRAINED} tr", has_text="AUC").wait_for()
    assert "AnglE" in visitor.page.locator(f"#{TRAIN} .scores table").inner_text()


def test_own_pairs_are_refused_in_words_and_the_example_is_learnt(visitor):
    visitor.arrive(f"?experiment={TRAIN}&task=own&steps=20&seeds=2", TRAINED)
    visitor.page.locator(f"{TRAINED} tr", has_text="AUC").wait_for()
    for text, said in (
        ("a cat,a dog,3", "must have 12–500 pairs of texts; it had 1"),
        ("\n".join(f"a{i},b{i},2" for i in range(12)), "at least 2 different scores"),
        ("\n".join(f"a{i},b{i},{i if i else 'high'}" for i in range(12)), "line 1, score: must be a finite number"),
        ("\n".join(f"a{i},{'b' if i else ''},{i}" for i in range(12)), "the text is empty"),
    ):
        paste(visitor, text)
        visitor.page.locator(f"{TRAINED} .fault", has_text=said).wait_for()
    paste(visitor, "")
    visitor.page.wait_for_function("(place) => !document.querySelector(`${place} .fault`)", arg=TRAINED)

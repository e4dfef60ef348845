"""A matrix of one's own: pasted, uploaded, refused in words; its report goes home."""

import io

import numpy as np

MATRIX = "attention_matrix"
REPORTED = f"#{MATRIX} .report"


def npy(array: np.ndarray) -> bytes:
    kept = io.BytesIO()
    np.save(kept, array)
    return kept.getvalue()


def paste(visitor, text: str) -> None:
    area = visitor.page.locator(f"#{MATRIX}-cells textarea")
    area.fill(text)
    area.blur()


def bring(visitor, content: bytes, name: str) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    visitor.page.locator(f"#{MATRIX}-array input[type=file]").set_input_files(file)


def says(visitor, words: str) -> None:
    visitor.page.locator(f"{REPORTED} .fault", has_text=words).wait_for()


def test_pasted_weights_are_told_from_logits_and_the_table_goes_home(visitor):
    visitor.arrive(f"?experiment={MATRIX}&source=pasted", REPORTED)
    paste(visitor, "a,b,c\n.5,.25,.25\n0,0,1\n")
    visitor.sees(REPORTED, source="pasted", cells="a,b,c\n.5,.25,.25\n0,0,1\n")
    rows = visitor.page.locator(f"#{MATRIX} .by_row tbody tr")
    rows.nth(1).wait_for()
    assert rows.count() == 2
    assert rows.nth(0).locator("td").nth(2).inner_text() == "1.04"  # nats: 1.5 log 2
    with visitor.page.expect_download() as saved:
        visitor.page.locator(f"#{MATRIX} button.csv").click()
    head = next(line for line in saved.value.path().read_text().splitlines() if line.startswith("metric"))
    assert {"support", "error_exact"} <= set(head.split(","))


def test_bad_matrices_are_refused_in_words_and_the_page_goes_on(visitor):
    visitor.arrive(f"?experiment={MATRIX}&source=pasted", REPORTED)
    paste(visitor, "1,2\n3")
    says(visitor, "row 2: must have 2 numbers")
    paste(visitor, "1,nan\n3,4")
    says(visitor, "row 1, column 2: must be a number")
    visitor.choose(MATRIX, "source", "an NPY file")
    bring(visitor, b"PK\x03\x04 an archive", "matrix.npy")
    says(visitor, "is a pickle or an archive")
    bring(visitor, npy(np.zeros((2, 3, 3))), "heads.npy")
    visitor.page.locator(f"#{MATRIX}-array .shown", has_text="heads.npy").wait_for()
    visitor.page.locator(f"#{MATRIX} .by_row td", has_text="1.099").first.wait_for()  # log 3
    assert visitor.page.locator(f"{REPORTED} .fault").count() == 0

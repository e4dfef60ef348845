"""The digits: the same rows for ever, and none in two splits."""

import numpy as np
import pytest

from core.digits.data import PER_CLASS, split
from core.digits.nearest import nearest, usual_distance

FINGERPRINTS = {
    "train": "a7249bc3b716f627a3d308146631c0709365ef1a39bc483a5365f72f5ea1a159",
    "validation": "5d0b8a46ba89064efb20f47aa21377b9c9cca8c70ac2450f31ec9d9a5e96f50d",
    "test": "91bf01db239018b5cb3c53b226b860effb5c5626320e70dad21dd295d136a3fa",
}


@pytest.mark.parametrize("name", PER_CLASS)
def test_splits_hold_the_same_rows_for_ever(name):
    digits = split(name)
    assert digits.fingerprint == FINGERPRINTS[name]
    assert np.bincount(digits.labels).tolist() == [PER_CLASS[name]] * 10
    assert (
        digits.pictures.shape == (10 * PER_CLASS[name], 28, 28) and digits.pictures.min() == -1 and digits.pictures.max() == 1
    )
    assert not digits.pictures.flags.writeable


def test_no_picture_is_in_two_splits():
    seen = [picture.tobytes() for name in PER_CLASS for picture in split(name).pictures]
    assert len(set(seen)) == 5000


def test_a_training_digit_is_its_own_nearest_and_a_new_one_is_not():
    train = split("train")
    found = nearest(train.pictures[17:19])
    assert not found.distances.any() and np.array_equal(found.labels, train.labels[17:19])
    assert np.array_equal(found.rows, train.rows[17:19]) and np.array_equal(found.pictures, train.pictures[17:19])
    new = nearest(split("test").pictures[:1])
    brute = np.linalg.norm((train.pictures - split("test").pictures[0]).reshape(3000, -1), axis=1)
    assert new.distances[0] == pytest.approx(brute.min(), rel=1e-4) and 4 < usual_distance() < 12

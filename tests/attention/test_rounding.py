"""Rounding is that of the machine, bit by bit, and on average over logits it is uniform noise of half a step."""

import numpy as np
import pytest
import torch

from core.attention.laws import Format, Rounding
from core.attention.logits import softmax
from core.attention.rounding import rounded, rounding_errors, rounding_variation, steps
from core.attention.second_order import second_order

TYPES = {Format.BF16: torch.bfloat16, Format.FP16: torch.float16, Format.FP8: torch.float8_e4m3fn}


@pytest.mark.parametrize("number_format", TYPES, ids=lambda each: each.value)
def test_floats_are_rounded_as_torch_rounds(number_format):
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(-230, 230, 5000), rng.standard_normal(5000), 1e-3 * rng.standard_normal(2000), [0.0, 1.0]])
    halfway = np.arange(256) + 0.5  # ties go to even
    x = np.concatenate([x, halfway]).astype(np.float32)
    wanted = torch.from_numpy(x).to(TYPES[number_format]).double().numpy()
    np.testing.assert_array_equal(rounded(x.astype(float), number_format), wanted)


def test_int8_is_rounded_as_torch_quantises():
    x = np.random.default_rng(1).standard_normal((4, 50))
    for row, got in zip(x, rounded(x, Format.INT8), strict=True):
        scale = np.abs(row).max() / 127
        wanted = torch.fake_quantize_per_tensor_affine(torch.from_numpy(row).double(), float(scale), 0, -127, 127)
        np.testing.assert_allclose(got, wanted, atol=1e-6 * scale)
        assert len(np.unique(np.rint(got / scale))) <= 255


def test_all_zero_and_one_logit_survive():
    assert rounded(np.zeros((1, 3)), Format.INT8).tolist() == [[0, 0, 0]]
    assert (rounding_variation(Rounding(number_format=Format.INT8), np.zeros(3)) == 0).all()


def test_the_first_draw_is_rounding_as_it_is_and_errors_fill_half_a_step():
    s, law = np.random.default_rng(2).standard_normal(300), Rounding(number_format=Format.BF16, offset=20.0)
    found = rounding_errors(law, s, np.random.default_rng(0), 400)
    np.testing.assert_array_equal(found[0], rounded(s + 20, Format.BF16) - (s + 20))
    half = steps(s + 20, Format.BF16) / 2
    assert (np.abs(found) <= 2 * half + 1e-12).all()  # a shift may reach the next power of two
    # variance of a uniform law of this half width, 120 000 dependent numbers: 10 %
    assert (found / half).var() == pytest.approx(1 / 3, rel=0.1)


@pytest.mark.parametrize("number_format", [Format.BF16, Format.FP8, Format.INT8], ids=lambda each: each.value)
def test_theory_holds_on_average_over_logits(number_format):
    """Mean ratio of measured to predicted mean square over 150 rows of logits within 3 of its standard errors; fp8 has steps
    of half a logit, where second order is 5 % off."""
    law, ratios = Rounding(number_format=number_format, offset=0.0 if number_format is Format.INT8 else 8.0), []
    for seed in range(150):
        rng = np.random.default_rng(seed)
        s, v = rng.standard_normal(400), rng.standard_normal((400, 2))
        p = softmax(s)
        noisy = softmax(s + rounding_errors(law, s, rng, 60))
        u = v - p @ v
        ratios.append(((noisy @ u) ** 2).sum(1).mean() / second_order(rounding_variation(law, s), p, u).variance)
    band = 3 * np.std(ratios, ddof=1) / 150**0.5
    assert np.mean(ratios) == pytest.approx(1, abs=band + (0.05 if number_format is Format.FP8 else 0.01))
    assert band < 0.25

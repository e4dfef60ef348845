"""A matrix that somebody brings: read as it is, refused in words, and every row's theory held against what is measured."""

import base64
import io
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from core.attention.exact import exact, exact_weights
from core.attention.laws import Drop, DropRenormalised, Gaussian, Gumbel, Laplace, Rounding, StudentT, Uniform
from core.attention.logits import softmax
from core.attention.matrix import MatrixParams, compute, examples, reading
from core.attention.matrix.meaning import Meaning, logits
from core.attention.matrix.reading import LARGEST, MOST_ENTRIES, MatrixError
from core.attention.matrix.row import gaussian_entropy, leading_error, row
from core.attention.matrix.strength import POINTS, strengths
from core.attention.spread import held
from core.faults import ParameterError

LAWS = (Gaussian(strength=0.7), Uniform(strength=1.5), Laplace(strength=0.3), DropRenormalised(share=0.2), Drop(share=0.2))


def letters(array, **more) -> str:
    kept = io.BytesIO()
    np.save(kept, array, **more)
    return base64.b64encode(kept.getvalue()).decode()


def finished(**values):
    *_, (_, result) = compute(MatrixParams(**values))
    return result


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", " \t "])
def test_text_is_read(separator):
    text = "\n".join(separator.join(f"{value}" for value in line) for line in ((1, -2.5), (3e-2, 4)))
    assert np.array_equal(reading.text(text)[0], [[1, -2.5], [0.03, 4]])


def test_names_comments_and_masks_are_understood():
    found = reading.text('\ufeff# a head\r\n"",a,b\r\na,1,-inf\r\nb,,−2\r\n\r\n')[0]
    assert np.array_equal(found, [[1, -np.inf], [-np.inf, -2]])
    assert np.array_equal(reading.text("q,k,v\n1,2,3")[0], [[1, 2, 3]])
    assert np.array_equal(reading.text("0,-1e9\n-3e38,1")[0], [[0, -np.inf], [-np.inf, 1]])


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 2**16), st.sampled_from("fdei"))
def test_files_are_read_as_numpy_reads_them(rows, columns, seed, kind):
    array = (100 * np.random.default_rng(seed).standard_normal((2, rows, columns))).astype(kind)
    for given_array in (array, np.asfortranarray(array), array[0]):
        found = reading.file(letters(given_array))
        assert np.array_equal(found, given_array.reshape(-1, rows, columns))


def claimed(shape) -> str:
    """A header that promises more than there is."""
    kept = io.BytesIO()
    np.lib.format.write_array_header_1_0(kept, {"shape": shape, "fortran_order": False, "descr": "<f8"})
    return base64.b64encode(kept.getvalue() + bytes(8)).decode()


@pytest.mark.parametrize(
    ("text", "rule", "row", "column"),
    [
        ("1,2\n3", "matrix_ragged", 2, ""),
        ("1,2\n3,x", "matrix_number", 2, "2"),
        ("1,nan\n3,4", "matrix_number", 1, "2"),
        ("1,2\ninf,4", "matrix_finite", 2, "1"),
        (f"1,2\n3,{2 * LARGEST}", "matrix_finite", 2, "2"),
        ("1,2\n-inf,", "matrix_masked", 2, ""),
        ("# nothing", "matrix_empty", 0, ""),
        ("a,b", "matrix_empty", 0, ""),
        ("\x00\x01", "csv_binary", 0, ""),
        ("\n".join(["0"] * 1025), "matrix_rows", 0, ""),
        ("\n".join([",".join("0" * 600)] * 500), "matrix_entries", 0, ""),
    ],
)
def test_texts_are_refused(text, rule, row, column):
    with pytest.raises(MatrixError) as refused:
        reading.text(text)
    assert (refused.value.rule, refused.value.row, refused.value.column) == (rule, row, column)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("%%%", "matrix_letters"),
        (base64.b64encode(b"GIF89a").decode(), "matrix_npy"),
        (base64.b64encode(pickle.dumps(np.eye(2))).decode(), "matrix_pickle"),
        (base64.b64encode(b"PK\x03\x04").decode(), "matrix_pickle"),
        (letters(np.array([[{}]], object), allow_pickle=True), "matrix_kind"),
        (letters(np.eye(2) * 1j), "matrix_kind"),
        (letters(np.ones(4)), "matrix_axes"),
        (letters(np.ones((0, 4))), "matrix_empty"),
        (letters(np.ones((65, 2, 2))), "matrix_many"),
        (letters(np.array([[0, np.nan]])), "matrix_finite"),
        (letters(np.eye(3))[:-8], "matrix_damaged"),
        (letters(np.eye(3))[:40], "matrix_damaged"),
        (claimed((3200, 3200)), "matrix_entries"),  # ten million
        (claimed((10**9, 10**9)), "matrix_entries"),
        (claimed((64, 64)), "matrix_damaged"),
    ],
)
def test_files_are_refused(text, rule):
    with pytest.raises(MatrixError) as refused:
        reading.file(text)
    assert refused.value.rule == rule


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 127), st.integers(0, 255))
def test_damage_is_a_sentence(noise, place, byte):
    """Whatever bytes come, a matrix or a MatrixError."""
    whole = bytearray(base64.b64decode(examples.LETTERS))
    whole[place] = byte
    for content in (bytes(whole), whole[:place] + noise):
        try:
            assert np.isfinite(reading.file(base64.b64encode(content).decode())).any()
        except MatrixError as error:
            assert error.rule.startswith("matrix_")


def test_refused_through_the_parameters_with_its_place():
    for values, name in (
        ({"source": "pasted", "cells": "1,2\n3,-4", "meaning": "weights"}, "cells"),
        ({"source": "upload", "array": letters(np.full((2, 2), 0.7)), "meaning": "weights"}, "array"),
    ):
        with pytest.raises(ParameterError) as refused:
            MatrixParams(**values)
        assert refused.value.faults[0].parameter == name


def test_meaning_is_told_by_the_sums():
    weights = softmax(np.random.default_rng(0).standard_normal((1, 5, 7)))
    found, were_weights = logits(weights, Meaning.AUTO)
    assert were_weights and softmax(found) == pytest.approx(weights, rel=1e-14)
    assert not logits(weights - 0.1, Meaning.AUTO)[1]
    assert not logits(weights, Meaning.LOGITS)[1]
    assert logits(weights.round(3), Meaning.AUTO)[1]
    masked = logits(np.array([[[1.0, 0.0], [0.5, 0.5]]]), Meaning.AUTO)[0]
    assert np.isneginf(masked[0, 0, 1])


@pytest.mark.parametrize("law", LAWS[:4], ids=lambda law: law.kind)
def test_exact_is_the_sum_over_unit_vectors(law):
    """The plane's exact theory takes two coordinates of the values at a time; n unit vectors need n / 2 of them."""
    p = softmax(np.random.default_rng(1).standard_normal(8))
    unit = np.eye(8) - p
    pairs = [exact(law, p, unit[:, [k, k + 1]]).mean_square for k in range(0, 8, 2)]
    assert exact_weights(law, p) == pytest.approx(sum(pairs), rel=2e-6)  # quintic steps of 1/8 of e^2x: 1.2e-6 at most


def test_exact_of_two_tokens_is_an_integral_over_one_number():
    """p~ = sigmoid(d + sqrt 2 sigma z): Gauss-Hermite."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    shaken = 1 / (1 + np.exp(-(0.6 + np.sqrt(2) * 0.7 * nodes)))
    p = softmax(np.array([0.6, 0.0]))
    expected = 2 * float(weights @ (shaken - p[0]) ** 2) / weights.sum()
    assert exact_weights(Gaussian(strength=0.7), p) == pytest.approx(expected, rel=1e-7)
    assert exact_weights(StudentT(), p) is None


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_second_order_is_the_limit_of_many_tokens(law):
    """The relative error of the delta method falls like 1 / n."""
    off = []
    for n in (200, 1600):
        s = np.random.default_rng(n).standard_normal(n)
        p = softmax(s)
        square = exact_weights(law, p) if not isinstance(law, Drop) else leading_error(s, p, law) ** 2
        off.append(abs(leading_error(s, p, law) ** 2 / square - 1))
    assert off[1] < off[0] / 4 + 1e-9


@pytest.mark.parametrize("law", [*LAWS, Gumbel(strength=0.4)], ids=lambda law: law.kind)
def test_theory_and_measurement_agree_row_by_row(law):
    """64 rows of their own draws: the deviations, in standard errors, have a mean square of 1 within 4 sqrt(2 / 64)."""
    rng = np.random.default_rng(3)
    rows = [row(rng.standard_normal(24), law, rng) for _ in range(64)]
    scores = np.array([(each.error - each.error_exact) / each.error_stderr for each in rows])
    assert abs(scores.mean()) < 4 / 8
    assert np.mean(scores**2) < 1 + 4 * np.sqrt(2 / 64)


def test_rounding_is_within_a_few_percent_on_average():
    rng = np.random.default_rng(4)
    rows = [row(rng.standard_normal(64), Rounding(), rng) for _ in range(64)]
    ratio = np.array([each.error_leading / each.error for each in rows])
    assert abs(np.log(np.median(ratio))) < np.log(1.1) and rows[0].error_exact is None


@settings(max_examples=40)
@given(st.integers(1, 60), st.floats(0, 6), st.integers(0, 999))
def test_a_row_holds_what_scipy_says(n, spread, seed):
    s = spread * np.random.default_rng(seed).standard_normal(n)
    found, p = row(s, Gaussian(strength=0.0), np.random.default_rng(0)), softmax(s)
    assert found.entropy == pytest.approx(entropy(p), abs=1e-12)
    assert found.gradient == pytest.approx(np.linalg.norm(np.diag(p) - np.outer(p, p)), abs=1e-7)  # a difference of squares
    assert 1 - 1e-9 <= found.support <= n + 1e-9 and found.error == 0.0
    assert found.error_exact == pytest.approx(0, abs=1e-7)  # a root: 1e-14 in the squares
    assert found.largest == p.max() and found.largest_at == p.argmax()


@pytest.mark.parametrize(("spread", "n"), [(0.0, 1), (0.33, 7), (1.02, 64), (3.99, 1000)])
def test_the_table_of_the_theory_is_fine_enough(spread, n):
    assert gaussian_entropy(spread, n) == pytest.approx(held("gaussian", spread, n).entropy, abs=1e-3)


def test_hidden_keys_change_nothing():
    s = np.random.default_rng(5).standard_normal(9)
    wide = np.full(20, -np.inf)
    wide[4:13] = s
    seen, alone = (row(each, Gaussian(), np.random.default_rng(1)) for each in (wide, s))
    assert (seen.entropy, seen.error, seen.tokens) == (
        alone.entropy,
        alone.error,
        9,
    ) and seen.largest_at == alone.largest_at + 4


def test_gaussian_rows_hold_on_average_what_theory_says():
    """256 full rows of 256 logits: the mean of entropy less theory is 0 within 4 standard errors and the table's 1e-3."""
    found = finished(tokens=256, causal=False)
    gap = found.entropy - found.entropy_theory
    spread_bias = 1 / 256  # of the sample's deviation, whose square is short by 1 / n; the entropy moves by half of that
    assert abs(gap.mean()) < 4 * gap.std() / 16 + 1e-3 + spread_bias


def test_scale_multiplies_and_the_row_is_first():
    parts = list(compute(MatrixParams(scale=2.0, tokens=40, row=5)))
    assert [len(each.number) for _, each in parts] == [1, 16, 40] and parts[0][1].number[0] == 5
    assert parts[0][1].metrics()["entropy"] == parts[-1][1].metrics()["entropy"]
    doubled = finished(spread=2.0, tokens=40, row=5)
    assert parts[-1][1].entropy == pytest.approx(doubled.entropy, rel=1e-12)
    at = np.argmin(np.abs(doubled.scales - 1.0))
    assert doubled.entropy_by_scale[at] == pytest.approx(doubled.entropy[doubled.chosen], abs=1e-12)


def test_heads_of_a_file():
    first, second = (finished(source="upload", head=head) for head in (1, 2))
    assert second.entropy.mean() < first.entropy.mean()
    assert np.array_equal(finished(source="upload", head=64).entropy, second.entropy)


def test_strengths_agree_where_they_are_known():
    for noise in ("gaussian", "laplace", "drop", "rounding", "student_t"):
        (_, found), *_ = strengths(MatrixParams(noise=noise))
        assert len(found.error) == POINTS and np.all(np.isfinite(found.error))
        known = found.error_exact
        score = (found.error[: len(known)] - known) / found.error_stderr[: len(known)]
        assert np.all(np.abs(score) < 5), noise  # of twelve
        if noise == "laplace":
            assert 0 < len(found.error_leading) < POINTS  # Var e^eps is infinite from b = 1 / 2 on
        if noise in ("rounding", "student_t"):
            assert not len(known)


def test_a_large_matrix_is_taken():
    array = np.zeros((512, MOST_ENTRIES // 512), np.float16)
    result = next(compute(MatrixParams(source="upload", array=letters(array))))[1]
    assert result.entropy[0] == pytest.approx(np.log(512))

"""The experiments attention_noise and attention_entropy as wholes."""

import numpy as np
import pytest

from core.attention.decay import SIZES, decay
from core.attention.entropy import Params as EntropyParams
from core.attention.entropy import compute as information
from core.attention.noise import FRAMES, Params, compute
from core.attention.scaling import PUBLISHED, scaling
from core.faults import ParameterError

NAMED = {"relative_error", "theory_error", "monte_carlo_error", "monte_carlo_stderr", "bias", "effective_support"}


def last(parts):
    *_, (done, result) = parts
    assert done == 1.0
    return result


def test_the_story_at_the_defaults():
    """Gaussian noise on every logit moves the output by a few % of a value; Gumbel noise by a third, however many tokens."""
    calm, wild = compute(Params()).metrics(), compute(Params(noise="gumbel", strength=1.0)).metrics()
    assert calm.keys() >= NAMED and calm["relative_error"] < 0.08
    assert wild["relative_error"] > 0.25
    assert "second_order_error" not in wild and wild["theory_error"] > 0


def test_frames_are_the_first_draws():
    r = compute(Params(tokens=40))
    assert r.shaken.shape == (FRAMES, 40) and r.shaken.sum(1) == pytest.approx(np.ones(FRAMES), abs=1e-5)
    np.testing.assert_allclose(r.shaken @ r.values[r.shown], r.outputs[:FRAMES], atol=1e-4)


@pytest.mark.parametrize("noise", ["gaussian", "gumbel", "student_t", "rounding", "drop_renormalised", "laplace"])
def test_one_token_never_moves(noise):
    m = compute(Params(tokens=1, noise=noise)).metrics()
    assert m["relative_error"] == m["bias"] == 0 and m["effective_support"] == 1


def test_own_numbers_are_read_as_they_are_typed():
    typed = Params(logits="own", own_logits="[1, 2.5\n-3; 4e1，−5]")
    assert typed.logits.own_logits == (1, 2.5, -3, 40, -5) and compute(typed).logits.tolist() == [1, 2.5, -3, 40, -5]
    assert Params(logits="own", own_logits=[7]).logits.own_logits == (7,)


@pytest.mark.parametrize("wrong", ["-inf -inf", "", "1 2 three", "nan", [], [101], [1] * 65, [True], ["1"], "[[1]]", None])
def test_what_is_not_a_list_of_logits_is_refused(wrong):
    with pytest.raises(ParameterError, match="own_logits"):
        Params(logits="own", own_logits=wrong)


def test_equal_logits_round_alike_and_cancel():
    """Independent errors are assumed by theory; softmax does not see a common one."""
    m = compute(Params(logits="own", own_logits=[3.3] * 20, noise="rounding", offset=50.0)).metrics()
    assert m["theory_error"] > 0.01 and m["monte_carlo_error"] < 1e-6


def test_a_mask_is_a_low_logit():
    alone = compute(Params(logits="own", own_logits=[1.0, -100.0, -100.0], alignment=0.0))
    assert alone.weights[0] == 1 and alone.metrics()["relative_error"] < 1e-12


@pytest.mark.parametrize(
    ("fields", "slope"),
    [({"strength": 0.7}, -0.5), ({"noise": "uniform"}, -0.5), ({"noise": "gumbel", "strength": 1.0}, 0.0)],
)
def test_measured_slopes_are_those_predicted(fields, slope):
    """Values that know nothing of equal logits: no luck in p. At Gumbel(1) the fall is logarithmic, -1 / (2 log n)."""
    m = last(decay(Params(spread=0.0, alignment=0.0, **fields))).metrics()
    assert m["slope_theory"] == slope and m["slope"] == pytest.approx(slope, abs=0.05 if slope else 0.12)


def test_sizes_come_one_at_a_time_and_agree_with_theory():
    parts = list(decay(Params()))
    assert [round(done * len(SIZES)) for done, _ in parts] == list(range(1, len(SIZES) + 1))
    r = parts[-1][1]
    # dots are the mean of 16 queries, lines of the same: 12 comparisons, one may be beyond 3
    assert (np.abs(r.measured - r.exact) > 3 * r.stderr).sum() <= 1
    assert r.leading[-1] == pytest.approx(r.exact[-1], rel=0.02)


def test_own_numbers_are_repeated():
    r = last(decay(Params(logits="own", own_logits=[0.0, 1.0, 2.0])))
    assert r.tokens[:3].tolist() == [3, 6, 12] and r.tokens[-1] <= SIZES[-1]


def test_entropy_agrees_with_theory_everywhere():
    """30 settings, three comparisons each: at most two of 90 beyond 3 standard errors (0.24 expected), none beyond 4.5."""
    away = []
    for seed in range(10):
        for fields in ({"spread": 1.0}, {"logits": "uniform", "spread": 3.0}, {"logits": "keys", "scaling": "log_length"}):
            r = information(EntropyParams(tokens=300, seed=seed, **fields))
            m, root = r.metrics(), len(r.entropies) ** 0.5
            away.append(abs(m["entropy"] - m["entropy_theory"]) / m["entropy_stderr"])
            for rows, name in ((r.concentrations, "concentration"), (r.jacobians, "jacobian_square")):
                away.append(abs(rows.mean() - r.theory[name]) / (rows.std(ddof=1) / root))
    assert sum(each > 3 for each in away) <= 2 and max(away) < 4.5


def test_initialisation_keeps_the_gradient():
    """With 1 / sqrt d the entropy is about log n - 1/2 at every d; without it almost nothing is left."""
    for d in (16, 256):
        kept = information(EntropyParams(logits="keys", dimension=d)).metrics()
        lost = information(EntropyParams(logits="keys", dimension=d, scaling="none")).metrics()
        assert kept["entropy_theory"] == pytest.approx(np.log(1000) - 0.5, abs=0.05)
        assert lost["entropy_theory"] < 0.6 * kept["entropy_theory"]


def test_the_riddle_keeps_its_answer():
    hidden, shown = (information(EntropyParams(reveal=reveal)).metrics() for reveal in (False, True))
    assert "cosine_entropy_floor" not in hidden and hidden["cosine_entropy"] == shown["cosine_entropy"]
    assert shown["cosine_entropy_floor"] == pytest.approx(np.log(1000) - 0.4744746, abs=1e-4)
    assert shown["cosine_entropy"] - shown["cosine_entropy_floor"] == pytest.approx(0.4744746 - 0.3278133, abs=1e-4)


def test_scales_agree_at_512_and_the_published_table_is_there():
    r = last(scaling(EntropyParams()))
    middle = int(np.flatnonzero(r.lengths == 512)[0])
    assert np.ptp(r.entropy_exact[:, middle]) < 1e-6 and r.published.tolist() == [list(row) for row in PUBLISHED]
    m = r.metrics()
    assert m["drift_constant"] > m["drift_root_log"] > m["drift_log"] > 0
    assert (np.abs(r.entropy_measured[:, :, 0] - r.entropy_exact) > 3.5 * r.entropy_measured[:, :, 1] + 1e-5).sum() <= 1


def test_a_gradient_reaches_fewer_tokens_as_weights_decide():
    """All n of equal logits (n - 1: they sum to nothing); about two in the frozen phase, and none when there is one token."""
    at = [information(EntropyParams(spread=spread)).metrics() for spread in (0.0, 1.0, 8.0)]
    assert at[0]["gradient_support_theory"] == pytest.approx(999, rel=1e-4)
    assert at[0]["gradient_support_theory"] > at[1]["gradient_support_theory"] > 100 > at[2]["gradient_support_theory"] > 1
    assert information(EntropyParams(tokens=1)).metrics()["gradient_support_theory"] == 0

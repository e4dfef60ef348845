"""Other kinds of attention: hand values, and theory against draws."""

import numpy as np
import pytest

from core.attention.laws import Gaussian, Gumbel
from core.attention.logits import VALUE_RMS, softmax
from core.attention.mechanisms import OTHERS, measured, shifted_sigmoid, theory
from core.attention.monte_carlo import sample
from core.attention.noise import Params, compute


def test_sigmoid_attention_is_near_softmax_for_small_logits():
    """n sigmoid(s - log n) = e^s / (1 + e^s / n), by hand."""
    s = np.array([0.0, 1.0, -2.0])
    np.testing.assert_allclose(shifted_sigmoid(3)(s), np.exp(s) / (1 + np.exp(s) / 3), rtol=1e-12)


def test_linear_attention_by_hand():
    """Error sum eps_i v_i / n: mean square sigma^2 sum |v|^2 / n^2."""
    s, v, law = np.array([1.0, -2.0, 0.5]), np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]), Gaussian(strength=0.3)
    drawn = sample(law, s, np.random.default_rng(0), 500)
    found = measured(drawn, law, s, v)
    wanted = (0.09 * 7 / 9) ** 0.5 / (found[0, 2] * VALUE_RMS)
    assert theory(law, s, v, found[:, 2])[0] == pytest.approx(wanted, rel=1e-9)


def test_hard_max_under_gumbel_noise_is_softmax():
    """How often each token wins at strength 2 is softmax(s / 2); 4 standard errors of a share."""
    s = np.array([1.0, 0.0, -1.0, 2.0])
    winner = (sample(Gumbel(strength=2.0), s, np.random.default_rng(0), 20_000).eps + s).argmax(1)
    share, wanted = np.bincount(winner, minlength=4) / 20_000, softmax(s / 2)
    assert (np.abs(share - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / 20_000)).all()


LAWS = {
    "gaussian": {"strength": 1.0}, "uniform": {"strength": 2.0}, "laplace": {"strength": 0.6}, "gumbel": {"strength": 0.8},
    "drop": {"share": 0.3}, "drop_renormalised": {"share": 0.3}, "student_t": {"nu": 4.0},
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS)
def test_theory_agrees_with_draws(law):
    """Of about 20 values of each law beyond 3 standard errors at most one, none beyond 4.5."""
    away = []
    for seed in range(6):
        r = compute(Params(noise=law, **LAWS[law], tokens=150, seed=seed))
        for (error, stderr, _), wanted in zip(r.others, r.others_theory, strict=True):
            if wanted is not None:
                away.append(abs(error - wanted) / max(stderr, 1e-9))
    assert len(away) >= 6 and sum(each > 3 for each in away) <= 1 and max(away) < 4.5


def test_no_theory_is_claimed_where_there_is_none():
    known = dict(zip(OTHERS, compute(Params(noise="student_t")).others_theory, strict=True))
    assert [name for name, value in known.items() if value is None] == ["linear", "relu", "hard_max"]
    assert compute(Params(noise="rounding")).others_theory == [None] * 4

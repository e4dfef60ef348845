"""The experiment lora_matrix as a whole."""

import numpy as np
import pytest

from core.faults import ParameterError
from core.lora.comparison import REACHED, comparison
from core.lora.matrix import Params, compute
from core.lora.methods import NAMES

METHODS = next(control for control in Params.controls() if control.name == "method").options


def test_every_method_can_be_looked_at():
    assert set(METHODS) == set(NAMES)


@pytest.mark.parametrize("rank", [1, 2, 4, 8])
def test_at_the_defaults_lora_fills_rank_many_bars_and_meets_its_line(rank):
    r = compute(Params(rank=rank))
    metrics = r.metrics()
    assert metrics["update_rank"] == rank and 0 <= metrics["gap_to_floor"] < 1e-3
    np.testing.assert_allclose(r.spectra[-1, :rank], r.wanted[:rank], rtol=0.02)
    assert r.spectra[-1, rank:].max() < 1e-8 and metrics["alignment"] > 0.99
    empty = 0.5 * np.sum(r.wanted[rank:] ** 2) / (0.5 * np.sum(r.wanted**2))
    assert metrics["floor"] == pytest.approx(empty, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_the_numbers_of_a_method(method):
    n, m, r = 24, 20, 4
    metrics = compute(Params(method=method, rank=r)).metrics()
    numbers = {"full": n * m, "dora": r * (n + m) + m, "frozen_a": r * m, "flora": r * m, "frozen_b": r * n, "galore": r * n}
    trained = numbers.get(method, r * (n + m))
    kept = r * m if method == "galore" else 0
    assert metrics["trained_parameters"] == trained and metrics["state_bytes"] == 8 * (2 * trained + kept)
    assert ("floor" in metrics) == (method != "dora") and metrics["diverged"] == 0
    assert compute(Params(method=method, rank=r, optimiser="sgd")).metrics()["state_bytes"] == 8 * kept


def test_too_high_a_learning_rate_is_divergence_and_finite():
    r = compute(Params(optimiser="sgd", log_learning_rate=1.0, scale=4.0))
    assert r.metrics()["diverged"] == 1 and r.metrics()["diverged_methods"] > 5
    assert all(np.isfinite(array).all() for array in r.arrays().values())


def test_a_rank_above_the_dimension_names_both():
    with pytest.raises(ParameterError, match="rank should be at most outputs = 8, not 12"):
        Params(rank=12, outputs=8)


def test_the_comparison_finishes_and_says_where_each_is():
    parts = list(comparison(Params(steps=50)))
    shares = [share for share, _ in parts]
    assert shares == sorted(shares) and shares[-1] == 1.0
    last = parts[-1][1]
    assert (last.by_rank >= last.floors - 1e-12)[:, last.known].all()
    names, mean, error = last.share_forgotten()
    assert mean[names.index("full")] == 1 and (error >= 0).all() and 0 < REACHED < 1
    assert (np.diff(last.floors[:, NAMES.index("lora")]) < 0).all()

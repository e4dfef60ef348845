"""NBCE on discrete laws: naive Bayes is one of its settings, copies of a context are another."""

import numpy as np
import pytest

from core.bayes.pooling import Pooling, entropy, fused, naive_bayes, normalised, pooled

RNG = np.random.default_rng(0)


def laws(*shape):
    return normalised(3 * RNG.standard_normal(shape))


@pytest.mark.parametrize("n", [1, 2, 4, 9])
def test_the_mean_with_beta_n_minus_1_is_naive_bayes(n):
    for _ in range(20):
        logs, prior = laws(n, 50), laws(50)
        np.testing.assert_allclose(fused(logs, prior, Pooling.MEAN, n - 1), naive_bayes(logs, prior), atol=1e-12, rtol=0)


def test_naive_bayes_is_bayes_rule_on_independent_contexts():
    """p(T) prod p(S_k|T), counted out over a joint law of four values of T and three contexts of two values each."""
    prior, likelihood = np.exp(laws(4)), np.exp(laws(3, 4, 2))
    joint = prior * likelihood[0, :, 1] * likelihood[1, :, 0] * likelihood[2, :, 1]
    seen = np.array([prior * likelihood[k, :, s] for k, s in enumerate((1, 0, 1))])
    logs = np.log(seen / seen.sum(1, keepdims=True))
    np.testing.assert_allclose(np.exp(naive_bayes(logs, np.log(prior))), joint / joint.sum(), atol=1e-14)


@pytest.mark.parametrize(("copies", "beta"), [(1, 3), (2, 1), (4, 0)])
def test_copies_of_a_context_want_less_beta(copies, beta):
    """Of four contexts, 4 / copies differ: their naive Bayes is met, KL = 0, at beta = 4 / copies - 1 and nowhere else."""
    different, prior = laws(4 // copies, 30), laws(30)
    exact = naive_bayes(different, prior)
    logs = np.repeat(different, copies, 0)

    def kl(b):
        return float((np.exp(exact) * (exact - fused(logs, prior, Pooling.MEAN, b))).sum())

    assert abs(kl(beta)) < 1e-14
    assert kl(beta + 0.5) > 1e-3 and kl(beta - 0.5) > 1e-3


def test_one_context_is_guidance():
    """gamma log p(x|c) - (gamma - 1) log p(x), whatever the pooling."""
    logs, prior = laws(1, 20), laws(20)
    guided = normalised(4.0 * logs[0] - 3.0 * prior)
    for pooling in Pooling:
        np.testing.assert_allclose(fused(logs, prior, pooling, 3.0), guided, atol=1e-13)


def test_entropies_are_of_normalised_laws():
    """Cut to its likeliest words a law does not sum to 1; its entropy is still that of the law it stands for."""
    logs = laws(6, 40)
    shift = RNG.standard_normal((6, 1))
    np.testing.assert_allclose(entropy(logs + shift), entropy(logs), atol=1e-13)
    scipy_stats = pytest.importorskip("scipy.stats")
    np.testing.assert_allclose(entropy(logs), scipy_stats.entropy(np.exp(logs), axis=1), atol=1e-13)
    chosen = pooled(logs + shift, Pooling.LEAST_ENTROPY)
    assert (chosen == (logs + shift)[np.argmin(entropy(logs))]).all()


def test_the_truncated_entropy_can_choose_another_context():
    """Why laws are normalised first: -sum p log p of what a top-p filter leaves is no entropy."""
    sure, broad = np.log([0.5, 0.3, 0.2]), np.log([0.52, 0.24, 0.24])
    cut = [np.where(np.arange(3) < kept, law, -50.0) for law, kept in ((sure, 3), (broad, 1))]
    raw = [-(np.exp(law) * law).sum() for law in cut]
    assert np.argmin(raw) == np.argmin(entropy(np.array(cut))) == 1
    assert raw[1] > 0.3 and entropy(np.array(cut))[1] < 1e-12


def test_max_takes_the_highest_word_by_word():
    logs = laws(3, 10)
    assert (pooled(logs, Pooling.MAX) == logs.max(0)).all()

"""Counts of words: by hand, both sides of the identity, torch's attention, and what held-out words say."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from core.bayes.language import Params, compute
from core.bayes.language.ladder import DIALS, STAGES, ladder
from core.bayes.language.model import HEADS, by_attention, by_naive_bayes, counted_model, model
from core.bayes.language.params import Bigram, Dials, Unigram
from core.bayes.language.perplexity import BLOCK, logits, score, surprise
from core.bayes.language.relevance import RANK, SHRINKAGE, queries_and_keys, relevance
from core.bayes.language.tables import counts, factors, prior, raw, smoothed, table
from core.bayes.language.text import MOST_WORDS, OTHER, STOP, WINDOW, corpus, tokens
from core.bayes.language.tuning import TUNED, beside, nats
from core.faults import ParameterError
from demos import _words
from tests.draws import any_of

TINY = "a b. a b. a b c d"  # the first eight of ten tokens are counted: a b . a b . a b
ALL = tuple(range(1, WINDOW + 1))


def test_words_are_read_as_a_reader_would():
    assert tokens("It’s a Mouse-trap!! Is_it?") == ["it's", "a", "mouse", "trap", STOP, "is", "it", STOP]
    assert tokens("学而时习之，不亦说乎？ok") == [*"学而时习之不亦说乎", STOP, "ok"]
    assert tokens(" -- ,,, ") == []


def test_counts_by_hand():
    text = corpus(TINY)
    assert text.words == (STOP, "a", "b", OTHER)
    # before the text stand stops: . a b . a b . a b
    by_hand = [[0, 3, 0, 0], [0, 0, 3, 0], [2, 0, 0, 0], [0, 0, 0, 0]]
    assert counts(text, (1,)).tolist() == by_hand
    assert prior(text) == pytest.approx(np.array([3, 4, 4, 1]) / 12)
    law = smoothed(counts(text, (1,)), prior(text), 2.0)
    assert math.exp(law[1, 2]) == pytest.approx((3 + 2 * 4 / 12) / (3 + 2))
    assert math.exp(law[3, 1]) == pytest.approx(4 / 12)  # never seen: the prior
    assert np.exp(law).sum(1) == pytest.approx(np.ones(4))


def test_counts_at_all_distances_by_a_loop():
    words = [STOP] * WINDOW + tokens(TINY)[:8]
    text = corpus(TINY)
    looped = np.zeros((4, 4))
    for t in range(WINDOW, len(words)):
        for distance in ALL:
            looped[tuple(text.coded([words[t - distance], words[t]]))] += 1
    assert (counts(text, ALL) == looped).all() and looped.sum() == 8 * WINDOW


def test_naive_bayes_by_hand():
    """sum_j log p(x_t|x_j) - (t - 2) log p(x_t), written out for the context "b a"."""
    p = Params(text="own", own_text=TINY, own_context="b a", smoothing=3.0)
    law, pairs = prior(corpus(TINY)), raw(corpus(TINY), ALL, 3.0)
    score_of = {y: math.exp(pairs[2, y] + pairs[1, y] - math.log(law[y])) for y in range(4)}
    expected = np.array([score_of[y] / sum(score_of.values()) for y in range(4)])
    r = compute(p)
    np.testing.assert_allclose(r.bayes, expected, atol=1e-12)
    np.testing.assert_allclose(r.attention, expected, atol=1e-12)
    assert r.weights.tolist() == [[1.0, 1.0]] and r.metrics()["weight_sum"] == 2


def test_unigram_and_bigram_are_the_counts():
    text = corpus("")
    before = text.coded(["the", "mock"])[::-1]
    neighbour = raw(text, (1,), 20.0)
    np.testing.assert_allclose(by_attention(counted_model("", 20.0, MOST_WORDS, Unigram()), before), prior(text), atol=1e-13)
    np.testing.assert_allclose(
        by_attention(counted_model("", 20.0, MOST_WORDS, Bigram()), before), np.exp(neighbour[before[0]]), atol=1e-12
    )


@settings(max_examples=25, deadline=None)
@given(any_of(Params, text="book", model="dials"))
def test_both_sides_agree(p):
    assert compute(p).metrics()["identity_error"] <= 1e-12


@pytest.mark.parametrize("heads", HEADS)
def test_attention_is_torchs(heads):
    """softmax(scaled_dot_product_attention(q, k, V) W) in float64, the fall with distance as its mask."""
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    m = counted_model("", 20.0, 64, TUNED.model_copy(update={"heads": heads}))
    before = corpus("").coded(["the", "mock", "turtle", "said", "to", "alice", "in", "a"])[::-1].copy()
    total = torch.tensor(m.log_prior)
    for distances, each in m.heads:
        at = before[[d - 1 for d in distances]]
        place = torch.tensor([[-m.position * (d - 1) for d in distances]], dtype=torch.float64)
        q, k, v = (torch.tensor(part) for part in (m.query[before[:1]], m.key[at], each.value[at]))
        mixed = functional.scaled_dot_product_attention(q[None], k[None], v[None], place[None], scale=m.content)[0, 0]
        total = total + mixed @ torch.tensor(each.readout)  # averaging = 1: weights add up to 1
    total = total + m.residual * torch.tensor(m.neighbour.value[before[0]] @ m.neighbour.readout)
    theirs = torch.softmax(total, 0).numpy()
    np.testing.assert_allclose(by_attention(m, before), theirs, atol=1e-12, rtol=0)
    np.testing.assert_allclose(np.exp(by_naive_bayes(m, before)), theirs, atol=1e-12, rtol=0)


def test_all_dimensions_give_the_counts_back():
    text, whole = corpus(""), table("", (1, 2), 20.0, MOST_WORDS)
    np.testing.assert_allclose(whole.evidence, raw(text, (1, 2), 20.0) - np.log(prior(text)), atol=2e-6)  # single precision
    np.testing.assert_allclose(whole.log_z, 0, atol=1e-12)
    few = table("", (1, 2), 20.0, 3)
    assert np.exp(few.evidence.astype(float)) @ prior(text) == pytest.approx(np.ones(MOST_WORDS), abs=1e-5)


@pytest.mark.parametrize("averaging", [0.0, 0.35, 1.0])
def test_weights_add_up_from_n_to_1(averaging):
    m = counted_model("", 20.0, 64, Dials(averaging=averaging, position=0.7, content=2.0, heads=3))
    before = corpus("").test.before[:50]
    for weights, count in zip(m.weights(before), (2, 2, 4), strict=True):
        assert weights.sum(1) == pytest.approx(np.full(50, count ** (1 - averaging))) and (weights >= 0).all()
    alone = m.weights(before[:, :1])  # the other heads have nothing to look at
    assert [row.tolist() for row in alone] == [[[1.0]] * 50, [[0.0]] * 50, [[0.0]] * 50]


def test_held_out_words_are_judged_by_the_same_model():
    """The batched product in float32 against the attention of one context in float64."""
    m = counted_model("", 20.0, MOST_WORDS, TUNED)
    test = corpus("").test
    ours = surprise(logits(m, test.before[:20]), test.word[:20])
    one_by_one = [-np.log(by_attention(m, row)[word]) for row, word in zip(test.before[:20], test.word[:20], strict=True)]
    np.testing.assert_allclose(ours, one_by_one, atol=2e-5)


def test_the_relevance_by_a_loop():
    """What x_j told, with that time left out of the counts, averaged over the places of a pair and shrunk."""
    text, added = corpus(TINY), 3.0 * WINDOW
    counted, law = counts(text, ALL), prior(text)

    def gain(x, y):
        return math.log((counted[x, y] - 1 + added * law[y]) / (counted[x].sum() - 1 + added) / law[y])

    gains: dict[tuple[int, int], list[float]] = {}
    alone: dict[int, list[float]] = {}
    for row, y in zip(text.train.before.tolist(), text.train.word.tolist(), strict=True):
        for x in row:
            gains.setdefault((row[0], x), []).append(gain(x, y))
            alone.setdefault(x, []).append(gain(x, y))
    found = relevance(text, 3.0)
    for last, x in product(range(4), repeat=2):
        mean = np.mean(alone[x]) if x in alone else 0.0
        own = gains.get((last, x), [])
        assert found[last, x] == pytest.approx((sum(own) + SHRINKAGE * mean) / (len(own) + SHRINKAGE), abs=1e-12)


def test_queries_and_keys_are_the_best_of_their_rank():
    """Eckart and Young: what is left is the energy of the other singular values."""
    query, key, fit = queries_and_keys("", 20.0)
    whole = relevance(corpus(""), 20.0)
    rest = np.linalg.svd(whole, compute_uv=False)[RANK:]
    assert query.shape == key.shape == (MOST_WORDS, RANK)
    assert np.linalg.norm(whole - fit) == pytest.approx(np.linalg.norm(rest), rel=1e-9)


def test_the_first_factors_are_the_best_approximation():
    """Against the singular values of numpy, at every rank that is tried."""
    whole = np.random.default_rng(0).standard_normal((30, 30))
    value, readout = factors(whole)
    np.testing.assert_allclose(value @ readout, whole, atol=1e-12)
    singular = np.linalg.svd(whole, compute_uv=False)
    for rank in (1, 7, 29):
        left = np.linalg.norm(whole - value[:, :rank] @ readout[:rank])
        assert left == pytest.approx(np.linalg.norm(singular[rank:]), rel=1e-9)


def test_the_end_of_the_text_is_never_counted():
    """Other last words, the same vocabulary and tables."""
    words = "the cat saw the dog and the dog saw the cat . " * 5
    one, other = corpus(words + "the cat ran home ."), corpus(words + "dog dog dog dog .")
    assert one.words == other.words and (counts(one, ALL) == counts(other, ALL)).all()
    assert (one.test.word != other.test.word).any()


def test_perplexity_of_a_law_that_knows_nothing():
    word = np.arange(100) % 7
    assert score(surprise(np.zeros((100, 50), np.float32), word)).perplexity == pytest.approx(50, rel=1e-5)


def test_standard_errors_cover():
    """Of 400 texts of 1000 independent surprises, the mean is within two standard errors in 95 % but for their own noise."""
    rng, inside = np.random.default_rng(0), 0
    for _ in range(400):
        found = score(rng.exponential(1.0, 1000))
        inside += abs(np.log(found.perplexity) - 1) < 2 * found.stderr / found.perplexity
    assert 0.90 < inside / 400 < 0.99 and BLOCK * 40 == 1000


def test_the_tuned_dials_are_a_least():
    here = nats(TUNED)
    assert all(nats(each) >= here for each in beside(TUNED))


def test_the_buttons_turn_the_tuned_dials_one_by_one():
    rows = {preset.key.split(".")[1]: preset.values for preset in _words.presets("bayes.counting")}
    for i, name in enumerate(DIALS):
        on = {dial: getattr(TUNED if dial in DIALS[: i + 1] else Dials(), dial) for dial in DIALS}
        assert rows[name] == {"model": "dials"} | on


def test_the_story_on_words_that_were_never_seen():
    """Naive Bayes is worse than no word; every dial helps; attention ends below the bigram by more than two standard errors."""
    *_, (done, r) = ladder(Params())
    m = r.metrics()
    climb = [m[f"perplexity_{name}"] for name in STAGES]
    assert done == 1.0 and climb[2:] == sorted(climb[2:], reverse=True)
    less = (r.surprise[2].astype(float) - r.surprise[0])[: r.surprise.shape[1] // BLOCK * BLOCK].reshape(-1, BLOCK).mean(1)
    assert less.mean() > 2 * less.std(ddof=1) / len(less) ** 0.5
    assert m["gain"] > 2 * m["gain_stderr"] > 0
    own = [score(row.astype(float)).perplexity for row in r.own]
    assert own[2:] == pytest.approx([own[2]] * 6)  # all dials at zero


def test_stages_come_one_at_a_time():
    assert [round(8 * done) for done, _ in ladder(Params(model="bigram"))] == list(range(1, 9))
    *_, (_, r) = ladder(Params(model="unigram"))
    assert len(r.own) == 0 and len(r.surprise) == len(STAGES)


def test_unknown_words_are_one_word_and_are_counted():
    r = compute(Params(context="the xylophone qua the"))
    assert r.known == [True, False, False, True] and r.metrics()["unknown_words"] == 2
    strange = compute(Params(context="!?"))
    assert strange.context == [STOP] and strange.metrics()["unknown_words"] == 0


def test_the_class_of_other_words_is_neither_shown_nor_drawn():
    r = compute(Params(model="bigram"))
    assert OTHER not in [*r.candidates, *r.written, *r.written_naive_bayes] and r.drawn.max() < len(r.bayes) - 1


@pytest.mark.parametrize("text", ["x", "?!", "a b", "你", "¿ ¡ ∑"])
def test_the_shortest_texts_are_computed(text):
    m = compute(Params(text="own", own_text=text, own_context=text, heads=3, residual=1.0)).metrics()
    assert all(map(math.isfinite, m.values())) and m["identity_error"] <= 1e-12


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"context": "  "}, "context should have at least one character that is not a space, not '  '"),
        ({"text": "own", "own_text": ""}, "own_text should have at least one character that is not a space, not ''"),
        ({"heads": 0}, "heads should be greater than or equal to 1, not 0"),
        ({"residual": float("nan")}, "residual should be a finite number, not nan"),
        ({"model": "bigram", "heads": 2}, "heads is a parameter only with model = dials, not 2"),
        ({"context": "x" * 201}, f"context should have at most 200 characters, not '{'x' * 12}...{'x' * 13}'"),
    ],
)
def test_wrong_values_are_named(wrong, sentence):
    with pytest.raises(ParameterError) as refused:
        Params(**wrong)
    assert str(refused.value) == sentence


def test_the_page_has_no_dials_where_there_are_none():
    m = model(Params(model="unigram"))
    assert m.heads == () and m.residual == 0
    assert compute(Params(model="unigram")).weights.shape == (0, 7)

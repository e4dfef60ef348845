"""The experiment nbce_recall: lessons, networks, pools with stickiness, theory, and what the shipped networks reach."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from core.attention.model import rotary
from core.bayes.pooling import Pooling, entropy, fused, naive_bayes, normalised
from core.bayes.recall import Params, compute
from core.bayes.recall.alphabet import KEY, MOST, RECORD, SIGNS, SIZE, coded, spelt
from core.bayes.recall.curves import Way, gathered, right, ways
from core.bayes.recall.experiment import CHANCE
from core.bayes.recall.lessons import ANSWERS, SLOTS, Teacher, count, layout
from core.bayes.recall.network import turns
from core.bayes.recall.own import Reader, answered, fillers, own_contexts, truth
from core.bayes.recall.predicted import by_sums, of_bounds, one_by_one, theory
from core.bayes.recall.problems import BASE, TASKS, TIMES, numbers, problems, trained
from core.bayes.recall.quality import quality
from core.bayes.recall.read import Read
from core.bayes.recall.reading import by_context, joined, laws, reading, squeezed
from core.bayes.recall.recipe import answering
from core.bayes.recall.result import POOLED, WAYS
from core.bayes.recall.sticky import along, speaking
from core.bayes.recall.weights import KINDS, network
from core.faults import ParameterError

SIZE_OF_CONTEXT, PARTS, ETA, BETA = 4, 4, 0.1, 0.25
NOISE = 4.0  # standard errors


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@cache
def many(task):
    """Of 64 questions about contexts of four records."""
    return gathered([reading(task, SIZE_OF_CONTEXT, 0, part) for part in range(PARTS)])


def share(task, name, times=TIMES):
    return right(many(task), ways(BETA)[name], times * trained(SIZE_OF_CONTEXT), ETA).mean()


def joined_share(task, times=TIMES):
    place = numbers(SIZE_OF_CONTEXT, task).index(times * trained(SIZE_OF_CONTEXT))
    return many(task).joined[:, place].mean(-1).max()


def looked_up(text, question):
    """The answer by a dictionary; None where a record is missing."""
    book = {(record[:KEY], record[KEY]): record[KEY + 1 :] for record in text.split(";") if record}
    asked, sign = question[1:-1], question[-1]
    if sign == "~":
        low, high = book.get((asked, ">")), book.get((asked, "<"))
        return None if low is None or high is None else "ny"[low < high] + ";"
    said = [book.get((key, "=")) for key in asked.split("+")]
    return None if None in said else "+".join(said) + ";"


def test_letters_come_back():
    assert spelt(coded(SIGNS)) == SIGNS and len(set(SIGNS)) == SIZE


def test_real_places_turn_as_whole_ones_do():
    for mine, theirs in zip(turns(torch.arange(3.0, 20.0), 32), rotary.turns(3, 17, 32), strict=True):
        torch.testing.assert_close(mine, theirs)
    half, whole = turns(torch.arange(10) / 2, 32), turns(torch.arange(10), 32)
    torch.testing.assert_close(half[0][::2], whole[0][:5])
    assert squeezed(500)[-1] == pytest.approx(squeezed(81)[-1]) and squeezed(20)[-1] == 19


@pytest.mark.parametrize("refuses", [False, True])
def test_lessons_are_right_by_a_dictionary(refuses):
    """Every answer that the records have; all others are guesses, or refusals."""
    missing = 0
    for size in range(MOST + 1):
        teacher = Teacher(generator(size), 200, refuses)
        records, bounds, twice = teacher.records(size)
        asked = teacher.questions(records, bounds, twice)
        for text, row in zip(map(spelt, records.codes.numpy()), map(spelt, asked.numpy()), strict=True):
            assert len(text) == size * RECORD
            for start, length, answer in zip(np.cumsum([0, *SLOTS[:-1]]), SLOTS, ANSWERS, strict=True):
                question = row[start : start + length - answer]
                said, known = row[start + length - answer : start + length], looked_up(text, question)
                if known is not None:
                    assert said == known
                elif refuses:
                    assert "-" in said
                missing += known is None and question[-1] == "=" and "+" not in question and size > 0
    assert 0.45 < missing / (2 * MOST * 200) < 0.55  # three in ten by lot; others ask a bound for its number


def test_batches_hold_any_number_of_records():
    assert {count(generator(seed)) for seed in range(300)} == set(range(MOST + 1))


def test_a_packed_question_reads_as_one_alone_and_questions_do_not_see_each_other():
    model, teacher = network("guesses"), Teacher(generator(1), 3, False)
    records, bounds, twice = teacher.records(5)
    asked = teacher.questions(records, bounds, twice)
    places, seen, learnt = layout(5 * RECORD)
    assert int(learnt.sum()) == sum(ANSWERS) and len(places) == 5 * RECORD + sum(SLOTS)
    with torch.inference_mode():
        packed = model(torch.cat([records.codes, asked], 1), places, seen)
        alone = model(torch.cat([records.codes, asked[:, : SLOTS[0]]], 1))
        other = asked.clone()
        other[:, : SLOTS[0]] = 1
        changed = model(torch.cat([records.codes, other], 1), places, seen)
    torch.testing.assert_close(packed[:, : 5 * RECORD + SLOTS[0]], alone, rtol=1e-3, atol=1e-3)
    far = 5 * RECORD + SLOTS[0] + SLOTS[1]
    torch.testing.assert_close(packed[:, far:], changed[:, far:], rtol=1e-3, atol=1e-3)


def test_nobody_sees_what_comes_later():
    model, codes = network("guesses"), torch.randint(SIZE, (2, 60), generator=generator())
    other = codes.clone()
    other[:, 30:] = (other[:, 30:] + 1) % SIZE
    with torch.inference_mode():
        one, two = model(codes), model(other)
    torch.testing.assert_close(one[:, :30], two[:, :30], rtol=0, atol=1e-4)
    assert (one[:, 30:] - two[:, 30:]).abs().max() > 0.1


def test_the_loss_of_a_network_that_knows_nothing_is_that_of_all_signs_alike():
    loss = answering(lambda codes, *_: torch.zeros(*codes.shape, SIZE), generator(), refuses=False)
    assert float(loss) == pytest.approx(np.log(SIZE), rel=1e-6)


@pytest.mark.parametrize("task", TASKS)
def test_problems_are_right_by_a_dictionary(task):
    """Joined in order, any number of contexts says the answer; without its base nothing does."""
    each = problems(task, SIZE_OF_CONTEXT, (5,), 20)
    for n in numbers(SIZE_OF_CONTEXT, task):
        for text, question, answer in zip(each.joined(n), each.question, each.answer, strict=True):
            assert looked_up(spelt(text), spelt(question)) == spelt(answer)
    for contexts, question in zip(each.contexts, each.question, strict=True):
        assert looked_up("".join(map(spelt, contexts[BASE[task] :])), spelt(question)) is None


def test_numbers_of_contexts_reach_eight_times_the_trained_one():
    assert numbers(4, "value") == [1, 2, 4, 8, 16, 32] and numbers(4, "both") == [2, 4, 8, 16, 32]
    for size in range(1, MOST + 1):
        for task in TASKS:
            assert {TIMES * trained(size)} <= set(numbers(size, task)) and numbers(size, task)[0] >= BASE[task]


def test_stickiness_by_hand():
    """Context 1 leads; at the second sign context 0 is ahead by less than eta, at the third by more."""
    entropies = np.array([[0.5, 0.30, 0.1], [0.2, 0.35, 0.4]])
    assert speaking(entropies, 0.1).tolist() == [1, 1, 0]
    assert speaking(entropies, 0.0).tolist() == [1, 0, 0]
    assert speaking(entropies, 2.0).tolist() == [1, 1, 1]
    assert speaking(np.ones((3, 4)), 0.0).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("pooling", Pooling)
def test_without_stickiness_the_pools_are_those_of_single_laws(pooling):
    rng = np.random.default_rng(0)
    logs, prior = normalised(rng.normal(size=(7, 5, 3, 11))), normalised(rng.normal(size=(3, 11)))
    sign_by_sign = [fused(logs[:, :, t], prior[t], pooling, 0.7) for t in range(3)]
    np.testing.assert_allclose(along(logs, prior, pooling, 0.7, 0.0, entropy(logs)), np.stack(sign_by_sign, 1), atol=1e-12)


@pytest.mark.parametrize("contexts", [1, 2, 7, 32])
def test_the_mean_with_beta_n_minus_1_is_naive_bayes(contexts):
    """On the laws of the shipped network."""
    read = many("value")
    logs, prior = read.logs[:, :contexts].astype(float), read.prior.astype(float)
    way = Way(Pooling.MEAN)
    ours = along(logs, prior, way.pooling, way.strength(contexts), ETA, read.entropies[:, :contexts])
    np.testing.assert_allclose(ours, naive_bayes(np.moveaxis(logs, 1, -2), prior), atol=1e-12, rtol=1e-12)


def test_one_reading_of_the_right_answer_says_what_writing_sign_by_sign_does():
    each, read = problems("value", SIZE_OF_CONTEXT, (0, 0), 16), many("value")
    model = network("guesses")
    for name, way in ways(BETA).items():
        guessed = right(read, way, 8, ETA)[:16]
        for i in range(6):
            texts = [spelt(context) + spelt(each.question[i]) for context in each.contexts[i, :8]]
            said = answered(Reader(model, texts), Reader(model, [spelt(each.question[i])]), way, ETA).said
            assert (said == spelt(each.answer[i])) == guessed[i], name


def test_all_contexts_at_once_say_what_each_says_alone():
    each = problems("both", 2, (3,), 2)
    model = network("guesses")
    batch = by_context(model, each)
    for i in range(3):
        before = np.concatenate([each.contexts[:, i], each.question], 1)
        np.testing.assert_allclose(batch[:, i], laws(model, before, each.answer), atol=1e-3)
    one = joined(model, each, 1)
    np.testing.assert_array_equal(one[0], one[1])  # short enough to be left as it is


def invented(rng, base, others, questions=400):
    """Laws of two signs over the whole alphabet: base contexts lean to the right digit, others say anything."""
    answer = 26 + rng.integers(10, size=(questions, 2))
    scores = np.full((questions, base + others, 2, SIZE), -30.0)
    scores[..., 26:36] = rng.normal(0, 0.6, (questions, base + others, 2, 10))
    hot = np.arange(SIZE) == answer[..., None]
    scores[:, :base] += hot[:, None] * rng.gamma(4.0, 1.0, (questions, base, 2, 1))
    logs = normalised(scores)
    prior = normalised(np.where((np.arange(SIZE) >= 26) & (np.arange(SIZE) < 36), 0.0, -30.0))
    blank = np.zeros((2, 1, questions), bool)
    return Read(logs, np.broadcast_to(prior, (questions, 2, SIZE)), entropy(logs), answer, blank)


@pytest.mark.parametrize("pooling", [Pooling.LEAST_ENTROPY, Pooling.MAX])
@pytest.mark.parametrize("base", [1, 2])
def test_theory_of_spoiling_on_invented_contexts(pooling, base):
    """From base contexts and one other alone, against all of them together, on other draws."""
    way, counts = Way(pooling, BETA), [base, base + 4, base + 15]
    few = invented(np.random.default_rng(1), base, 1, 64)
    predicted = one_by_one(few, base, way, ETA, counts)
    everything = invented(np.random.default_rng(2), base, 15)
    for n, expected in zip(counts, predicted, strict=True):
        found = right(everything, way, n, ETA).mean()
        error = (found * (1 - found) / 400 + expected * (1 - expected) / 64) ** 0.5
        assert abs(found - expected) < NOISE * error + 0.01
    assert predicted[0] > predicted[-1]


@pytest.mark.parametrize("beta", [0.25, None])
def test_theory_of_sums_on_invented_contexts(beta):
    way, counts = Way(Pooling.MEAN, beta), [1, 5, 16]
    predicted = by_sums(invented(np.random.default_rng(3), 1, 15), 1, way, counts)
    everything = invented(np.random.default_rng(4), 1, 15, 1000)
    for n, expected in zip(counts, predicted, strict=True):
        found = right(everything, way, n, ETA).mean()
        assert abs(found - expected) < NOISE * (found * (1 - found) * (1 / 1000 + 1 / 400)) ** 0.5 + 0.01
    assert predicted[-1] < predicted[0]


def test_two_bounds_are_counted_out_as_by_hand():
    """Naive Bayes of two bounds, written out: yes where (9 - a) b / 0.45 is above (1 + a) (10 - b) / 0.55."""
    hits = []
    for a in range(10):
        for b in range(10):
            yes, no = (9 - a) * b / 0.45, (1 + a) * (10 - b) / 0.55
            hits.append(0.5 if np.isclose(yes, no) else float((yes > no) == (a < b)))
    for n in (2, 9, 32):
        assert of_bounds(Way(Pooling.MEAN), [n])[0] == pytest.approx(np.mean(hits))
    assert CHANCE["between"] == np.mean([a >= b for a in range(10) for b in range(10)])
    assert np.mean(hits) == 1.0  # with laws without error two bounds are enough
    assert of_bounds(Way(Pooling.LEAST_ENTROPY, -1.0), [4])[0] == pytest.approx(0.55)  # nothing but the prior is left


@pytest.mark.parametrize("kind", KINDS)
def test_the_networks_answer_inside_their_training_length(kind):
    """400 questions each about eight records: 0.945 and 0.955, standard error 0.011."""
    assert quality(network(kind))["value"] > 0.91


def test_least_entropy_holds_where_the_joined_text_falls():
    """Eight times as many contexts as in training; squeezed positions hold out until sixteen times."""
    assert share("value", "least_entropy") >= 0.9 and share("value", "least_entropy", 16) >= 0.9
    place = numbers(SIZE_OF_CONTEXT, "value").index(TIMES * trained(SIZE_OF_CONTEXT))
    assert many("value").joined[0, place].mean() < 0.5
    assert joined_share("value") < share("value", "least_entropy") - 0.15
    assert joined_share("value", 16) < 0.5
    known, unknown = many("value").entropies[:, 0, 0], many("value").entropies[:, 1:, 0]
    assert known.mean() < 0.5 and unknown.mean() > 2.0


def test_no_pool_knows_the_order():
    """At most a half, within its standard error; the joined text knows it inside its training length."""
    for name in POOLED:
        assert share("latest", name) <= 0.5 + NOISE * 0.5 / 64**0.5
    assert joined_share("latest", 1) > 0.8


def test_a_sure_refusal_defeats_least_entropy_and_taking_the_prior_off_helps_with_few_contexts():
    assert share("refuse", "least_entropy", 1) < 0.2 and share("refuse", "naive_bayes", 1) > 0.4
    assert share("refuse", "least_entropy") < 0.1


def test_theory_agrees_with_the_shipped_networks():
    """Every pool at every number, within four standard errors and what 64 questions leave open."""
    for task in ("value", "both", "refuse"):
        counts = numbers(SIZE_OF_CONTEXT, task)
        for way in ways(BETA).values():
            predicted = theory(many(task), task, BASE[task], way, ETA, counts)
            found = np.array([right(many(task), way, n, ETA).mean() for n in counts])
            spread = np.maximum(found * (1 - found), 0.05)
            assert (abs(found - predicted) < NOISE * (spread / 64) ** 0.5).all(), (task, way)


def test_the_sign_test_is_scipys():
    r = next(compute(Params()))[1]
    for one, other in ((3, 9), (9, 3), (0, 0), (5, 5), (0, 12)):
        wanted = binomtest(one, one + other).pvalue if one + other else 1.0
        assert replace(r, only=np.array([[one] * 4, [other] * 4])).p_value(2) == pytest.approx(wanted)


def test_a_run_says_first_what_is_asked_and_then_more_and_more():
    parts = list(compute(Params(queries=32)))
    assert [done for done, _ in parts][-1] == 1.0 and [r.questions for _, r in parts] == [0, 16, 32]
    first, last = parts[0][1], parts[-1][1]
    assert first.answers["least_entropy"] == first.truth == "358;"
    assert set(first.spoke.tolist()) == {first.names.index(2)}
    assert first.metrics()["identity_error"] <= 1e-12
    assert last.metrics()["accuracy_chance"] == 1e-3 and set(last.answers) == set(WAYS)


def test_each_part_of_an_answer_comes_from_its_own_context():
    r = next(compute(Params(task="both", key="egg", second="ice")))[1]
    assert r.answers["least_entropy"] == r.truth == "358+902;"
    assert r.names[r.spoke[0]] == 2 and r.names[r.spoke[4]] == 1


def test_own_records_are_read_in_order_and_answered_by_hand():
    p = Params()
    assert own_contexts(p)[1] == "tea=417;ice=902;" and own_contexts(p)[3] == "oil>400;"
    assert truth(p) == "358;" and truth(Params(key="zoo")) == "" and truth(Params(key="oil")) == ""
    assert truth(Params(task="latest", key="tea")) == "285;"  # the later of two
    assert truth(Params(task="between", key="oil")) == "n;" and truth(Params(task="between", key="egg")) == ""
    assert truth(Params(task="both", key="ten", second="zoo")) == ""


def test_random_contexts_never_answer():
    for seed in range(40):
        p = Params(fillers=16, size=8, seed=seed, task="both", key="abc", second="xyz")
        texts = fillers(p)
        assert len(texts) == 16 and not any(
            key in {t[i : i + KEY] for i in range(0, len(t), RECORD)} for t in texts for key in p.asked
        )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"records": []}, "records should have 1 to 40 rows, not 0"),
        ({"records": [(1, "tea", "is", 3)] * 41}, "records should have 1 to 40 rows, not 41"),
        ({"records": [(1, "tea", "is", 3)] * 9}, "records should have at most 8 records in context 1, not 9"),
        ({"records": [(0, "tea", "is", 3)]}, "records should have a whole number from 1 to 12 in row 1, column context, not 0"),
        ({"records": [(1, "", "is", 3)]}, "records should have 3 letters a–z in row 1, column name, not ''"),
        ({"records": [(1, "té1", "is", 3)]}, "records should have 3 letters a–z in row 1, column name, not 'té1'"),
        ({"records": [()]}, "records should have 4 cells (context, name, relation, number) in row 1, not ()"),
        (
            {"records": [(1, "tea", "above", 350)]},
            "records should have a multiple of 100 as a bound in row 1, column number, not 350",
        ),
        ({"key": ""}, "key should have at least 3 characters, not ''"),
        ({"key": "tÉa"}, "key should have only letters from a to z, not É"),
        ({"size": 0}, "size should be greater than or equal to 1, not 0"),
        ({"beta": float("nan")}, "beta should be a finite number, not nan"),
    ],
)
def test_wrong_values_are_named(wrong, sentence):
    with pytest.raises(ParameterError) as refused:
        Params(**wrong)
    assert str(refused.value) == sentence


def test_a_question_that_no_record_answers_is_a_guess():
    """No error: the page says that the answer is made up; every context is as unsure as a guess."""
    r = next(compute(Params(key="zoo")))[1]
    assert r.truth == "" and r.entropies[:, 0].min() > 1.0

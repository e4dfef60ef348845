"""Trained models of rated pairs: losses and optimiser against others, one program against many, splits, intervals, quality."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from core.cosent import peers
from core.cosent.loss import cosent
from core.cosent.train import TrainParams, compute
from core.cosent.train.adam import DECAY, Adam
from core.cosent.train.calibration import RIDGE, error, fitted, reliability, sigmoid
from core.cosent.train.experiment import EVERY, preview, start, task_of
from core.cosent.train.guesses import guesses
from core.cosent.train.guesses import settings as changed
from core.cosent.train.losses import loss
from core.cosent.train.paired import half_interval, quantile
from core.cosent.train.params import OBJECTIVES, Encoder, Labels, Model, Objective
from core.cosent.train.program import Program, Recipe, Side
from core.cosent.train.published import FEATURE, TABLE
from core.cosent.train.texts import TASKS, known, quantised, rated, shipped, unit
from core.cosent.train.training import looks_of, recipe
from core.faults import ParameterError

SHORT = {"steps": 20, "seeds": 2}


@pytest.fixture(scope="module")
def default():
    *_, (done, result) = compute(TrainParams())
    assert done == 1.0
    return result


def sides(p):
    task = task_of(p)
    found = []
    for k, split in enumerate(task.splits):
        rows = split.learnt
        first, second = task.rated.first[rows], task.rated.second[rows]
        found.append(Side(first, second, task.seen[rows], task.positive[rows], (p.seed, 1, k)))
    return task, found


def trained(p, learners, x, runs):
    program = Program(x, learners, recipe(p), runs)
    while program.at < p.steps:
        program.step()
    return program


# Losses


def drawn(seed, count=24):
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.95, 0.95, count), rng.integers(0, 4, count) / 3


def ours(which, s, y, scale, affine=(1.0, 0.0)):
    score = torch.tensor(np.stack([s, s[::-1]]), requires_grad=True)
    label = torch.tensor(np.stack([y, y[::-1]]))
    a, b = (torch.full((2, 1), value, dtype=torch.float64) for value in affine)
    value = loss(which, score, label, label >= 0.5, scale, (a, b))
    (gradient,) = torch.autograd.grad(value.sum(), score)
    assert value[0].item() == pytest.approx(value[1].item())  # the same pairs in another order
    return value[0].item(), gradient[0].numpy()


@pytest.mark.parametrize("scale", [1.0, 20.0])
@pytest.mark.parametrize("seed", range(4))
def test_losses_are_those_of_the_other_experiment(scale, seed):
    s, y = drawn(seed)
    ordered = int((y[:, None] < y).sum())
    n = peers.REACH
    value, gradient = peers.ranknet(s, y, scale)
    wanted = {Objective.RANKNET: (value / ordered, gradient / ordered), Objective.COSENT: cosent(s, y, scale)}
    wanted[Objective.TRIPLET] = peers.triplet(s, y, 1 / scale)
    for which, peer in (
        (Objective.ANGLE, peers.angle(n * s, y, scale / n)),
        (Objective.CIRCLE, peers.circle(n * s, y, scale / n, 0.5)),
    ):
        wanted[which] = (peer[0], n * peer[1])
    for which, (value, gradient) in wanted.items():
        own, slope = ours(which, s, y, scale)
        assert own == pytest.approx(float(value), rel=1e-9), which
        np.testing.assert_allclose(slope, gradient, rtol=1e-7, atol=1e-9, err_msg=which.value)


def test_losses_of_estimates_are_their_definitions():
    s, y = drawn(5)
    estimate = 3.0 * s - 0.5
    crossed = -(y * np.log(sigmoid(estimate)) + (1 - y) * np.log(1 - sigmoid(estimate))).mean()
    assert ours(Objective.CROSS_ENTROPY, s, y, 1.0, (3.0, -0.5))[0] == pytest.approx(crossed)
    assert ours(Objective.SQUARED_ERROR, s, y, 1.0, (3.0, -0.5))[0] == pytest.approx(((estimate - y) ** 2).mean())
    both = ours(Objective.BOTH, s, y, 7.0, (3.0, -0.5))[0]
    assert both == pytest.approx(crossed + float(cosent(s, y, 7.0)[0]))


def test_a_batch_of_one_label_pushes_nothing_that_sees_order_alone():
    s, _ = drawn(1)
    for which in (Objective.COSENT, Objective.RANKNET, Objective.TRIPLET, Objective.ANGLE):
        value, gradient = ours(which, s, np.ones_like(s), 20.0)
        assert value == 0 and not gradient.any()
    value, gradient = ours(Objective.CIRCLE, s, np.ones_like(s), 20.0)
    assert value < 1e-9 and np.abs(gradient).max() < 1e-9


# Optimiser and program


def test_adam_is_the_one_of_pytorch():
    start_at = [torch.randn(4, 3, dtype=torch.float64), torch.randn(5, dtype=torch.float64)]
    mine, theirs = ([each.clone().requires_grad_() for each in start_at] for _ in range(2))
    own, peer = Adam(mine), torch.optim.AdamW(theirs, lr=0.01, weight_decay=DECAY)
    for _ in range(30):
        gradients = [torch.autograd.grad((each.cos() * each**2).sum(), each)[0] for each in mine]
        own.move(tuple(gradients), 0.01)
        peer.zero_grad()
        sum((each.cos() * each**2).sum() for each in theirs).backward()
        peer.step()
    for one, other in zip(mine, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-12)


@pytest.fixture(scope="module")
def small():
    p = TrainParams(**SHORT, hidden=8, rank=4)
    task, learners = sides(p)
    return p, task, learners, trained(p, learners, task.rated.features, EVERY)


def test_together_is_one_after_another(small):
    """Single precision: products in another order differ by its rounding, 1e-7, which 20 steps of Adam amplify."""
    p, task, learners, every = small
    pairs = [(side.first, side.second) for side in learners]
    scores = every.judged(pairs)
    for k in range(p.seeds):
        for i, run in enumerate(EVERY):
            (alone,) = trained(p, learners[k : k + 1], task.rated.features, (run,)).judged(pairs[k : k + 1])
            np.testing.assert_allclose(alone[0], scores[k][i], rtol=0, atol=1e-3 * np.ptp(scores[k][i]), err_msg=str(run))


def test_feature_scores_are_cosines_of_what_w_makes(small):
    _, task, learners, every = small
    A, B, *_ = (each.detach().double() for each in every.weights[Model.FEATURE])
    x = torch.from_numpy(task.rated.features).double()
    scores = every.judged([(side.first, side.second) for side in learners])
    for k, side in enumerate(learners):
        for i in range(len(OBJECTIVES[Model.FEATURE])):
            W = torch.eye(x.shape[1], dtype=torch.float64) + B[k, :, i] @ A[k, :, i].T
            made = x @ W.T
            wanted = torch.cosine_similarity(made[side.first], made[side.second])
            found = scores[k][len(OBJECTIVES[Model.INTERACTION]) + i]
            np.testing.assert_allclose(found, wanted.numpy(), atol=1e-5)


def test_interaction_scores_are_the_network_written_out(small):
    _, task, learners, every = small
    W1, b1, w2, *_ = (each.detach().double().numpy() for each in every.weights[Model.INTERACTION])
    x, side = task.rated.features.astype(float), learners[0]
    u, v = x[side.first], x[side.second]
    root = x.shape[1] ** 0.5
    seen = np.concatenate([u * root, v * root, abs(u - v) * root, u * v * root**2], 1)
    scores = every.judged([(side.first, side.second) for side in learners])[0]
    for i in range(len(OBJECTIVES[Model.INTERACTION])):
        wanted = np.maximum(seen @ W1[0, :, i] + b1[0, :, i], 0) @ w2[0, 0, i]
        np.testing.assert_allclose(scores[i], wanted, rtol=1e-4, atol=1e-4 * np.ptp(wanted))


def test_the_feature_model_begins_as_the_encoder_and_the_other_knows_nothing():
    p = TrainParams(**SHORT)
    task, learners = sides(p)
    rows = [(side.first, side.second) for side in learners]
    scores = Program(task.rated.features, learners, recipe(p), EVERY).judged(rows)
    own = (task.rated.features[learners[0].first] * task.rated.features[learners[0].second]).sum(1)
    first = len(OBJECTIVES[Model.INTERACTION])
    assert not scores[0][:first].any()
    np.testing.assert_allclose(scores[0][first:], np.tile(own, (len(EVERY) - first, 1)), atol=1e-6)


def test_runs_out_of_order_are_refused():
    p = TrainParams(**SHORT)
    task, learners = sides(p)
    with pytest.raises(ValueError, match="interaction model should come first"):
        Program(task.rated.features, learners, recipe(p), EVERY[::-1])


# Splits


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([*TASKS, "own"]), st.floats(0.2, 0.8), st.floats(0.2, 1.0), st.integers(0, 2**32 - 1))
def test_no_text_of_a_held_out_pair_was_learnt(task, positives, learnt, seed):
    p = TrainParams(task=task, positives=positives, learnt=learnt, seed=seed, seeds=3)
    found = task_of(p)
    for split in found.splits:
        texts = [set(found.rated.first[rows]) | set(found.rated.second[rows]) for rows in (split.learnt, split.held_out)]
        assert not texts[0] & texts[1]
        for rows in (split.learnt, split.held_out):
            assert len(rows) >= 4 and len(set(rows)) == len(rows)
            assert 0 < found.positive[rows].sum() < len(rows)


def test_pairs_of_words_are_not_wasted():
    """Parting words at random leaves half of the pairs (.65^2 + .35^2); keeping rated words together leaves nearly all."""
    for task in TASKS[1:]:
        found = task_of(TrainParams(task=task))
        kept = np.mean([len(split.learnt) + len(split.held_out) for split in found.splits])
        assert kept > 0.9 * len(found.rated.label)


def test_positive_is_from_a_label_on():
    for share in (0.2, 0.5, 0.8):
        found = task_of(TrainParams(task="simlex", positives=share))
        assert found.rated.label[found.positive].min() >= found.cut > found.rated.label[~found.positive].max()
        assert found.positive.mean() == pytest.approx(share, abs=0.01)


def test_two_classes_are_what_the_losses_see_and_ratings_are_what_counts():
    found = task_of(TrainParams(labels="classes"))
    assert set(found.seen) == {0.0, 1.0} and np.array_equal(found.seen > 0, found.positive)
    graded = preview(TrainParams(), task_of(TrainParams()))
    assert np.array_equal(preview(TrainParams(labels="classes"), found).encoder, graded.encoder)


# Intervals and calibration


@pytest.mark.parametrize("seeds", [2, 5, 12])
def test_interval_is_students_where_nothing_is_shared(seeds):
    values = np.random.default_rng(seeds).standard_normal(seeds)
    low, high = stats.t.interval(0.95, seeds - 1, values.mean(), stats.sem(values))
    assert half_interval(values, quantile(seeds), 0.0) == pytest.approx((high - low) / 2)


def test_interval_covers_where_plain_ones_do_not():
    """Means of random thirds of one sample, K of them: the spread over draws is far less than that of a new sample."""
    rng, seeds, count, trials = np.random.default_rng(0), 8, 60, 600
    plain = corrected = 0
    for _ in range(trials):
        sample = rng.standard_normal(count)
        values = np.array([rng.permutation(sample)[: count // 3].mean() for _ in range(seeds)])
        plain += abs(values.mean()) <= half_interval(values, quantile(seeds), 0.0)
        corrected += abs(values.mean()) <= half_interval(values, quantile(seeds), 0.5)
    error_of = (0.95 * 0.05 / trials) ** 0.5
    assert plain / trials < 0.95 - 4 * error_of
    assert corrected / trials > 0.95 - 4 * error_of


def test_fitted_is_the_best_logistic_curve():
    rng = np.random.default_rng(3)
    s = 4 + 2 * rng.standard_normal(400)
    y = rng.uniform(size=400) < sigmoid(1.5 * (s - 4) - 0.4)
    z = (s - s.mean()) / s.std()

    def penalised(w):
        return np.logaddexp(0, w[0] * z + w[1]).mean() - (y * (w[0] * z + w[1])).mean() + RIDGE / 2 * (w @ w)

    best = minimize(penalised, [1.0, 0.0], tol=1e-12).x
    np.testing.assert_allclose(
        fitted(s, y.astype(float)), (best[0] / s.std(), best[1] - best[0] * s.mean() / s.std()), rtol=1e-4
    )
    a, b = fitted(s, y.astype(float))
    moved = fitted(10 * s + 100, y.astype(float))
    np.testing.assert_allclose(sigmoid(moved[0] * (10 * s + 100) + moved[1]), sigmoid(a * s + b), atol=1e-6)


def test_calibration_error_of_what_is_right_and_of_what_is_not():
    p = np.repeat([0.15, 0.85], 200)
    y = np.concatenate([np.arange(200) < 30, np.arange(200) < 170]).astype(float)
    assert error(reliability(p, y)) == pytest.approx(0, abs=1e-12)
    assert error(reliability(1 - p, y)) == pytest.approx(0.7)
    assert reliability(np.array([1.0, 0.0]), np.array([1.0, 0.0]))[[0, 9], 2].tolist() == [1, 1]


def test_clean_classes_end_somewhere():
    a, b = fitted(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite([a, b]).all() and sigmoid(a + b) > 0.9 and sigmoid(b) < 0.1


# What ships


def test_features_are_those_of_the_encoder():
    """Published here and measured with the whole model: Pearson .656, Spearman .508 on the documents."""
    lee = rated("lee", 1)
    assert len(lee.texts) == 50 and len(lee.label) == 1225
    assert stats.spearmanr(lee.cosines(), lee.label)[0] == pytest.approx(0.508, abs=2e-3)
    assert stats.pearsonr(lee.cosines(), lee.label)[0] == pytest.approx(0.656, abs=2e-3)
    assert len(rated("wordsim", 1).label) == 352 and len(rated("simlex", 1).label) == 999


def test_whole_numbers_keep_the_angles():
    """Every number is off by a step at most half as large, uniformly: the error of a cosine has deviation step / sqrt 6."""
    x = unit(np.random.default_rng(0).standard_normal((200, 384)))
    codes, step = quantised(x)
    kept = unit(codes * step[:, None].astype(float))
    assert np.abs(kept @ kept.T - x @ x.T).max() < 5 * step.max() / 6**0.5


def test_only_openings_of_documents_ship():
    every = shipped()
    for row in range(50):
        assert len(every.texts[row].split()) <= 7 and every.texts[row].endswith("…") and every.texts[row] not in known()


def test_the_published_table_adds_up():
    for rows in TABLE.values():
        for pair in rows.values():
            for *sets, mean in pair:
                assert np.mean(sets) == pytest.approx(mean, abs=0.0051)
    assert FEATURE[1] - FEATURE[0] == pytest.approx(4.62)


# Quality


def test_models_learn_something_that_holds_for_new_texts(default):
    """Above the encoder alone on average, and above nothing by far more than their interval."""
    reached = default.spearman[-1].mean(1)
    for model in ("interaction", "feature"):
        i = default.place(model, "cosent")
        assert reached[i] > default.encoder.mean()
        assert reached[i] - default.half(default.spearman[-1, i]) > 0.3
    assert default.metrics()["auc"] > 0.75


def test_cosent_shows_no_gain_in_the_interaction_model(default):
    """The article's conclusion; its own difference, .003, is far inside the interval."""
    mean, half = default.helps("interaction")
    assert abs(mean) < half and half > 0.003


def test_without_an_order_there_is_nothing_to_learn():
    """Ratings dealt out anew: what is held out cannot be predicted, so nothing leaks from one side to the other.

    Twice the 95 % interval, for four runs; what is learnt from true ratings is ten times as far from nothing.
    """
    p = TrainParams(steps=40)
    task = task_of(p)
    shuffled = np.random.default_rng(1).permutation(task.rated.label)
    fresh = replace(task, rated=replace(task.rated, label=shuffled), seen=shuffled)
    runs = [(model, each) for model in Model for each in (Objective.COSENT, Objective.CROSS_ENTROPY)]
    training = start(p, fresh, tuple(runs))
    list(training.run())
    ratio = sum(len(split.held_out) for split in task.splits) / sum(len(split.learnt) for split in task.splits)
    for row in training.points[-1][2]:
        assert abs(row.mean()) < min(2 * half_interval(row, quantile(p.seeds), ratio), 0.2)


def test_first_part_needs_no_training_and_parts_only_add(default):
    parts = [result for _, result in compute(TrainParams(**SHORT))]
    assert not len(parts[0].steps) and len(parts[0].encoder) == 2
    assert [len(part.steps) for part in parts] == list(range(len(looks_of(20)) + 1))
    assert parts[-1].finished and not parts[-2].finished
    assert set(parts[0].metrics()) < set(parts[-2].metrics()) < set(parts[-1].metrics())


def test_gain_is_paired_and_antisymmetric(default):
    one, other = default.place("feature", "cosent"), default.place("feature", "ranknet")
    mean, half = default.gain(one, other)
    back, same = default.gain(other, one)
    np.testing.assert_allclose(mean, -back)
    np.testing.assert_allclose(half, same)
    assert half[-1] < default.half(default.spearman[-1, one]), "pairing takes out what both share"


def test_examples_are_held_out_and_placed(default):
    task = task_of(TrainParams())
    rows = task.splits[0].held_out
    label = task.rated.label[rows]
    assert len(default.first) == 12 and len(set(zip(default.first, default.second, strict=True))) == 12
    places = len(rows) + 1 - stats.rankdata(label)
    assert set(default.ranks[0]) <= set(places)
    assert default.ranks[0][default.why.index("alike")] <= 5


def test_guesses_change_one_thing_and_agree_with_the_main_part():
    p = TrainParams(**SHORT)
    *_, (_, found) = guesses(p)
    *_, (_, main) = compute(p)
    assert found.names == list(changed(p)) and found.names[0] == "chosen"
    wanted = [
        [main.spearman[-1, main.place(m, o)].mean() for o in ("cosent", "cross_entropy", "both")]
        for m in ("interaction", "feature")
    ]
    np.testing.assert_allclose(found.reached[0], wanted, atol=0.02)
    assert found.gain[0, 0, 0, 1] > 0
    every = list(changed(p).values())
    assert len(set(every)) == len(every)


def test_settings_of_own_pairs_stay_with_them():
    for each in changed(TrainParams(task="own", seeds=2)).values():
        assert each.task.kind == "own"


def test_circle_and_angle_are_for_cosines_alone():
    with pytest.raises(ParameterError, match="objective should be cosent"):
        TrainParams(model="interaction", objective="circle")
    assert TrainParams(model="feature", objective="angle").objective is Objective.ANGLE


def test_word_vectors_are_another_encoder():
    whole, first = (task_of(TrainParams(encoder=each.value)).rated.cosines() for each in Encoder)
    assert np.corrcoef(whole, first)[0, 1] < 0.9
    assert task_of(TrainParams(labels=Labels.CLASSES.value)).seen.max() == 1.0


def test_recipe_is_of_the_parameters():
    p = TrainParams(scale_interaction=2.0, scale_feature=10.0, log_learning_rate=-3.0, hidden=8, rank=4, batch=16, steps=20)
    assert recipe(p) == Recipe({Model.INTERACTION: 2.0, Model.FEATURE: 10.0}, 1e-3, 20, 16, 8, 4)

"""The experiment lora_digits: against peft and plain PyTorch, closed forms, and what ships."""

from dataclasses import replace
from itertools import islice, pairwise, permutations

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from scipy import stats
from torch.nn.functional import cross_entropy

from core.digits import sketch, weights
from core.faults import ParameterError
from core.lora.digits import data, spectra
from core.lora.digits.adapters import Adapter, adapter, compared
from core.lora.digits.comparison import PAIRS, SEEDS, STUDENT, interval, racers
from core.lora.digits.experiment import compute, preview, trained
from core.lora.digits.finetuning import recipe
from core.lora.digits.layers import cut
from core.lora.digits.merging import merged, unmerged_error
from core.lora.digits.params import DENSE, FIRST, LAYERS, METHODS, Layers, Network, Params, sizes
from core.lora.digits.program import Program, fresh
from core.lora.digits.race import TESTED, crossings
from core.lora.digits.reading import joined, parts
from core.lora.digits.result import half_interval
from core.lora.digits.worlds import Alphabet, Contrast, Rotated, Thick
from core.lora.laws import tangent_share
from demos.lora.digits import DIGITS

SMALL = Params(examples=50, batch=16, steps=20, layers="late", rank=3, log_learning_rate=-2.5)
MODULES = ("convolutions.0", "convolutions.1", "convolutions.2", "convolutions.3", "convolutions.4", "projection", "classes")
INK = data.old_world().pictures[:20]
THREE = ("full", "projection_fresh", "lora")
FINISHED, OVER_SEEDS = (each.result.load(DIGITS.shipped(each)) for each in DIGITS.computations)


def program(p: Params, adapters: list[Adapter], dtype: torch.dtype = torch.float32) -> Program:
    network = cut(p.network, p.layers, dtype)
    return Program(network, recipe(p), adapters, *joined(parts(network, data.to_learn(p))))


# worlds


def test_four_quarter_turns_are_none_and_two_negatives_neither():
    once, back = Rotated(angle=90.0), Rotated(angle=-90.0)
    np.testing.assert_allclose(back.of(once.of(INK)), INK, atol=1e-5)
    np.testing.assert_allclose(once.of(INK), np.rot90(INK, 1, (1, 2)), atol=1e-5)
    np.testing.assert_array_equal(Contrast().of(Contrast().of(INK)), INK)


def test_thickness_only_adds_ink_and_thinness_only_takes_it():
    assert np.abs(Thick(thickness=0.0).of(INK) - INK).max() < 1e-6
    rising = [Thick(thickness=t).of(INK) for t in (-1.5, -0.75, 0.0, 0.5, 1.0, 2.25, 3.0)]
    assert all((after >= before - 1e-6).all() and after.mean() > before.mean() for before, after in pairwise(rising))
    np.testing.assert_allclose(Thick(thickness=-1.0).of(INK), -Thick(thickness=1.0).of(-INK), atol=1e-6)


def test_a_dot_becomes_a_disc_of_the_radius():
    dot = np.full((1, 28, 28), -1.0, np.float32)
    dot[0, 14, 14] = 1
    grown = Thick(thickness=2.0).of(dot)[0]
    away = np.hypot(*(np.indices((28, 28)) - 14))
    assert (grown[away <= 2] == 1).all() and (grown[away >= 3] == -1).all()


@pytest.mark.parametrize("place", ["letter_1", "letter_2_again"])
def test_one_drawing_of_a_letter_is_refused_in_a_sentence(place):
    blank = sketch.pack(np.zeros((28, 28), int))
    said = f"{place} is blank: a letter needs two drawings, one to learn from and one that is only read, not 1"
    with pytest.raises(ParameterError) as refused:
        Params(world="alphabet", **{place: blank})
    assert str(refused.value) == said


def test_letters_are_learnt_from_one_drawing_and_read_from_the_other():
    world = Alphabet()
    learnt, read = data.to_learn(Params(world="alphabet", examples=60)), data.to_read(world)
    assert len(read.labels) == data.TESTED and set(learnt.labels) == set(read.labels) == {0, 1, 2}
    assert not np.array_equal(world.of("train"), world.of("test"))
    *_, (_, result) = compute(Params(world="alphabet", layers="head", examples=60, steps=60))
    assert result.metrics()["accuracy_new"] - result.metrics()["accuracy_new_interval"] > 2 / 3


def test_nobody_learns_from_what_is_read():
    rows = data.split("train").rows[data.rows_to_learn(Params(examples=1000))]
    assert not set(rows) & set(data.split("test").rows) and len(set(rows)) == 1000


# layers, sizes, accounts


@pytest.mark.parametrize("network", Network)
@pytest.mark.parametrize("layers", Layers)
def test_a_cut_network_is_the_network(network, layers):
    found, whole = cut(network, layers), weights.recogniser(network.value)
    assert [layer.name for layer in found.layers] == list(LAYERS[FIRST[layers] :])
    np.testing.assert_array_equal([layer.shape for layer in found.layers], sizes(network, layers))
    pictures = torch.from_numpy(INK)
    with torch.no_grad():
        torch.testing.assert_close(found.logits(found.trunk(pictures)), whole(pictures), atol=1e-5, rtol=1e-5)


def test_numbers_trained_are_those_that_move():
    """Counted in the tensors of a trained program against the closed form; the fresh projection moves W through r (n + m)."""
    adapters = compared(SMALL)
    ours = program(SMALL, adapters)
    first = [value.detach().clone() for value in ours.values]
    moved = [torch.zeros_like(value, dtype=torch.bool) for value in first]
    for _ in ours.run():
        moved = [before | (value != start) for before, value, start in zip(moved, ours.values, first, strict=True)]
    for i, each in enumerate(ours.low_ones):
        mine = torch.from_numpy(ours.columns.owner == i)
        count = sum(int(part[mine].sum()) for part in moved[: 2 * len(ours.low.layers)])
        turns = each.count if each.method == "relora" else 1
        assert count == turns * trained(SMALL, each), each
    assert int(sum(part[0].sum() for part in moved[2 * len(ours.low.layers) :])) == trained(SMALL, ours.dense_ones[0])
    n, m = sizes(SMALL.network, SMALL.layers).T
    assert trained(SMALL, Adapter("projection_fresh", 3)) == 3 * (n + m).sum()


def test_costs_are_known_before_anything_is_loaded():
    first, n, m = preview(Params(rank=2)), *sizes(Network.CLASSIFIER, Layers.HEAD).T
    assert first.metrics() == {"trained_parameters": 2.0 * (n + m).sum(), "state_bytes": 16.0 * (n + m).sum()}
    assert preview(Params(rank=2, optimiser="sgd")).metrics()["state_bytes"] == 0
    assert {each.method for each in compared(Params())} == set(METHODS)


# against peft and one after another


def peft_model(p: Params, ours: Program, i: int):
    """The whole network in peft, with the same A, trained the ordinary way."""
    each = ours.low_ones[i]
    targets = list(MODULES[FIRST[p.layers] :])
    config = LoraConfig(r=each.rank, lora_alpha=p.alpha, target_modules=targets, use_rslora=each.method == "rslora")
    base = cut(p.network, p.layers).network
    model = get_peft_model(base, config)
    mine = torch.from_numpy(ours.columns.owner == i)
    for name, (A, _) in zip(targets, ours.low.factors, strict=True):
        weight = model.get_submodule(f"base_model.model.{name}").lora_A["default"].weight
        weight.data = A.detach()[mine].view_as(weight).clone()
    return model


@pytest.mark.parametrize("method", ["lora", "rslora"])
def test_the_program_is_pefts_training(method):
    """Losses of every step to 1e-4, merged weights to 1e-6 of peft's own from the same factors."""
    adapters = [adapter(SMALL, "lora", 1), adapter(SMALL, method, 3)]
    ours = program(SMALL, adapters)
    model = peft_model(SMALL, ours, 1)
    learnt, order = data.to_learn(SMALL), np.random.default_rng((SMALL.seed, 1))
    optimiser = torch.optim.Adam([each for each in model.parameters() if each.requires_grad], ours.recipe.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, ours.recipe.share)
    theirs = []
    for _ in range(SMALL.steps):
        rows = order.choice(len(learnt.labels), SMALL.batch, replace=False)
        loss = cross_entropy(model(torch.from_numpy(learnt.pictures[rows])), torch.from_numpy(learnt.labels[rows]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        theirs.append(loss.item())
    mine = np.array(list(ours.run()))[:, 1]
    assert mine[0] - mine[-5:].mean() > 0.1, "training must have moved it"
    np.testing.assert_allclose(mine, theirs, atol=1e-4)


def test_merged_weights_are_pefts():
    ours = program(SMALL, [adapter(SMALL, "lora", 3)])
    model = peft_model(SMALL, ours, 0)
    with torch.no_grad():
        for i, name in enumerate(MODULES[FIRST[SMALL.layers] :]):
            B = ours.low.factors[i][1]
            B.copy_(torch.randn(B.shape, generator=torch.Generator().manual_seed(i)) / 10)
            weight = model.get_submodule(f"base_model.model.{name}").lora_B["default"].weight
            weight.data = B.mT.reshape(weight.shape).clone()
    network = merged(ours.cut, [update[0] for update in ours.updates()])
    unloaded = model.merge_and_unload()
    for name in MODULES:
        assert (network.get_submodule(name).weight - unloaded.get_submodule(name).weight).abs().max() <= 1e-6, name


@pytest.mark.parametrize("layers", ["head", "late"])
def test_together_is_one_after_another(layers):
    """Every method and rank in one program against each alone, in double precision: the same losses at every step."""
    p = SMALL.replace(batch=8, layers=layers)
    adapters = [each for each in compared(p) if layers == "head" or each.rank == p.rank]
    together = np.array(list(program(p, adapters, torch.float64).run()))
    for i, each in enumerate(adapters):
        alone = np.array(list(program(p, [each], torch.float64).run()))[:, 0]
        np.testing.assert_allclose(together[:, i], alone, atol=1e-4, err_msg=str(each))
    assert len({tuple(column.round(6)) for column in together.T}) == len(adapters), "no two of them are the same"


def test_merging_and_unmerging_change_nothing():
    ours = program(SMALL, compared(SMALL))
    list(ours.run())
    pictures = torch.from_numpy(INK)
    with torch.no_grad():
        apart = ours.logits(ours.cut.trunk(pictures))
        for i, each in enumerate(ours.adapters):
            mine = [update[i] for update in ours.updates()]
            network = merged(ours.cut, mine)
            assert (network(pictures) - apart[:, i]).abs().max() <= 1e-5 * apart[:, i].abs().max(), each
            assert unmerged_error(ours.cut, network, mine) <= 1e-6


# methods


def test_serial_adapters_take_turns_and_add_their_ranks():
    each = Adapter("relora", 2, 3)
    p = SMALL.replace(steps=21)
    ours = program(p, [each])
    ranks = []
    for t in range(p.steps):
        ours.step()
        if t % 7 == 6:
            ranks.append([int(torch.linalg.matrix_rank(update[0].double(), atol=1e-6)) for update in ours.updates()])
    assert ranks == [[2] * 4, [4] * 4, [6] * 4]
    lora = program(p, [Adapter("lora", 2)])
    np.testing.assert_allclose([lora.step()[0] for _ in range(8)], [program_losses(p, each)[t] for t in range(8)], atol=1e-6)


def program_losses(p: Params, each: Adapter) -> list[float]:
    return [float(losses[0]) for losses in program(p, [each]).run()]


def test_a_fresh_projection_moves_by_twice_the_gradient_on_average():
    """Article, equation 10; mean of many within 5 standard errors of the mean, rank at most 2 r."""
    G = torch.from_numpy(np.random.default_rng(0).standard_normal((6, 9)))
    draws = torch.stack([fresh(G, 2, np.random.default_rng((1, i)), "sgd") for i in range(4000)])
    away = (draws.mean(0) - 2 * G).abs() / (draws.std(0) / len(draws) ** 0.5)
    assert away.max() < 5 and int(torch.linalg.matrix_rank(draws[0])) == 4


@pytest.mark.parametrize("found", [[Adapter(name, 1) for name in names] for names in permutations(THREE) if names != THREE])
def test_adapters_that_move_w_come_first(found):
    with pytest.raises(ValueError, match="full fine-tuning should come first, then fresh projections, then products"):
        program(SMALL, found)


# spectra


def test_a_copy_of_full_rank_is_the_full_update_and_a_cut_one_is_the_nearest():
    ours = program(SMALL, [Adapter("full", 1)])
    list(ours.run())
    updates = [update[0] for update in ours.updates()]
    copies = spectra.cut_to(ours.cut, updates, np.array([1, 3, 200]))
    seen = ours.cut.trunk(torch.from_numpy(INK))
    with torch.no_grad():
        torch.testing.assert_close(copies.logits(seen)[:, 2], ours.logits(seen)[:, 0], atol=1e-3, rtol=1e-4)
    for update, kept in zip(updates, copies.updates(), strict=True):
        values = np.linalg.svd(update.numpy(), compute_uv=False)
        for place, r in enumerate((1, 3)):
            left = float((update - kept[place]).norm())
            assert left == pytest.approx(float(np.sqrt(np.sum(values[r:] ** 2))), rel=1e-4)


def test_random_subspaces_catch_what_theory_says():
    """The real gradients of a real network, every layer and rank: within 5 standard errors of 64 draws."""
    p, ranks = SMALL, np.array([1, 4, 16])
    ours = program(p, [Adapter("full", 1)])
    gradients = spectra.first_gradient(ours.cut, ours.seen, ours.labels)
    found = [spectra.captured(gradients, ranks, seed).mean for seed in range(4)]
    error = np.std(found, axis=0, ddof=1) / 2 + 1e-3
    n, m = sizes(p.network, p.layers).T[:, :, None]
    expected = tangent_share(n, m, np.minimum(ranks, m))
    assert (np.abs(np.mean(found, axis=0) - expected) < 5 * error).all()


# over seeds


def test_crossings_are_interpolated_and_never_is_said():
    losses = np.array([[2.0, 2.0, 2.0], [1.5, 0.5, 1.9], [0.5, 0.4, 1.8]])
    values = np.array([[1.0, 1.0, 1.0], [0.8, 0.4, 0.9], [0.2, 0.3, 0.9]])
    left, when = crossings(losses, values, np.array([0.0, 10.0, 20.0]))
    np.testing.assert_allclose(left, [0.5, 1 - 0.6 * 2 / 3, -1])
    np.testing.assert_allclose(when, [15, 20 / 3, -1])


@pytest.mark.parametrize("count", range(2, max(SEEDS.values()) + 1))
def test_intervals_are_scipys(count):
    values = np.random.default_rng(count).standard_normal(count)
    low, high = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    mean, half = interval(values)
    assert (mean, half) == pytest.approx(((low + high) / 2, (high - low) / 2), rel=1e-3)
    assert len(STUDENT) == max(SEEDS.values()) - 1


@pytest.mark.parametrize("right", [0, 3, 50, 97, 100])
def test_shares_have_wilsons_interval(right):
    theirs = stats.binomtest(right, 100).proportion_ci(0.95, "wilson")
    assert half_interval(right / 100, 100) == pytest.approx((theirs.high - theirs.low) / 2, rel=1e-3)


def test_racers_are_together_the_way_the_program_wants_them():
    for method in METHODS:
        found = list(racers(Params(method=method, rank=3)).values())
        dense = [each.method in DENSE for each in found]
        assert dense == sorted(dense, reverse=True) and len(set(found)) == len(found)


# the whole


def test_the_first_accuracy_comes_before_a_tenth_of_the_work():
    (nothing, before), (done, first) = islice(compute(Params(examples=50, steps=20)), 2)
    assert nothing == 0 and "accuracy_new" not in before.metrics() and done <= 0.1
    assert (
        first.metrics()["accuracy_new"] == first.metrics()["accuracy_before"] < 0.3 and first.metrics()["accuracy_old"] > 0.95
    )


def test_a_rate_far_too_high_is_shown_and_finite():
    *_, (_, last) = compute(
        Params(layers="head", steps=20, examples=50, log_learning_rate=-1.0, alpha=32.0, optimiser="sgd", rank=1)
    )
    assert (
        all(np.isfinite(array).all() for array in last.arrays().values()) and np.isfinite(list(last.metrics().values())).all()
    )


def test_what_ships_keeps_its_promises():
    """Defaults: the network reads a turned digit again, merged equals unmerged, and the floors are floors."""
    r, metrics = FINISHED, FINISHED.metrics()
    assert metrics["accuracy_before"] < 0.2 and metrics["accuracy_new"] > 0.7
    assert metrics["merged_error"] <= 1e-5 and metrics["unmerged_error"] <= 1e-5
    full, lora = r.methods.index("full"), [i for i, name in enumerate(r.methods) if name == "lora"]
    assert r.final_new[full] > 0.7 and r.final_new[lora[-1]] > r.final_new[lora[0]] + half_interval(0.5, 1000)
    assert (np.diff(r.cut_new) > -half_interval(0.5, 1000)).all() and r.cut_new[-1] <= r.final_new[full] + half_interval(
        0.5, 1000
    )
    theory = r.captured_expected()
    assert (np.abs(r.captured - theory) <= 5 * r.captured_error + 1e-9).all()


def test_the_articles_guess_as_it_was_found():
    """At equal progress and equal pace no difference between fresh projections and full fine-tuning is shown."""
    assert len(OVER_SEEDS.new) == SEEDS[Layers.HEAD] and set(PAIRS[0]) <= set(OVER_SEEDS.names)
    for found in (OVER_SEEDS.gentler("projection_fresh", "full"), OVER_SEEDS.paced("projection_fresh")):
        mean, half = interval(found)
        assert len(found) == SEEDS[Layers.HEAD] and abs(mean) < half < 0.06


def test_adapters_forget_more_than_full_fine_tuning_and_serial_ones_learn_less_than_parallel_ones():
    lower = [OVER_SEEDS.gentler("lora", "full"), OVER_SEEDS.gentler("lora_slow", "full_slow")]
    for found in (*lower, OVER_SEEDS.better("relora", "parallel")):
        mean, half = interval(found)
        assert mean + half < 0


def test_every_seed_reads_pictures_of_its_own():
    assert max(SEEDS.values()) * TESTED <= data.TESTED


def test_equal_pace_is_between_the_two_rates_that_ran():
    """Methods whose accuracy falls with the logarithm of their pace are as gentle as each other; one outside is left out."""
    places = [OVER_SEEDS.names.index(name) for name in ("full", "full_slow", "projection_fresh")]
    pace, gentle = OVER_SEEDS.pace.copy(), OVER_SEEDS.gentle.copy()
    pace[:, places] = [[10.0, 40.0, each] for each in (12, 20, 30, 39, 41, 9)]
    gentle[:, places] = 0.5 + 0.1 * np.log(pace[:, places])
    gentle[1, places[2]] += 0.02
    np.testing.assert_allclose(
        replace(OVER_SEEDS, pace=pace, gentle=gentle).paced("projection_fresh"), [0, 0.02, 0, 0], atol=1e-12
    )


def test_what_never_got_there_is_not_compared():
    never = replace(OVER_SEEDS, gentle=-np.ones_like(OVER_SEEDS.gentle))
    assert never.gentler("lora", "full").size == 0 and set(never.metrics()) == {
        f"serial_over_parallel{x}" for x in ("", "_interval")
    }

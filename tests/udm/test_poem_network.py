"""The network of the poems: its shape, its loss, its probabilities, its quality on lines that it never saw."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.digits import manifest
from core.digits.manifest import DamagedAssetError
from core.udm.places import Order, Rule
from core.udm.poem.baselines import WEIGHTS, bigram, counted, perplexity
from core.udm.poem.comparison import LINES, PLACES, WAYS, compare, diversity
from core.udm.poem.experiment import compute
from core.udm.poem.lines import CHARACTERS, HOLE, LENGTH, SIZE, split, vocabulary
from core.udm.poem.lines import LINES as LINES_FILE
from core.udm.poem.measured import FILE, measured
from core.udm.poem.network import Block, PoemNet
from core.udm.poem.params import Params
from core.udm.poem.predictor import Network, in_order, left_to_right
from core.udm.poem.recipe import EACH, RECIPE, batch, restoring
from core.udm.poem.weights import ASSET, network

HELD_OUT = 600  # lines on which the shipped figures are measured again


def from_all_over() -> np.ndarray:
    """Held-out lines from all over the split."""
    return split("test").lines[::20][:HELD_OUT]


def test_a_batch_has_every_number_of_wrong_places_as_often():
    clean, states, wrong, edits = batch(np.random.default_rng(0))
    assert (np.unique(edits * 10 + wrong, return_counts=True)[1] == EACH).all() and len(wrong) == 2 * LENGTH * EACH
    assert ((states != clean).sum(1) == wrong).all()
    assert ((states == HOLE).sum(1) == torch.where(edits == 1, 0, wrong)).all()


class Undecided:
    """A network that knows nothing: all characters alike."""

    def hidden(self, states, wrong, edits):  # noqa: ARG002  a network takes all three
        return torch.zeros(*states.shape, 1)

    def scores(self, hidden):
        return torch.zeros(*hidden.shape[:-1], SIZE)


def test_the_loss_of_a_network_that_knows_nothing_is_that_of_all_characters_alike():
    """l log V for either model: of holes t are asked for with weight l / t, of wrong characters all l."""
    loss = restoring(Undecided(), torch.Generator().manual_seed(0))
    assert float(loss) == pytest.approx(LENGTH * np.log(SIZE), rel=1e-6)


def test_the_loss_is_that_of_the_logits_by_hand():
    torch.manual_seed(0)
    model, noise = PoemNet(width=24, layers=1, heads=2), torch.Generator().manual_seed(5)
    seed = int(torch.randint(2**62, (), generator=torch.Generator().manual_seed(5)))
    clean, states, wrong, edits = batch(np.random.default_rng(seed))
    logs = model(states, wrong, edits).log_softmax(-1).gather(2, clean[..., None])[..., 0].detach()
    total = sum(
        float(-logs[i].sum() if edits[i] else -logs[i][states[i] == HOLE].sum() * LENGTH / wrong[i]) for i in range(len(clean))
    )
    assert float(restoring(model, noise).detach()) == pytest.approx(total / len(clean), rel=2e-3)  # it computes in bfloat16


def test_the_mean_over_orders_is_the_weighted_loss():
    """E_t of l / t times the sum over t random holes is the chain rule's mean over all orders, for any predictor."""
    model, line = network(), split("test").lines[7]
    orders = np.array([np.random.default_rng(i).permutation(LENGTH) for i in range(600)])
    chain = in_order(model, np.tile(line, (len(orders), 1)), orders).sum(1)
    by_holes = []
    for wrong in range(1, LENGTH + 1):
        for mask in range(2**LENGTH):
            holes = np.array([bool(mask >> i & 1) for i in range(LENGTH)])
            if holes.sum() == wrong:
                state = np.where(holes, HOLE, line)[None]
                likely = Network(model, False).factorised(state, wrong)[0, np.arange(LENGTH), line]
                by_holes.append((wrong, np.log(likely[holes]).sum()))
    counts = Counter(wrong for wrong, _ in by_holes)
    mean = sum(LENGTH / wrong * log / counts[wrong] / LENGTH for wrong, log in by_holes)
    assert chain.mean() == pytest.approx(mean, abs=4 * chain.std() / len(orders) ** 0.5 + 1e-4)


def test_attention_is_torchs():
    torch.manual_seed(0)
    block, x = Block(24, 3), torch.randn(4, LENGTH, 24)
    parts = block.mixed(block.before(x)).view(4, LENGTH, 3, 3, 8).permute(2, 0, 3, 1, 4)
    seen = torch.nn.functional.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(4, LENGTH, 24)
    x_then = x + block.joined(seen)
    then = x_then + block.outer(torch.nn.functional.gelu(block.inner(block.between(x_then))))
    torch.testing.assert_close(block(x), then, rtol=1e-5, atol=1e-6)


def test_the_network_has_the_shape_it_says():
    model = network()
    assert 2.5e6 < sum(each.numel() for each in model.parameters()) < 3e6
    states = torch.from_numpy(split("test").lines[:3].astype(np.int64))
    logits = model(states, torch.tensor([1, 2, 5]), torch.tensor([1, 1, 1]))
    assert logits.shape == (3, LENGTH, SIZE)
    alone = model(states[1:2], torch.tensor([2]), torch.tensor([1]))
    torch.testing.assert_close(logits[1:2], alone, rtol=1e-4, atol=1e-4)


def test_it_is_told_how_many_are_wrong_and_believes_it():
    """The more places are said to be wrong, the less it trusts what stands there."""
    lines = split("test").lines[:200]
    kept = [_kept(lines, wrong) for wrong in range(1, LENGTH + 1)]
    assert kept == sorted(kept, reverse=True) and kept[0] > 0.5 > kept[-1]


def _kept(lines, wrong):
    likely = Network(network(), True).factorised(lines, wrong)
    return float(likely[np.arange(len(lines))[:, None], np.arange(LENGTH), lines].mean())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500), st.sets(st.integers(0, 4), min_size=1), st.booleans(), st.sampled_from([0.5, 1.0, 1.5]))
def test_predictions_are_probabilities_and_what_stands_is_certain(number, holes, edits, temperature):
    state = split("validation").lines[number].copy()
    if not edits:
        state[list(holes)] = HOLE
    likely = Network(network(), edits, temperature).factorised(state[None], len(holes))[0]
    assert likely.sum(1) == pytest.approx(1, abs=1e-9) and likely.min() >= 0
    for place in set(range(LENGTH)) - holes if not edits else ():
        assert likely[place, state[place]] == 1
    plain = Network(network(), edits).factorised(state[None], len(holes))[0]
    powered = plain ** (1 / temperature)
    assert likely == pytest.approx(powered / powered.sum(1, keepdims=True), abs=1e-5)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
def test_the_chain_rule_is_one_prediction_after_another(order):
    model, lines = network(), split("test").lines[:5]
    found = in_order(model, lines, np.tile(order, (5, 1)))
    for row, line in enumerate(lines):
        state = np.full((1, LENGTH), HOLE, np.int16)
        for k, place in enumerate(order):
            likely = Network(model, False).factorised(state, LENGTH - k)[0, place, line[place]]
            assert found[row, k] == pytest.approx(np.log(likely), abs=1e-4)
            state[0, place] = line[place]


def test_baselines_are_laws_of_the_next_character():
    table = bigram(counted(split("train").lines), split("validation").lines)
    assert table.weight in WEIGHTS
    for before in (0, 17, SIZE - 1):
        lines = np.stack([np.full(SIZE, before), np.arange(SIZE)], 1)
        assert np.exp(table.logs(lines)[:, 1]).sum() == pytest.approx(1, abs=1e-9)
        assert np.exp(counted(split("train").lines).logs(lines)[:, 1]).sum() == pytest.approx(1, abs=1e-9)


def test_baselines_count_by_hand():
    train, line = split("train").lines, split("test").lines[3]
    table = counted(train)
    spelt = [tuple(row) for row in train.tolist()]
    alone = Counter(c for row in spelt for c in row)
    pairs = Counter(pair for row in spelt for pair in pairwise(row))
    before = Counter(c for row in spelt for c in row[:-1])
    first = Counter(row[0] for row in spelt)
    mixed = type(table)(table.unigram, table.pairs, 0.6).logs(line[None])[0]
    single = [(alone[c] + 1) / (len(train) * LENGTH + SIZE) for c in line.tolist()]
    joint = [first[line[0]] / len(train), *(pairs[a, b] / before[a] for a, b in pairwise(line.tolist()))]
    by_hand = [np.log(0.6 * pair + 0.4 * one) for pair, one in zip(joint, single, strict=True)]
    assert mixed == pytest.approx(by_hand, abs=1e-12)


def test_perplexity_of_equally_likely_characters_is_their_number():
    value, error = perplexity(np.full((10, LENGTH), -np.log(7.0)))
    assert (value, error) == (pytest.approx(7), pytest.approx(0, abs=1e-12))


def test_its_error_is_that_of_the_mean_over_lines():
    """Against the spread of perplexities of many sets of lines."""
    rng = np.random.default_rng(0)
    sets = [perplexity(rng.normal(-5, 1, (300, LENGTH)) + rng.normal(0, 0.5, (300, 1))) for _ in range(400)]
    values, errors = np.array(sets).T
    assert errors.mean() == pytest.approx(values.std(), rel=4 / np.sqrt(2 * 400))


def test_the_network_beats_the_bigram_by_four_standard_errors():
    table = measured()["perplexity"]
    (network_value, network_error), (bigram_value, bigram_error) = table["left_to_right"], table["bigram"]
    assert bigram_value - network_value > 4 * np.hypot(network_error, bigram_error)
    assert table["unigram"][0] > bigram_value > network_value
    assert measured()["lines"] == len(split("test").lines) > 10_000


def test_it_does_on_a_sample_measured_now():
    """Paired, line by line; and the shipped figures are those of the sample within its error."""
    lines = from_all_over()
    pairs = bigram(counted(split("train").lines), split("validation").lines).logs(lines)
    chain = left_to_right(network(), lines)
    ahead = (chain - pairs).sum(1)
    assert ahead.mean() > 4 * ahead.std() / len(lines) ** 0.5
    for name, logs in (("left_to_right", chain), ("bigram", pairs)):
        value, error = perplexity(logs)
        assert value == pytest.approx(measured()["perplexity"][name][0], abs=4 * error), name
    usual, spread = measured()["log_p"]
    assert chain.sum(1).mean() == pytest.approx(usual, abs=4 * spread / len(lines) ** 0.5)


def test_the_histogram_is_of_all_held_out_lines():
    table = measured()
    edges, counts = np.array(table["edges"]), np.array(table["counts"])
    middle = (edges[1:] + edges[:-1]) / 2
    assert counts.sum() == table["lines"]
    assert (middle * counts).sum() / counts.sum() == pytest.approx(table["log_p"][0], abs=np.diff(edges).max() / 2)
    assert sum(table["distances"]) == pytest.approx(1, abs=1e-3) and table["distances"][0] == 0


def test_what_ships_is_small_and_described():
    lines = manifest.lines()
    for name in (ASSET, LINES_FILE, CHARACTERS, FILE):
        assert lines[name]["bytes"] == manifest.verified(name).stat().st_size
    assert lines[ASSET]["bytes"] < 9_000_000 > lines[ASSET]["bytes"] + lines[LINES_FILE]["bytes"]
    assert (lines[ASSET]["steps"], lines[ASSET]["seed"]) == (RECIPE.steps, RECIPE.seed)
    assert lines[ASSET]["data"][LINES_FILE] == lines[LINES_FILE]["sha256"]
    for measure, value in lines[ASSET]["quality"].items():
        assert value == pytest.approx(lines[ASSET]["quality_float32"][measure], rel=0.002), measure


def test_missing_weights_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "ASSETS", tmp_path)
    with pytest.raises(DamagedAssetError, match="udm/poem/network"):
        network()


WHOLE = st.sampled_from([(False, rule) for rule in (Rule.IMPROVED, Rule.BASELINE)] + [(True, rule) for rule in Rule])


@settings(max_examples=15, deadline=None)
@given(WHOLE, st.integers(1, LENGTH), st.lists(st.integers(-3000, SIZE - 1), min_size=5, max_size=5), st.integers(0, 99))
def test_given_characters_never_change(way, places, wanted, seed):
    """In any state of any rule; and no step changes more than it says."""
    edits, rule = way
    known = vocabulary()
    pattern = "".join(known.characters[c] if c >= 0 else "_" for c in wanted)
    p = Params(corruption="edit" if edits else "mask", rule=rule.value, places=places, given=pattern, seed=seed)
    *_, (done, r) = compute(p)
    fixed = np.array(wanted) >= 0
    assert done == 1 and (r.walks[:, :, fixed] == np.array(wanted)[fixed]).all()
    assert r.lines.max() < SIZE and (r.by_frequency[:, fixed] == np.array(wanted)[fixed]).all()
    free = int((~fixed).sum())
    assert r.walks.shape[1] == 1 + -(-free // places)
    if rule is not Rule.BASELINE:
        assert ((np.diff(r.walks, axis=1) != 0).sum(2) <= places).all()
    elif not edits:
        left = np.maximum(free - places * np.arange(r.walks.shape[1]), 0)
        assert ((r.walks == HOLE).sum(2) == left).all()


@pytest.mark.parametrize("order", [order.value for order in Order])
def test_holes_are_filled_in_the_order_asked_for(order):
    *_, (_, r) = compute(Params(order=order, count=16))
    holes = (r.walks == HOLE).sum(2)
    assert (holes == np.arange(LENGTH, -1, -1)).all()
    if order == "left_to_right":
        assert ((r.walks == HOLE) == (np.arange(LENGTH) >= np.arange(LENGTH + 1)[:, None])).all()


def test_a_line_that_is_all_given_is_read_and_scored_alone():
    *_, (_, r) = compute(Params(given="明月松间照"))
    assert r.walks.shape == (8, 1, LENGTH) and len(r.log_p) == 8
    assert r.log_p == pytest.approx(left_to_right(network(), r.lines).sum(1), abs=1e-4)


def test_parts_follow_each_other_and_only_the_last_is_scored():
    parts = list(compute(Params()))
    fractions = [done for done, _ in parts]
    assert fractions == sorted(set(fractions)) and (fractions[0], fractions[-1]) == (0, 1)
    assert [len(r.log_p) for _, r in parts] == [0] * (len(parts) - 1) + [8]
    assert [r.walks.shape[1] for _, r in parts] == [1, 2, 3, 4, 5, 6, 6]
    metrics = parts[-1][1].metrics()
    assert {"log_p", "log_p_usual", "order_gap", "nearest_distance", "copies", "perplexity_bigram"} <= metrics.keys()


def test_lines_of_the_network_are_likelier_than_characters_by_frequency():
    *_, (_, r) = compute(Params(count=16))
    ahead = r.log_p - r.log_p_frequency
    assert ahead.mean() > 4 * ahead.std(ddof=1) / 4


def test_ways_are_compared_with_their_errors():
    parts = list(compare(Params(seed=3)))
    (done, r), counts = parts[-1], [len(part.log_p) for _, part in parts]
    assert done == 1 and counts == list(range(len(WAYS) + 1))
    assert r.log_p.shape == r.stderr.shape == r.diversity.shape == (len(WAYS), len(PLACES))
    by = dict(zip(WAYS, zip(r.log_p[:, 0], r.stderr[:, 0], r.diversity[:, 0], strict=True), strict=True))
    confident, plain = by["mask_confident"], by["mask_left_to_right"]
    assert confident[0] - plain[0] > 4 * np.hypot(confident[1], plain[1])  # it loves what is frequent
    assert confident[2] < r.diversity_usual[0]
    once = r.log_p[[list(WAYS).index(f"mask_{order.value}") for order in Order], -1]
    assert (once == once[0]).all()  # all at once, no order is left
    assert len(r.metrics()) == 2 * len(WAYS)


def test_diversity_counts_different_characters():
    assert diversity(np.array([[1, 2, 3, 4, 5], [1, 2, 3, 4, 6]])) == 0.6
    assert diversity(split("test").lines[:LINES]) > 0.5

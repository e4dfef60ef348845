"""The experiment attention_model: positions, memory, noise and theory inside the shipped character models."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from math import log, log2

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers.models.llama.configuration_llama import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

from core.attention.exact import exact
from core.attention.laws import Format, Gaussian
from core.attention.model import heads, writing
from core.attention.model.baselines import likelihoods
from core.attention.model.comparison import FORMATS, LIVE, MODELS, SCALES, compare, long_windows
from core.attention.model.curve import AT_ONCE, curves, strengths_of
from core.attention.model.experiment import compute, measured_text
from core.attention.model.lengths import along, by_span
from core.attention.model.measured import FILE, measured
from core.attention.model.network import LENGTH as SEEN
from core.attention.model.network import scales
from core.attention.model.noise import Noise, Place, Silent, amounts, clean_layers, layer_of, sizes, through
from core.attention.model.params import LONGEST, QUESTION, TYPED, Params
from core.attention.model.recipe import RECIPES, predicting
from core.attention.model.result import CONDITIONS, COPIES, GRID, LARGE, PLACES, SMALL
from core.attention.model.rotary import turned, turns
from core.attention.model.rounded import in_few_bits
from core.attention.model.shape import DIMENSION, HEADS, LAYERS, LENGTH
from core.attention.model.spans import LONG, SPANS
from core.attention.model.swift import swift_layer
from core.attention.model.text import ALPHABET, SCENE, SIZE, coded, scene, spelt
from core.attention.model.weights import KINDS, asset, network
from core.attention.model.windows import BEFORE, windows
from core.attention.rounding import rounded
from core.digits import manifest
from core.digits.manifest import DamagedAssetError
from core.faults import ParameterError

SHORT = Params(characters=512, written=40)


def finished(p):
    *_, (done, r) = compute(p)
    assert done == 1
    return r


def test_rotary_positions_are_those_of_llama():
    torch.manual_seed(0)
    q, k = torch.randn(2, 3, 4, 50, DIMENSION).unbind()
    config = LlamaConfig(hidden_size=4 * DIMENSION, num_attention_heads=4, rope_theta=10_000.0)
    cos, sin = LlamaRotaryEmbedding(config)(q, torch.arange(7, 57)[None])
    for mine, theirs in zip((turned(q, turns(7, 50, DIMENSION)), turned(k, turns(7, 50, DIMENSION))),
                            apply_rotary_pos_emb(q, k, cos, sin), strict=True):  # fmt: skip
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-4)


@given(st.integers(0, 900), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=20, deadline=None)
def test_products_know_the_distance_alone(shift, one, two):
    """Angles are computed in double precision; cos and sin are float32, whose errors the products of unit vectors share."""
    random = torch.Generator().manual_seed(one * 61 + two)
    q, k = torch.nn.functional.normalize(torch.randn(2, 1, DIMENSION, generator=random), dim=-1)
    near, far = (
        float(turned(q[None], turns(one + s, 1, DIMENSION))[0] @ turned(k[None], turns(two + s, 1, DIMENSION))[0].T)
        for s in (0, shift)
    )
    assert near == pytest.approx(far, abs=1e-5)


def test_the_log_scale_is_that_of_training_at_its_length_and_knows_how_many_are_seen():
    plain, longer = (scales(kind, 0, LONG, DIMENSION)[:, 0] for kind in ("constant", "log_length"))
    assert float(longer[LENGTH - 1]) == pytest.approx(float(plain[0])) == pytest.approx(DIMENSION**-0.5)
    assert float(longer[LONG - 1] / longer[LENGTH - 1]) == pytest.approx(log(LONG) / log(LENGTH))
    assert float(longer[0]) == 0
    capped = scales("log_length", 100, 5, DIMENSION, LENGTH)
    torch.testing.assert_close(capped, torch.full((5, 1), DIMENSION**-0.5))


@pytest.mark.parametrize("kind", KINDS)
def test_the_network_is_the_one_of_torch(kind):
    """Attention by scaled_dot_product_attention, layer by layer; and the clean run, and noise of strength 0, say the same."""
    model = network(kind)
    codes, _ = windows(scene()[:512])
    hidden = model.embedded(codes)
    for block in model.stack:
        query, key, value = model.asked(block, hidden)
        seen = torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True, scale=1.0)
        hidden = hidden + block.gathered(seen)
        hidden = hidden + block.thought(hidden)
    with torch.inference_mode():
        torch.testing.assert_close(model(codes), model.scores(hidden), rtol=1e-3, atol=1e-3)
        *_, last = clean_layers(model, codes)
        torch.testing.assert_close(last.stream, hidden, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(through(model, codes, Silent())[0], hidden, rtol=1e-3, atol=1e-3)


def test_nobody_sees_what_comes_later():
    codes, _ = windows(scene()[:LENGTH])
    other = codes.clone()
    other[:, 40:] = (other[:, 40:] + 1) % SIZE
    with torch.inference_mode():
        one, two = network("constant")(codes), network("constant")(other)
    torch.testing.assert_close(one[:, :40], two[:, :40], rtol=0, atol=1e-5)
    assert (one[:, 40:] - two[:, 40:]).abs().max() > 0.1


def test_the_loss_of_a_network_that_knows_nothing_is_that_of_all_characters_alike(monkeypatch):
    text = torch.from_numpy(coded(scene()))
    monkeypatch.setattr("core.attention.model.recipe._learned", lambda: text)
    loss = predicting(lambda codes: torch.zeros(*codes.shape, SIZE), torch.Generator().manual_seed(0))
    assert float(loss) == pytest.approx(log(SIZE), rel=1e-6)


def test_windows_predict_every_character_once():
    text = scene()[:1000]
    codes, following = windows(text)
    assert spelt(following.flatten().numpy()) == text[: 1000 // LENGTH * LENGTH]
    assert spelt(codes.flatten().numpy()) == (BEFORE + text)[: codes.numel()]
    one, two = windows("To")
    assert (spelt(one[0].numpy()), spelt(two[0].numpy())) == ("\nT", "To")


@pytest.mark.parametrize("place", Place, ids=lambda place: place.value)
@pytest.mark.parametrize("amount", ["same_number", "own_size"])
def test_noise_of_strength_nothing_is_no_noise_and_its_size_is_the_one_asked_for(place, amount):
    """Of one layer: what is added has the deviation of strength times the amount, within 4 standard errors."""
    model, p = network("constant"), Params(amount=amount, where="one_layer", layer=2)
    size = amounts(model, place, p)
    assert not size[[0, 2, 3]].any() and (size[1] > 0).all()
    noise = Noise(place, torch.tensor([0.0, 0.5, 2.0]), size, 3)
    shape = {Place.LOGITS: (HEADS, 30, 30), Place.VALUES: (HEADS, 30, DIMENSION)}.get(place, (30, 128))
    clean = torch.randn(1, 9, *shape)
    assert noise.added(place, 0, clean) is clean
    found = noise.added(place, 1, clean) - clean
    assert (found[0] == 0).all()
    torch.testing.assert_close(found[2], 4 * found[1], rtol=1e-3, atol=1e-4)
    whole = (found[1] / (0.5 * size[1])).flatten()
    assert float(whole.std()) == pytest.approx(1, abs=4 / (2 * len(whole)) ** 0.5)
    assert float(whole.mean()) == pytest.approx(0, abs=4 / len(whole) ** 0.5)


def test_one_head_alone_is_shaken():
    model, p = network("constant"), Params(where="one_head", layer=3, head=2)
    for place in (Place.LOGITS, Place.VALUES):
        size = amounts(model, place, p)[..., 0, 0]
        assert size[2, 1] == 1 and size.sum() == 1
    assert amounts(model, Place.MLP, p)[..., 0, 0].tolist() == [0, 0, 1, 0]


def test_own_sizes_are_root_mean_squares_of_a_clean_run():
    codes, _ = windows(scene()[:4096])
    with torch.inference_mode():
        layers = list(clean_layers(network("constant"), codes))
    row = layers[1].logits[:, 2].double().numpy()
    squares = [row[n, i, : i + 1].var() for n in range(len(row)) for i in range(1, LENGTH)]
    found = sizes("constant")
    assert float(found[Place.LOGITS][1, 2]) == pytest.approx(np.mean(squares) ** 0.5, rel=1e-4)
    assert float(found[Place.STREAM][3]) == pytest.approx(float(layers[3].stream.std(correction=0)), rel=0.05)


@pytest.mark.parametrize("scaling", ["constant", "log_length"])
@pytest.mark.parametrize("place", [*Place, None], ids=str)
def test_a_swift_layer_is_the_layer_up_to_rounding(scaling, place):
    """The same noise in both; of the largest number, a hundred roundings in single precision."""
    model, p = network(scaling), Params(where="one_layer", layer=2) if place is Place.VALUES else Params()
    codes, _ = windows(scene()[: 3 * LENGTH])
    one, other = (Noise(place, strengths_of(p), amounts(model, place, p), 3) if place else Silent() for _ in range(2))
    with torch.inference_mode():
        plain = swift = model.embedded(codes)[None]
        for number in range(LAYERS):
            plain, swift = layer_of(model, number, plain, one), swift_layer(model, number, swift, other)
            assert plain.shape == swift.shape
            assert (plain - swift).abs().max() < 100 * torch.finfo(torch.float32).eps * plain.abs().max()


@pytest.mark.parametrize("where", ["all_layers", "one_layer", "one_head"])
def test_curves_are_separate_runs(where):
    """All strengths at once after one clean run, against one run a strength with the same noise, from the first layer on."""
    model, p = network("constant"), Params(where=where, layer=3, head=2, seed=5)
    text = scene()[: 6 * LENGTH]
    *_, (clean, noisy) = curves(model, text, p)
    codes, following = windows(text)
    with torch.inference_mode():
        plain = torch.nn.functional.cross_entropy(model(codes).transpose(1, 2), following, reduction="none").mean(1)
        assert clean == pytest.approx(plain.numpy(), abs=1e-5)
        for i, place in enumerate(Place):
            for k in (3, 12):
                noise = Noise(place, strengths_of(p)[[k]], amounts(model, place, p), 5 * len(PLACES) + i)
                parts = [slice(k, k + AT_ONCE) for k in range(0, 6, AT_ONCE)]
                hidden = [through(model, codes[part], noise)[0] for part in parts]
                scores = model.scores(torch.cat(hidden)).transpose(1, 2)
                alone = torch.nn.functional.cross_entropy(scores, following, reduction="none").mean(1)
                assert noisy[i, k] == pytest.approx(alone.numpy(), abs=2e-4), (place, k)


def test_without_noise_everything_is_clean():
    r = finished(SHORT.replace(strength=0.0))
    assert (r.written == r.written[:1]).all() and (r.same == SHORT.written).all()
    assert r.noisy[:, -1] == pytest.approx(np.broadcast_to(r.clean, (4, len(r.clean))), abs=1e-5)
    assert r.after == pytest.approx(np.broadcast_to(r.before, r.after.shape), abs=1e-5)
    assert r.measured.max() < 1e-6 and not r.leading.any() and not r.exact.any()


@pytest.mark.parametrize(("scale", "text"), [("log_length", QUESTION), ("constant", "A"), ("constant", "long text " * 20)])
def test_writing_from_memory_is_reading_all_again(scale, text):
    """Keys and values that are kept, against the whole text read anew for every character, noise included; past the window."""
    p = Params(text=text, scale=scale, written=70, strength=0.7)
    *_, kept = writing.written(network(scale), p)
    *_, again = writing.written(network(scale), p, keep=False)
    assert torch.equal(kept, again)


def test_writing_is_the_network_without_noise_inside_a_window():
    """The first logits are those of the network itself."""
    model, p = network("constant"), Params(strength=0.0)
    codes = writing.prompt(p)
    memory = writing.Memory(model, codes.shape[-1])
    with torch.inference_mode():
        found = writing.read(model, memory, codes, writing.Shaking(model, p, codes.shape[-1]))
        torch.testing.assert_close(found[0, 0], model(codes[0, 0][None])[0, -1], rtol=1e-3, atol=1e-3)


def test_what_is_written_is_drawn_from_the_softmax():
    """First characters of many texts against the law of the network at this temperature, by chi squared."""
    model, counts = network("constant"), Counter()
    p = Params(written=40, temperature=1.0, strength=0.0)
    seeds = 60
    for seed in range(seeds):
        counts.update(next(writing.written(model, p.replace(seed=seed)))[0, :, 0].tolist())
    with torch.inference_mode():
        law = model(writing.prompt(p)[0, :1])[0, -1].softmax(-1).numpy()
    expected = law * seeds * COPIES
    often = expected >= 5
    found = np.array([counts[k] for k in range(SIZE)])
    cells = np.append((found - expected)[often], (found - expected)[~often].sum())
    over = np.append(expected[often], expected[~often].sum())
    chi2, freedom = float((cells**2 / np.maximum(over, 1e-9)).sum()), len(cells) - 1
    assert chi2 < freedom + 4 * (2 * freedom) ** 0.5


@pytest.mark.parametrize("sigma", [0.05, 0.5, 1.5, 3.0])
def test_the_exact_error_of_a_head_is_that_of_one_query(sigma):
    """Against core.attention.exact, whose grid is another one; both are good to a thousandth."""
    random = torch.Generator().manual_seed(1)
    s, v = 2 * torch.randn(2, 1, 2, 12, generator=random).double(), torch.randn(2, 1, 12, 2, generator=random).double()
    p = s.softmax(-1)
    found = heads.exact_squares(p, v, heads._distances(p, v), torch.tensor([sigma]))
    for n in range(2):
        for i in range(2):
            weights, values = p[n, 0, i].numpy(), v[n, 0].numpy()
            moments = exact(Gaussian(strength=sigma), weights, values - weights @ values)
            assert float(found[n, 0, i]) == pytest.approx(moments.mean_square, rel=2e-3)


def test_a_head_under_noise_errs_as_theory_says():
    """Query by query within its own error, at a strength at which rare draws do not carry it: scores are of deviation 1."""
    r = next(compute(SHORT.replace(strength=0.3)))[1]
    scores = (r.measured - r.exact) / r.measured_stderr
    assert 0.5 < float((scores**2).mean()) < 2 and np.abs(np.median(scores)) < 0.3


@pytest.mark.parametrize("strength", [0.1, 0.3])
@pytest.mark.parametrize("scale", ["constant", "log_length"])
def test_small_noise_moves_a_head_as_far_as_its_own_logits_say(strength, scale):
    """The quality line: the median over heads of measured over predicted, to second order and exactly."""
    r = next(compute(SHORT.replace(strength=strength, scale=scale)))[1]
    values = r.metrics()
    for name in ("predicted_over_measured_median", "second_order_over_measured_median"):
        assert SMALL < 1 / values[name] < LARGE
    assert float(np.median(r.ratios)) == pytest.approx(1, abs=0.1)
    assert ((r.ratios > SMALL) & (r.ratios < LARGE)).mean() > 0.8


def test_noise_of_its_own_size_breaks_the_second_order():
    """What the page marks."""
    r = next(compute(SHORT.replace(strength=0.5, amount="own_size")))[1]
    assert ((r.ratios < SMALL) | (r.ratios > LARGE)).all()


def test_logits_survive_the_number_that_values_do_not():
    """Paired, window by window, at strength 1 and one number everywhere; relative noise turns it around."""
    r = finished(Params(strength=1.0, characters=2048, written=40))
    for i in (1, 2, 3):
        apart = r.noisy[i, -1] - r.noisy[0, -1]
        assert apart.mean() > 4 * apart.std(ddof=1) / len(apart) ** 0.5, PLACES[i]
    r = finished(Params(strength=1.0, characters=2048, written=40, amount="own_size"))
    apart = r.noisy[0, -1] - r.noisy[1, -1]
    assert apart.mean() > 4 * apart.std(ddof=1) / len(apart) ** 0.5


def test_small_noise_costs_its_square():
    r = finished(Params(characters=4096, written=40))
    excess, error = r.excess
    for i, a in enumerate(r.quadratic()):
        if i:  # of the logits too little is left of it
            fits = (excess[i, :-1] < 0.1) & (excess[i, :-1] > 3 * error[i, :-1])
            assert fits.sum() >= 2 and excess[i, :-1][fits] == pytest.approx(a * GRID[fits] ** 2, rel=0.35)


def test_maps_are_attention():
    r = next(compute(SHORT))[1]
    for each in (r.before[None], r.after):
        assert each.sum(-1) == pytest.approx(1, abs=1e-4) and each.min() >= 0 and not np.triu(each, 1).any()
    assert r.read == BEFORE + QUESTION


def test_parts_follow_each_other():
    parts = list(compute(SHORT))
    fractions = [done for done, _ in parts]
    assert fractions == sorted(set(fractions)) and fractions[-1] == 1
    assert [r.written.shape[2] for _, r in parts] == [0, 20, 40, 40, 40, 40]
    assert [len(r.clean) for _, r in parts] == [2, 2, 2, 4, 6, 8]
    for _, r in parts:
        assert {
            "perplexity",
            "perplexity_clean",
            "predicted_over_measured_median",
            "entropy",
            "effective_support",
        } <= r.metrics().keys()


@pytest.mark.parametrize("text", ["a", "ab", "O", "\nX", "To be " * 30])
def test_any_text_can_be_measured(text):
    r = finished(Params(text=text, measured="text", written=40))
    assert r.clean.shape == (max(len(text) // LENGTH, 1),) and np.isfinite(list(r.metrics().values())).all()


def test_numbers_of_few_bits_are_those_of_the_tab():
    random = torch.Generator().manual_seed(0)
    x = 5 * torch.randn(6, 9, generator=random)
    later = torch.triu(torch.ones(6, 9), 3).bool()
    for number_format in Format:
        low = in_few_bits(x.masked_fill(later, -torch.inf), number_format)
        assert (low[later] == -torch.inf).all()
        for i in range(6):
            seen = x[i][~later[i]].double().numpy()
            assert low[i][~later[i]].numpy() == pytest.approx(rounded(seen, number_format), abs=1e-6)
    torch.testing.assert_close(in_few_bits(x, Format.BF16), x.bfloat16().float(), rtol=0, atol=0)
    torch.testing.assert_close(in_few_bits(x, Format.FP8), x.to(torch.float8_e4m3fn).float(), rtol=0, atol=0)


def test_the_companion_rounds_and_reads_on():
    parts = list(compare(Params()))
    assert [len(r.formats) for _, r in parts] == [0, 1, 2, 3, 4, 4, 4] and parts[-1][0] == 1
    r = parts[-1][1]
    assert r.live.shape == (2, LIVE, len(SPANS))
    ratio = dict(zip(FORMATS, r.formats[:, 3], strict=True))
    assert all(SMALL < each < LARGE for each in ratio.values()), ratio
    worst = r.formats[FORMATS.index("fp8_e4m3")]
    assert worst[0] == r.formats[:, 0].max() and worst[1] == pytest.approx(r.perplexity_clean, rel=0.02)


def test_a_long_window_is_read_as_the_network_does():
    codes, following = windows(scene(), LONG)
    bits, entropy = along(network("log_length"), codes[0], following[0])
    with torch.inference_mode():
        logs = network("log_length")(codes[:1]).log_softmax(-1).gather(2, following[:1, :, None])[0, :, 0]
    assert bits == pytest.approx(-logs.numpy() / np.log(2), abs=1e-3)
    assert entropy[0] == pytest.approx(0, abs=1e-6) and (entropy <= np.log(np.arange(1, LONG + 1)) + 1e-4).all()
    (row, _), *_ = long_windows()
    assert row[1, 0] == pytest.approx(by_span(bits), abs=1e-3)


def test_counts_by_hand():
    train, text = "abracadabra", "abrab"
    found = likelihoods(coded(train).astype(np.int64), coded(text).astype(np.int64), 1)
    single = Counter(train)
    kinds = len(single)
    zero = {c: (single[c] + kinds / SIZE) / (len(train) + kinds) for c in ALPHABET}
    pairs = Counter(pairwise(train))
    for k, (before, c) in enumerate(pairwise(text)):
        follow = {two: n for (one, two), n in pairs.items() if one == before}
        by_hand = (follow.get(c, 0) + len(follow) * zero[c]) / (sum(follow.values()) + len(follow))
        assert found[:, k] == pytest.approx([zero[c], by_hand])
    law = [likelihoods(coded(train).astype(np.int64), np.append(coded("ra"), c).astype(np.int64), 2)[2, 0] for c in range(SIZE)]
    assert sum(law) == pytest.approx(1)


def test_every_network_beats_the_counts_and_the_shipped_figures_are_found_again():
    """Bits of the scene, whose play is among the held-out ones, lie within 4 of its own standard errors of the table's."""
    table = measured()
    assert table["characters"] > 250_000 and len(table["bits"]["constant"]) == len(table["bits"]["log_length"]) == 3
    codes, following = windows(scene())
    for kind in KINDS:
        with torch.inference_mode():
            loss = torch.nn.functional.cross_entropy(network(kind)(codes).transpose(1, 2), following, reduction="none").mean(1)
        bits = loss.numpy() / np.log(2)
        assert bits.mean() == pytest.approx(table["bits"][kind][0][0], abs=4 * bits.std() / len(bits) ** 0.5 + 0.05), kind
        assert bits.mean() < log2(SIZE) / 2


def test_the_table_says_what_the_log_scale_gains():
    """The verdict is the sign of the gain where its interval leaves one, and the gain is of paired windows."""
    *_, (_, r) = compare(Params())
    gain, half = r.gain
    assert r.verdict == ("unclear" if abs(gain) <= half else "better" if gain > 0 else "worse")
    apart = r.by_span[0] - r.by_span[1]
    assert apart == pytest.approx(r.gap, abs=2e-4)
    assert r.metrics()["long_gain"] == pytest.approx(float(apart[:, -1].mean()), abs=2e-4)
    assert r.quality.shape == (len(MODELS), 2) and (r.quality[:, 1] > 0).all()


def test_what_ships_is_small_and_described():
    lines = manifest.lines()
    names = [*(asset(kind) for kind in KINDS), FILE, SCENE]
    assert sum(lines[name]["bytes"] for name in names) < 9_000_000
    for kind in KINDS:
        line = lines[asset(kind)]
        assert (line["steps"], line["seed"]) == (RECIPES[f"{kind}_0"].steps, 0)
        assert line["quality"]["bits"] == pytest.approx(line["quality_float32"]["bits"], abs=0.002)
    assert len(scene()) == 8192 and set(scene()) <= set(ALPHABET)
    assert SEEN == LENGTH and len(SCALES) == 2 and len(CONDITIONS) == 5


def test_missing_weights_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "ASSETS", tmp_path)
    with pytest.raises(DamagedAssetError, match="attention/model/constant"):
        network("constant")


def test_importing_it_imports_no_torch():
    asked = "import sys; import demos.attention; assert not {'torch', 'diffusers', 'transformers'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", asked], check=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 100_000, "text should have at most 2000 characters, not 'xxxxxxxxxxxx...xxxxxxxxxxxxx'"),
        ("", "text should have at least one character that is not a space, not ''"),
        (" \n ", "text should have at least one character that is not a space, not ' \\n '"),
        ("To b\x00e", f"text {TYPED}, not '\\x00'"),
        ("caf\xe9", f"text {TYPED}, not é"),
        ("生存还是毁灭", f"text {TYPED}, not 生"),
        ("be\ttrue", f"text {TYPED}, not '\\t'"),
        (7, "text should be a valid string, not 7"),
    ],
)
def test_wrong_texts_are_answered_in_words(text, message):
    with pytest.raises(ParameterError) as error:
        Params(text=text)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"strength": float("nan")}, "strength should be a finite number, not nan"),
        ({"strength": float("inf")}, "strength should be a finite number, not inf"),
        ({"strength": 3.5}, "strength should be less than or equal to 3, not 3.5"),
        ({"layer": 0}, "layer should be greater than or equal to 1, not 0"),
        ({"head": HEADS + 1}, "head should be less than or equal to 4, not 5"),
        ({"where": "everywhere"}, "where should be 'all_layers', 'one_layer' or 'one_head', not 'everywhere'"),
    ],
)
def test_wrong_numbers_are_named(asked, message):
    with pytest.raises(ParameterError) as error:
        Params(**asked)
    assert str(error.value) == message


def test_the_longest_text_passes_and_is_the_one_measured():
    p = Params(text="a" * LONGEST, measured="text")
    assert measured_text(p) == p.text and measured_text(Params()) == scene()[:1024] and len(network("constant").stack) == LAYERS

"""The experiment lora_rank: spectra and errors against numpy, ranks against theory, adapters against peft, whole runs."""

import ast
import csv
import io
import json
import re
from base64 import b64decode, b64encode

import numpy as np
import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.numpy import save, save_file
from torch import nn

from core.digits import manifest, weights
from core.lora.rank import RankParams, compute, experiment, pair, planted
from core.lora.rank.__main__ import main
from core.lora.rank.decomposition import EXACT_SIDE, Decomposition, decompose
from core.lora.rank.pattern import adapters, factors
from core.lora.rank.planted import Plant
from core.lora.rank.result import RankResult
from core.lora.rank.weights import Weights
from demos._experiment import Computation
from demos._handout import code, everything, table
from demos._kept import Kept
from demos.lora.which_rank import RANK

MERGED = 1e-5  # asked for


def last(**given) -> RankResult:
    *_, (done, result) = compute(RankParams(**given))
    assert done == 1.0
    return result


def letters(tensors: dict[str, np.ndarray]) -> str:
    return b64encode(save({name: np.ascontiguousarray(each) for name, each in tensors.items()})).decode()


def low_rank(rng: np.random.Generator, rows: int, columns: int, rank: int) -> np.ndarray:
    return rng.standard_normal((rows, rank)) @ rng.standard_normal((rank, columns))


# Spectra and errors


@pytest.mark.parametrize("shape", [(1, 7), (40, 40), (30, 200), (300, 20)])
def test_exact_spectra_are_numpys_and_both_errors_agree(shape):
    D = np.random.default_rng(1).standard_normal(shape)
    found = decompose(D)
    np.testing.assert_allclose(found.values, np.linalg.svd(D, compute_uv=False), rtol=1e-12)
    assert found.norm == pytest.approx(np.linalg.norm(D)) and not found.bound.any()
    for rank in {0, 1, min(shape) // 2, min(shape)}:
        # A cut norm of nothing is what double precision leaves of the whole.
        assert found.measured_error(rank) == pytest.approx(found.expected_error(rank), rel=1e-9, abs=1e-13)
        assert found.cumulative[rank] == pytest.approx(1 - found.expected_error(rank) ** 2, abs=1e-12)


def large(noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A matrix that is projected, and all its singular values."""
    rng, side = np.random.default_rng(2), EXACT_SIDE + 88
    D = low_rank(rng, side, 700, 12) / 20 + noise * rng.standard_normal((side, 700))
    return D, np.linalg.svd(D, compute_uv=False)


@pytest.mark.parametrize("noise", [0.0, 0.1, 10.0])
def test_a_projected_spectrum_is_below_the_true_one_and_within_its_bound(noise):
    D, true = large(noise)
    found = decompose(D)
    kept, rounding = true[: len(found.values)], 1e-12 * true[0]
    assert (found.values <= kept + rounding).all()
    nearest = np.abs(true[None] - found.values[:, None]).min(1)
    assert (nearest <= found.bound + rounding).all()
    assert (found.measured_error(12) >= np.linalg.norm(true[12:]) / found.norm - 1e-12).all()
    assert found.measured_error(12) == pytest.approx(found.expected_error(12), rel=1e-6, abs=1e-7)


def test_the_directions_of_a_projected_matrix_are_exact_where_they_stand_out():
    D, true = large(0.1)
    found = decompose(D)
    np.testing.assert_allclose(found.values[:12], true[:12], rtol=1e-6)
    assert (found.bound[:12] < 1e-3 * found.values[:12]).all() and found.bound[40] > 1e-3 * found.values[40]
    assert found.sigma == pytest.approx(0.1, rel=0.02)  # of 384 x 384 numbers; 12 directions in 384 move the median a little


# Ranks


def test_the_rule_of_energy_is_the_lowest_rank_that_keeps_it():
    r = last(source="apart", rule="energy", energy=0.8, most=128)
    for i in range(len(r.layers)):
        values = np.linalg.svd(pair.shipped("apart").layer(i).decomposition.difference, compute_uv=False)
        share = np.cumsum(values**2) / np.sum(values**2)
        assert share[r.suggested[i] - 1] >= 0.8 and (r.suggested[i] == 1 or share[r.suggested[i] - 2] < 0.8)
        assert r.kept[i] == pytest.approx(share[r.suggested[i] - 1])
        assert r.energy_rank_4[i] == pytest.approx(share[min(4, len(share)) - 1])


def test_the_numbers_of_a_table_are_those_of_its_layers():
    r = last(source="longer", rule="energy", most=5)
    network = weights.denoiser().state_dict()
    assert r.total == len(r.layers) == sum(each.ndim > 1 for each in network.values())
    for i, name in enumerate(r.layers):
        rows, columns = network[name].shape[0], network[name][0].numel()
        assert (r.rows[i], r.columns[i], r.full_parameters[i]) == (rows, columns, rows * columns)
        assert r.adapter_parameters[i] == r.suggested[i] * (rows + columns) and r.suggested[i] <= 5
    metrics = r.metrics()
    assert (
        metrics["trained_parameters"] == r.adapter_parameters.sum()
        and metrics["state_bytes"] == 8 * metrics["trained_parameters"]
    )
    np.testing.assert_allclose(r.error, r.error_theory, rtol=1e-9, atol=1e-13)  # at full rank double precision is left
    np.testing.assert_allclose(r.kept, 1 - r.error**2, atol=1e-12)


@pytest.mark.parametrize("noise", [0.0, 0.05, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_planted_directions_far_above_the_threshold_are_all_found_and_no_other(noise, seed):
    r = last(noise=noise, planted_rank=6, decay=0.3, seed=seed)
    assert r.metrics()["suggested_rank"] == r.metrics()["suggested_rank_theory"] == 6
    if not noise:
        assert r.metrics()["numerical_rank"] == 6 and r.metrics()["relative_error"] < 1e-13


@pytest.mark.parametrize("noise", [5e-324, 1e-200, 1e-13, 1e-9])
def test_hardly_any_noise_is_as_good_as_none(noise):
    r = last(noise=noise, planted_rank=6)
    assert r.metrics()["suggested_rank"] == r.metrics()["suggested_rank_theory"] == 6
    np.testing.assert_allclose(r.expected[:6], r.truth, rtol=1e-9)
    assert np.isfinite(r.expected).all()


def test_noise_alone_has_no_rank_while_the_rule_of_energy_learns_it():
    """The first direction lies below the visible: 1 < 2 beta^(1/4)."""
    hidden = {"noise": 2.0, "planted_rank": 1, "rows": 160, "columns": 160}
    found = [last(**hidden, seed=seed).metrics() for seed in range(10)]
    assert [each["suggested_rank"] for each in found] == [0] * 10 == [each["suggested_rank_theory"] for each in found]
    learnt = last(**hidden, rule="energy", most=128).metrics()
    assert learnt["suggested_rank"] > 60 and learnt["suggested_rank_theory"] > 60


def test_a_planted_spectrum_is_the_expected_one():
    """Means of 40 draws; beyond the standard error a finite matrix is off by about its longer side to the minus 2/3."""
    plant = Plant(192, 256, 4, 0.3, 0.4)
    draws = np.stack([planted.layer(plant, seed).decomposition.values for seed in range(40)])
    expected, error = planted.spectrum(plant), draws.std(0, ddof=1) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(0) - expected) < 4 * error + 256 ** (-2 / 3) * plant.noise).all()


def test_rounding_is_not_rank():
    """A product of rank 3, merged into weights and saved in half precision: everything else is what the format made."""
    rng = np.random.default_rng(3)
    before = rng.standard_normal((80, 120)) / 10
    after = before + low_rank(rng, 80, 120, 3) / 50
    files = {name: letters({"layer.weight": each.astype(np.float16)}) for name, each in (("before", before), ("after", after))}
    r = last(source="upload", **files)
    assert (r.numerical_rank[0], r.suggested[0]) == (3, 3) and np.linalg.matrix_rank(
        pair.given(**files).layer(0).decomposition.difference
    ) == 80


def test_a_layer_that_did_not_change_needs_no_adapter():
    rng = np.random.default_rng(4)
    same, moved = rng.standard_normal((2, 12, 9)).astype(np.float32)
    before = {"a.weight": same, "b.weight": moved}
    after = {"a.weight": same, "b.weight": moved + np.outer(np.ones(12), np.ones(9)).astype(np.float32)}
    r = last(source="upload", before=letters(before), after=letters(after), rule="energy", own_layer=1)
    assert r.suggested.tolist() == [0, 1] and r.peft["target_modules"] == ["b"] and r.metrics()["energy_kept"] == 1
    assert all(drawing(RankParams(), r).payload() for drawing in RANK.main.drawings)


# PEFT


class Small(nn.Module):
    """Every kind of layer, and names that end like one another."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 10, 3)
        self.point = nn.Conv2d(10, 12, 1)
        self.proj = nn.Linear(12, 14)
        self.block = nn.ModuleDict(
            {"proj": nn.Linear(14, 16), "norm": nn.LayerNorm(16), "b1": nn.Linear(16, 8), "bx1": nn.Linear(8, 8)}
        )
        self.table = nn.Embedding(20, 8)

    def forward(self, x):
        return x


def tuned(model: nn.Module, ranks: dict[str, int]) -> dict[str, torch.Tensor]:
    """The weights after training: each named one moved along so many directions and a little noise."""
    torch.manual_seed(1)
    state = {name: each.clone() for name, each in model.state_dict().items()}
    for name, rank in ranks.items():
        rows, columns = len(state[name]), state[name][0].numel()
        change = torch.randn(rows, rank) @ torch.randn(rank, columns) / columns**0.5 + 0.003 * torch.randn(rows, columns)
        state[name] += change.view_as(state[name])
    return state


def put(model: PeftModel, found: pair.Pair, ranks: dict[str, int]) -> None:
    """The factors of the truncated product into the adapters that PEFT made; an embedding keeps their transposes."""
    for i in range(len(found)):
        layer = found.layer(i)
        if not ranks.get(layer.name):
            continue
        adapter = model.base_model.model.get_submodule(layer.name.removesuffix(".weight"))
        A, B = factors(layer.decomposition, ranks[layer.name], layer.shape)
        with torch.no_grad():
            if "default" in adapter.lora_A:
                adapter.lora_A["default"].weight.copy_(torch.from_numpy(A))
                adapter.lora_B["default"].weight.copy_(torch.from_numpy(B))
            else:
                adapter.lora_embedding_A["default"].copy_(torch.from_numpy(B.T.copy()))
                adapter.lora_embedding_B["default"].copy_(torch.from_numpy(A.T.copy()))


def bytes_of(state: dict[str, torch.Tensor]) -> bytes:
    return save({name: each.detach().numpy() for name, each in state.items()})


def as_best(found: Decomposition, rank: int) -> np.ndarray:
    """The best product of that rank, by numpy alone."""
    left, values, right = np.linalg.svd(found.difference, full_matrices=False)
    return (left[:, :rank] * values[:rank]) @ right[:rank]


def check_merged(model: nn.Module, found: pair.Pair, ranks: dict[str, int], peft: dict) -> None:
    """Adapters stand where they should with the ranks they should have; merged, they are the best product."""
    before = {name: each.clone() for name, each in model.state_dict().items()}
    adapted = get_peft_model(model, LoraConfig(**peft))
    made = {name.removesuffix(".lora_A") for name, each in adapted.base_model.model.named_modules() if name.endswith(".lora_A")}
    assert made == {name.removesuffix(".weight") for name, rank in ranks.items() if rank}
    put(adapted, found, ranks)
    merged = adapted.merge_and_unload().state_dict()
    assert merged.keys() == before.keys()
    for i in range(len(found)):
        layer, name = found.layer(i), found.names[i][1]
        rank = ranks.get(name, 0)
        best = as_best(layer.decomposition, rank) if rank else np.zeros(layer.sides)
        wanted = before[name].double().numpy() + best.reshape(layer.shape)
        assert np.abs(merged[name].double().numpy() - wanted).max() <= MERGED * max(1.0, np.abs(wanted).max()), name


def test_peft_takes_the_pattern_and_the_factors_are_the_best_adapters_of_a_small_model():
    model = Small()
    moved = {
        "convolution.weight": 3,
        "point.weight": 2,
        "block.proj.weight": 2,
        "block.b1.weight": 1,
        "block.bx1.weight": 2,
        "table.weight": 2,
    }
    found = pair.Pair(Weights(bytes_of(model.state_dict())), Weights(bytes_of(tuned(model, moved))))
    p = RankParams()
    rows = [experiment.row(found.layer(i), p) for i in range(len(found))]
    ranks = {each.layer.name: each.suggested for each in rows}
    assert ranks == {"proj.weight": 0} | moved
    check_merged(model, found, ranks, adapters(ranks, found.modules))


def test_names_that_end_like_others_or_look_like_a_pattern_keep_their_own_rank():
    """PEFT reads rank_pattern as regular expressions of the end of a name, target_modules as ends of names."""
    model = Small()
    ranks = {"proj.weight": 3, "block.proj.weight": 0, "block.b1.weight": 2, "block.bx1.weight": 2, "convolution.weight": 2}
    found = pair.Pair(Weights(bytes_of(model.state_dict())), Weights(bytes_of(tuned(model, dict.fromkeys(ranks, 5)))))
    peft = adapters(ranks, found.modules)
    assert peft["r"] == 2 and isinstance(peft["target_modules"], str)
    check_merged(model, found, ranks, peft)
    ranks |= {"block.proj.weight": 1}
    peft = adapters(ranks, found.modules)
    assert peft["rank_pattern"] == {"^proj": 3, "block.proj": 1} and isinstance(peft["target_modules"], list)
    check_merged(model, found, ranks, peft)


def test_peft_takes_the_pattern_of_the_shipped_denoiser():
    """A network of diffusers with 45 layers, dense, convolutions and a table; most = 24 keeps ranks different."""
    r = last(source="longer", most=24)
    ranks = dict(zip(r.layers, r.suggested.tolist(), strict=True))
    model = weights.read("weak_denoiser", manifest.verified(weights.asset("weak_denoiser")).parent)
    check_merged(model, pair.shipped("longer"), ranks, json.loads(json.dumps(r.peft)))


def test_no_layer_with_a_rank_is_no_adapter():
    assert adapters({"a.weight": 0, "bare": 3}, ["a", ""]) == {}
    r = last(noise=2.0, planted_rank=1, rows=160, columns=160)
    assert r.peft == {} and r.metrics()["relative_error"] == 1


# Whole runs


def test_a_first_look_comes_before_the_last_layer_and_the_end_is_the_same(monkeypatch):
    pair.shipped.cache_clear()
    monkeypatch.setattr(experiment, "AT_ONCE", 10**6)
    p = RankParams(source="longer")
    parts = list(compute(p))
    shares = [share for share, _ in parts]
    assert len(parts) > 5 and shares == sorted(shares) and shares[-1] == 1.0 and len(parts[0][1].layers) < 5
    again = list(compute(p))
    assert len(again) == 1 and again[0][1].metrics() == parts[-1][1].metrics()


def test_the_table_and_the_pattern_can_be_taken_home():
    p = RankParams(source="apart")
    r = last(source="apart")
    rows = list(csv.DictReader(io.StringIO(table(RANK, p)["text"].partition("\n")[2])))
    told = {row["layers"]: (row["shapes"], float(row["suggested"]), float(row["error"])) for row in rows if row["layers"]}
    assert told == {n: (s, k, e) for n, s, k, e in zip(r.layers, r.shapes, r.suggested, r.error, strict=True)}
    assert json.loads(everything(RANK, p)["text"])["other"]["peft"] == r.peft and LoraConfig(**r.peft)


def long_files() -> dict[str, str]:
    """Too long for a link."""
    rng = np.random.default_rng(6)
    before = rng.standard_normal((40, 50))
    return {"before": letters({"a.weight": before}), "after": letters({"a.weight": before + low_rank(rng, 40, 50, 2)})}


def test_copied_lines_read_the_files_and_say_the_same(tmp_path, monkeypatch, capsys):
    p = RankParams(source="upload", **long_files())
    for name in ("before", "after"):
        (tmp_path / f"{name}.safetensors").write_bytes(b64decode(getattr(p.source, name)))
    monkeypatch.chdir(tmp_path)
    exec(code(RANK, p)["text"], {})
    first = ast.literal_eval(capsys.readouterr().out.splitlines()[0])
    assert first == pytest.approx(last(source="upload", **long_files()).metrics())
    told = json.loads(everything(RANK, p)["text"])["parameters"]
    assert told["before"].startswith(f"{len(p.source.before)} letters ") and told["source"] == "upload"


def test_what_is_remembered_is_bounded_by_the_files_too():
    files = long_files()
    kept = Computation(compute, RANK.main.drawings, RankResult, kept=Kept(3 * sum(map(len, files.values()))))
    scenes = [RankParams(source="upload", most=most, **files) for most in range(1, 7)]
    for p in scenes:
        kept.finish(p)
    remembered = [p for p in scenes if kept.recalled(p)]
    assert remembered == scenes[-len(remembered) :] and 1 <= len(remembered) <= 2  # results have a size of their own


def test_the_terminal_says_the_same_as_the_page(tmp_path, capsys):
    rng = np.random.default_rng(5)
    before = {"a.weight": rng.standard_normal((30, 40)), "a.bias": rng.standard_normal(30)}
    after = before | {"a.weight": before["a.weight"] + low_rank(rng, 30, 40, 2)}
    paths = [str(tmp_path / name) for name in ("before.safetensors", "after.safetensors")]
    for path, each in zip(paths, (before, after), strict=True):
        save_file(each, path)
    assert main([*paths, "--rule", "energy", "--config", str(tmp_path / "config.json")]) == 0
    (line,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    r = last(source="upload", before=letters(before), after=letters(after), rule="energy")
    assert (line["layer"], int(line["suggested"]), float(line["error"])) == (
        "a.weight",
        r.suggested[0],
        pytest.approx(r.error[0], rel=1e-5),
    )
    assert json.loads((tmp_path / "config.json").read_text()) == r.peft
    (tmp_path / "before.safetensors").write_bytes(b"PK\x03\x04" + bytes(100))
    assert main(paths) == 2 and re.search(
        "before.safetensors should be a safetensors file: this is a pickle", capsys.readouterr().err
    )

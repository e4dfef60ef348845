"""What ships: small, described, intact, and good enough."""

import pytest

from core.digits import manifest, weights
from core.digits.manifest import DamagedAssetError
from core.guidance.digits import standard
from core.guidance.table import plan

NETWORKS = (*weights.DENOISERS, *weights.RECOGNISERS)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_is_the_one_described(name):
    path = manifest.verified(weights.asset(name))
    line = manifest.lines()[weights.asset(name)]
    assert line["bytes"] == path.stat().st_size < 9_000_000
    assert line["command"].startswith("python -m core.digits.train") and line["minutes"] > 0 and line["data"]["train"]


@pytest.mark.parametrize("name", NETWORKS)
def test_half_precision_costs_nothing(name):
    line = manifest.lines()[weights.asset(name)]
    assert line["quality"].keys() == line["quality_float32"].keys()
    for measure, value in line["quality"].items():
        assert value == pytest.approx(line["quality_float32"][measure], rel=0.01, abs=0.002), measure


def test_all_networks_together_are_small():
    assert sum(manifest.lines()[weights.asset(name)]["bytes"] for name in NETWORKS) < 20_000_000


def test_the_judge_knows_digits():
    assert manifest.lines()[weights.asset("judge")]["quality"]["accuracy"] >= 0.985


def rows(scene):
    return [row for row in standard.table()["rows"] if row["scene"] == scene]


def test_the_table_is_of_many_pictures_and_has_its_floor():
    floor = standard.table()["floor"]
    assert floor["splits"] == 20 and floor["interval"][0] < floor["mean"] < floor["interval"][1]
    assert {row["pictures"] for row in standard.table()["rows"]} == {5000}
    assert {standard.scene(p) for p in plan()} == {row["scene"] for row in standard.table()["rows"]}


def test_the_plain_conditional_model_draws_what_it_is_asked_for():
    plain = [row for row in rows("cfg") if row["gamma"] == 1]
    assert any(row["judge_agreement"] >= 0.95 and row["ratio_interval"][1] < 1.5 for row in plain)


@pytest.mark.parametrize(("scene", "wanted"), [("cfg", 0.995), ("classifier noised", 0.97)])
def test_guidance_at_its_best_reaches(scene, wanted):
    assert max(row["judge_agreement"] for row in rows(scene)) >= wanted


def test_the_trap_turns_guidance_round():
    trapped, derived = (
        {row["gamma"]: row["judge_agreement"] for row in rows(scene) if row["sampler"] == "ddim"}
        for scene in ("cfg trap", "cfg")
    )
    assert trapped[3] < trapped[2] < trapped[1] and derived[3] > derived[1] and trapped[3] < derived[1] - 0.2


def damaged(tmp_path):
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits/net.safetensors").write_bytes(b"weights")
    manifest.record("digits/net.safetensors", {"command": "make it", "quality": {"x": 0.5}, "seed": 0}, tmp_path)
    return tmp_path / "digits/net.safetensors"


def test_a_line_is_read_as_it_was_written(tmp_path):
    damaged(tmp_path)
    line = manifest.lines(tmp_path)["digits/net.safetensors"]
    assert line == {"sha256": manifest.digest(tmp_path / "digits/net.safetensors"), "bytes": 7} | {
        "command": "make it", "quality": {"x": 0.5}, "seed": 0,
    }  # fmt: skip


def test_a_damaged_file_is_named(tmp_path):
    path = damaged(tmp_path)
    assert manifest.verified("digits/net.safetensors", tmp_path) == path
    path.write_bytes(b"weighty")
    with pytest.raises(DamagedAssetError, match=r"digits/net\.safetensors is damaged"):
        manifest.verified("digits/net.safetensors", tmp_path)
    path.unlink()
    with pytest.raises(DamagedAssetError, match=r"digits/net\.safetensors is missing; make it again with: make it"):
        manifest.verified("digits/net.safetensors", tmp_path)
    with pytest.raises(DamagedAssetError, match="other has no line"):
        manifest.verified("other", tmp_path)


def test_a_damaged_network_is_not_loaded(tmp_path, monkeypatch):
    source = manifest.ASSETS / weights.asset("judge")
    copy = tmp_path / weights.asset("judge")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(source.read_bytes())
    manifest.record(weights.asset("judge"), {"command": "x"}, tmp_path)
    copy.write_bytes(source.read_bytes()[:-1] + b"\0")
    monkeypatch.setattr(manifest, "ASSETS", tmp_path)
    with pytest.raises(DamagedAssetError, match="judge"):
        weights.recogniser("judge")

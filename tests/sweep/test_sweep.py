"""The command: what it writes, that it goes on where it was, and that nothing is lost with a worker."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pyarrow.parquet as pq
import pytest

from core.sweep import run, table
from core.sweep.__main__ import main
from core.sweep.journal import Journal
from core.sweep.space import SweepError
from core.sweep.target import measured, target
from tests.ports import free

HOUSE = Path(__file__).parents[2]
GRID = ["beta=0:3:0.5", "seed=0:3"]
NAME = "nbce_gauss"


def sweep(*words):
    return main([str(word) for word in words])


def rows(path):
    return pq.read_table(path).to_pylist()


def without_seconds(found):
    return [{key: value for key, value in row.items() if key != "seconds"} for row in found]


def test_a_row_is_what_the_experiment_says(tmp_path):
    assert sweep(NAME, *GRID, "--out", tmp_path / "t.parquet", "--jobs", 2) == 0
    found, experiment = rows(tmp_path / "t.parquet"), target(NAME)
    assert [(row["beta"], row["seed"]) for row in found] == [(i / 2, seed) for i in range(7) for seed in range(4)]
    for row in found[::5]:
        told = experiment.main.finish(experiment.params(beta=row["beta"], seed=row["seed"])).metrics()
        assert {key: row[key] for key in told} == told and row["fault"] is None and row["seconds"] > 0


def test_both_kinds_of_table_say_the_same(tmp_path):
    for name in ("t.parquet", "t.csv"):
        assert sweep(NAME, "beta=0,1", "--out", tmp_path / name, "--jobs", 1) == 0
    with (tmp_path / "t.csv").open(encoding="utf8") as file:
        assert json.loads(file.readline().removeprefix("# "))["experiment"] == NAME
        text = list(csv.DictReader(file))
    for one, other in zip(text, rows(tmp_path / "t.parquet"), strict=True):
        assert {key: float(value) for key, value in one.items() if key not in ("seconds", "fault")} == {
            key: value for key, value in other.items() if key not in ("seconds", "fault")
        }
    assert b"beta=0,1" in pq.read_schema(tmp_path / "t.parquet").metadata[b"sweep"]


def test_a_companion_adds_its_metrics(tmp_path):
    assert sweep("cosent_loss", "seed=0", "--out", tmp_path / "t.csv", "--jobs", 1, "--companion") == 0
    experiment = target("cosent_loss")
    told = experiment.companion.finish(experiment.params()).metrics()
    with (tmp_path / "t.csv").open(encoding="utf8") as file:
        file.readline()
        row = next(csv.DictReader(file))
    assert {key: float(row[f"companion_{key}"]) for key in told} == told


def test_a_broken_rule_is_a_fault_of_its_row(tmp_path):
    assert sweep("lora_matrix", "rank=4,12", "inputs=8", "--out", tmp_path / "t.parquet", "--jobs", 1) == 0
    right, wrong = rows(tmp_path / "t.parquet")
    assert right["fault"] is None and right["final_loss"] is not None
    assert wrong["fault"] == "rank should be at most inputs = 8, not 12" and wrong["final_loss"] is None


def test_a_list_is_json_in_its_cell():
    column = table.Column("rows", "values", "rows", "string")
    assert column.cell({"values": {"rows": ((1, 2), (3, 4))}}) == "[[1, 2], [3, 4]]"


def test_a_sample_by_lot(tmp_path):
    for name in ("one.parquet", "two.parquet"):
        assert sweep(NAME, "beta=0:3", "rho=0:0.5", "--random", 6, "--lot", 9, "--out", tmp_path / name, "--jobs", 1) == 0
    one, two = (without_seconds(rows(tmp_path / name)) for name in ("one.parquet", "two.parquet"))
    assert one == two and len({row["beta"] for row in one}) == 6


def test_what_was_killed_goes_on(tmp_path):
    """SIGKILL midway: what was written stays, the rest follows, and the table is that of an unbroken sweep."""
    asked = [NAME, "beta=0:3:0.1", "seed=0:9", "--jobs", "1"]
    killed = subprocess.Popen(
        [sys.executable, "-m", "core.sweep", *asked, "--out", str(tmp_path / "t.parquet")], cwd=HOUSE, stderr=subprocess.DEVNULL
    )
    journal = tmp_path / "t.parquet.journal"
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"\n") > 20)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    before = journal.read_bytes()
    assert 20 < before.count(b"\n") < 310 and not (tmp_path / "t.parquet").exists()
    journal.write_bytes(before + b'{"point": 30')  # and a line that was broken off
    assert sweep(*asked, "--out", tmp_path / "t.parquet") == 0
    assert journal.read_bytes().startswith(before[: before.rindex(b"\n") + 1])
    assert sweep(*asked, "--out", tmp_path / "whole.parquet") == 0
    found = without_seconds(rows(tmp_path / "t.parquet"))
    assert len(found) == 310 and found == without_seconds(rows(tmp_path / "whole.parquet"))


def test_the_journal_of_another_sweep_is_not_touched(tmp_path, capsys):
    assert sweep(NAME, "beta=0,1", "--out", tmp_path / "t.csv", "--jobs", 1) == 0
    before = (tmp_path / "t.csv.journal").read_bytes()
    assert sweep(NAME, "beta=0,2", "--out", tmp_path / "t.csv", "--jobs", 1) == 2
    assert "belongs to another sweep: remove it, or choose another --out" in capsys.readouterr().err
    assert (tmp_path / "t.csv.journal").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nbce_gaus"], "nbce_gaus is not an experiment; there are guidance_plane, "),
        ([NAME, "beta=0", "beta=1"], "beta is given twice"),
        ([NAME, "--random", "0"], "--random should be between 1 and 1000000, not 0"),
        ([NAME, "seed=0:999", "beta=0:3:0.001"], "3001000 points are asked for; a sweep has at most 1000000"),
        ([NAME, "beta=-7"], "beta should be greater than or equal to -1, not -7"),
        ([NAME, "--dask", "tcp://127.0.0.1:1"], "no Dask scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_what_cannot_be_swept_is_a_sentence(tmp_path, capsys, words, said):
    assert sweep(*words, "--out", tmp_path / "t.csv") == 2
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(("out", "said"), [("t.xlsx", "should end in .parquet or .csv"), ("no/t.csv", "there is no folder")])
def test_a_table_that_cannot_be_written_is_a_sentence(tmp_path, capsys, out, said):
    assert sweep(NAME, "--out", tmp_path / out) == 2
    assert said in capsys.readouterr().err


def test_missing_packages_are_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SweepError, match=re.escape("pip install -r requirements-sweep.txt; or --out a .csv")):
        table.checked(tmp_path / "t.parquet")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SweepError, match=re.escape("pip install -r requirements-sweep.txt")):
        next(run.there(NAME, iter(()), False, "tcp://127.0.0.1:1"))


def test_points_are_taken_only_as_they_are_needed():
    taken = []

    def watched():
        for i in range(60):
            taken.append(i)
            yield i, {"seed": i}

    for done, _ in enumerate(run.here(NAME, watched(), False, 2), 1):
        assert len(taken) < done + run.WINDOW * 2
    assert len(taken) == 60


def test_a_journal_keeps_numbers_and_not_rows(tmp_path):
    with Journal(tmp_path / "j", {"experiment": NAME}) as journal:
        for number in (2, 0, 1):
            journal.add(measured(NAME, number, {"seed": number}, False))
        assert journal.place.keys() == {0, 1, 2} and all(isinstance(at, int) for at in journal.place.values())
    assert [row["point"] for row in Journal(tmp_path / "j", {"experiment": NAME}).rows()] == [0, 1, 2]


def wait_until(is_so, seconds=120):
    end = monotonic() + seconds
    while not is_so():
        assert monotonic() < end, "waited too long"
        sleep(0.05)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, processes of their own, without anybody to start them again."""
    address, started = f"tcp://127.0.0.1:{free()}", []

    def start(*words):
        out = (tmp_path / f"{len(started)}.log").open("w")
        started.append(
            subprocess.Popen([sys.executable, "-m", "dask", *words], cwd=HOUSE, stdout=out, stderr=out, env=environment)
        )
        return started[-1]

    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(HOUSE)}
    start("scheduler", "--host", address, "--no-dashboard")
    workers = [start("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    yield address, workers
    for each in started:
        each.kill()
        each.wait()


def test_nothing_is_lost_when_a_worker_is_killed(cluster, tmp_path):
    address, workers = cluster
    asked = [NAME, "beta=0:3:0.1", "seed=0:19"]
    coming = subprocess.Popen(
        [sys.executable, "-m", "core.sweep", *asked, "--out", str(tmp_path / "t.parquet"), "--dask", address], cwd=HOUSE
    )
    journal = tmp_path / "t.parquet.journal"
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"\n") > 60)
    workers[0].send_signal(signal.SIGKILL)
    reached = journal.read_bytes().count(b"\n")
    assert reached < 620
    assert coming.wait(timeout=200) == 0
    assert sweep(*asked, "--out", tmp_path / "here.parquet", "--jobs", 1) == 0
    found = without_seconds(rows(tmp_path / "t.parquet"))
    assert len(found) == 31 * 20 and found == without_seconds(rows(tmp_path / "here.parquet"))

"""The page for tables of sweeps: means and intervals are those of numpy and scipy, and a bad file is a sentence."""

import csv

import numpy as np
import pytest
from scipy import stats

from core.sweep.__main__ import main

DATA = "JSON.parse(JSON.stringify(document.querySelector('#plot').data))"


@pytest.fixture
def page(visitor):
    visitor.page.goto(visitor.address + "lab/sweeps")
    return visitor.page


def give(page, path):
    page.locator("input[type=file]").set_input_files(str(path))


def sweep(tmp_path):
    """(path, rows as dicts) of a real one."""
    path = tmp_path / "t.csv"
    assert main(["nbce_gauss", "beta=0:2:1", "pooling=mean,max", "seed=0:5", "--out", str(path), "--jobs", "1"]) == 0
    with path.open(encoding="utf8") as file:
        file.readline()
        return path, list(csv.DictReader(file))


def test_means_and_intervals(page, tmp_path):
    path, rows = sweep(tmp_path)
    give(page, path)
    page.locator("#choices").wait_for()
    chosen = {key: page.locator(f"#{key}").input_value() for key in ("x", "y", "by")}
    assert chosen == {"x": "beta", "y": "kl", "by": "pooling"}
    assert "36 rows; averaged over seed (6)." in page.locator("#told").inner_text()
    drawn = page.evaluate(DATA)
    for name in ("mean", "max"):
        line = next(each for each in drawn if each.get("name") == name and "marker" in each)
        band = next(each for each in drawn if each["legendgroup"] == name and each.get("fill") == "toself")
        for i, beta in enumerate((0.0, 1.0, 2.0)):
            values = np.array([float(row["kl"]) for row in rows if row["pooling"] == name and float(row["beta"]) == beta])
            half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
            assert line["y"][i] == pytest.approx(values.mean(), rel=1e-12)
            assert band["y"][i] - line["y"][i] == pytest.approx(half, rel=2e-3)  # the expansion's own error at 5 degrees
    dashed = next(each for each in drawn if each.get("name") == "mean theory")
    assert dashed["y"][0] == pytest.approx(np.mean([float(r["kl_theory"]) for r in rows if r["pooling"] == "mean"][:6]))


def test_other_columns_and_the_other_language(page, tmp_path):
    path, _ = sweep(tmp_path)
    give(page, path)
    page.locator("#by").select_option("")
    page.locator("#y").select_option("squared_error")
    assert "averaged over pooling (2), seed (6)" in page.locator("#told").inner_text()
    page.get_by_role("button", name="中文").click()
    assert "36 行；对 pooling (2), seed (6) 取平均" in page.locator("#told").inner_text()
    assert page.locator("h1").inner_text() == "扫描结果表"


def test_any_table_with_a_header(page, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('"a, b",c,text\r\n1,2,"x ""y"""\r\n1,4,z\r\n2,,z\r\n3,5,z\r\n')
    give(page, path)
    page.locator("#choices").wait_for()
    assert page.locator("#x").input_value() == "a, b" and page.locator("#y").input_value() == "c"
    assert page.evaluate(DATA)[-1]["y"] == [3, 5]
    assert "Left out for want of a number there: 1 row(s)." in page.locator("#told").inner_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "t.csv has no row below its header."),
        ("a,b\n", "t.csv has no row below its header."),
        ("a,b\n1,x\n", "t.csv needs at least two columns of numbers; it has 1."),
        ("# remark\na,b\n1,2\n3\n", "t.csv, line 4: 1 cells where the header has 2."),
        ("<img src=x onerror=alert(1)>,b\n1,x\n", "it has 1."),
        ("x" * 20_000_001, "t.csv has 20.0 MB; at most 20 MB are read."),
    ],
)
def test_a_file_that_is_no_table_is_a_sentence(page, tmp_path, text, said):
    (tmp_path / "t.csv").write_text(text)
    give(page, tmp_path / "t.csv")
    page.get_by_text(said).wait_for()
    assert not page.locator("#plot").is_visible()

"""What every experiment must satisfy; a new one is tested here without an edit."""

import ast
import csv
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path
from types import ModuleType

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings

import app
from core.controls import Kind
from core.faults import ParameterError
from demos import _tab, _words
from demos._api import answer, asked, endpoint
from demos._handout import HANDOUTS, code, everything, table
from demos._plot import Chart
from tests.draws import any_of, beside, corners, every_experiment, finished_or_first, outside, unreadable

ALL = every_experiment()
CORE = sorted((Path(app.__file__).parent / "core").rglob("*.py"))
FORMULA = re.compile(r"\$\$.+?\$\$|\$.+?\$", re.S)
ASIDE = re.compile("_(floor|target|theory|usual|at_gamma|at_steps)$")  # stands beside the number it is compared with
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
every = pytest.mark.parametrize("experiment", ALL)


def same(one, other) -> bool:
    arrays = one.arrays()
    return arrays.keys() == other.arrays().keys() and all(np.array_equal(a, other.arrays()[k]) for k, a in arrays.items())


def finite(metrics) -> bool:
    return all(isinstance(value, float) and np.isfinite(value) for value in metrics.values())


@every
def test_any_parameters_compute_draw_and_repeat(experiment):
    @settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
    @given(any_of(experiment.params))
    def check(p):
        _, result = finished_or_first(experiment, p)
        assert same(result, finished_or_first(experiment, p)[1]), "the same parameters give the same result"
        assert finite(result.metrics())
        for array in result.arrays().values():
            assert not array.flags.writeable and (array.base is None or array.base.nbytes <= array.nbytes)
        json.dumps([drawing(p, result).payload() for drawing in experiment.main.drawings], allow_nan=False)

    check()


@every
def test_corners_compute_and_draw(experiment):
    for p in corners(experiment.params):
        _, result = finished_or_first(experiment, p)
        assert finite(result.metrics()), p
        for drawing in experiment.main.drawings:
            json.dumps(drawing(p, result).payload(), allow_nan=False)


@every
def test_another_seed_is_another_result(experiment):
    p = experiment.params()
    assert not same(finished_or_first(experiment, p)[1], finished_or_first(experiment, p.replace(seed=p.seed + 1))[1])


@every
def test_metrics_come_from_what_is_returned(experiment, tmp_path):
    """A result that went through a file knows its arrays and nothing else, and says the same."""

    @settings(max_examples=5, deadline=None, suppress_health_check=[*SLOW, HealthCheck.function_scoped_fixture])
    @given(any_of(experiment.params))
    def check(p):
        _, result = finished_or_first(experiment, p)
        result.save(tmp_path / "result.safetensors")
        again = experiment.main.result.load(tmp_path / "result.safetensors")
        assert same(result, again) and again.metrics() == result.metrics()

    check()


@every
def test_the_shipped_result_is_the_computed_one(experiment):
    p = experiment.params()
    for computation in experiment.computations:
        shipped = computation.result.load(experiment.shipped(computation))
        *_, result = [computation.compute(p)] if computation.live else (r for _, r in computation.compute(p))
        assert shipped.arrays().keys() == result.arrays().keys()
        for name, array in result.arrays().items():
            kept = shipped.arrays()[name]
            assert kept.shape == array.shape, name
            if array.size:  # another processor rounds differently, and a path of many steps amplifies that
                span = max(float(np.ptp(array.astype(float))), 1e-6)
                assert np.median(np.abs(kept.astype(float) - array.astype(float))) < 1e-3 * span, name
        for name, value in result.metrics().items():
            assert shipped.metrics()[name] == pytest.approx(value, rel=0.02, abs=0.01), name


@every
def test_both_languages_say_everything(experiment):
    words = _words.known(experiment.scope)
    p, keys = experiment.params(), {"title", "story", "formulas"}
    for computation in experiment.computations:
        for _, result in [(1.0, computation.compute(p))] if computation.live else computation.compute(p):
            pictures = json.dumps([d(p, result).payload() for d in computation.drawings])
            keys |= set(re.findall(r'"@([\w.]+)"', pictures)) | {d.__name__ for d in computation.drawings}
            if computation is experiment.main:
                keys |= {name for name in result.metrics() if not ASIDE.search(name)}
    keys |= {c.name for c in experiment.params.controls()}
    keys |= {f"units.{c.unit}" for c in experiment.params.controls() if re.search("[A-Za-z]", c.unit)}
    keys |= {f"{c.name}.{option}" for c in experiment.params.controls() for option in c.options}
    columns = [(f"{c.name}.{column.name}", column) for c in experiment.params.controls() for column in c.columns]
    keys |= {key for key, _ in columns} | {f"{key}.{option}" for key, column in columns for option in column.options}
    keys |= {f"units.{column.unit}" for _, column in columns if re.search("[A-Za-z]", column.unit)}
    assert keys <= words.keys(), sorted(keys - words.keys())
    for key, row in _words.texts(experiment.scope).items():
        assert all(row.values()) and FORMULA.findall(row["en"]) == FORMULA.findall(row["zh"]), key


@every
def test_presets_and_defaults_are_on_the_sliders(experiment):
    for changed in [{}, *(preset.values for preset in _words.presets(experiment.scope))]:
        p = experiment.params(**changed).values()
        for c in experiment.params.controls():
            steps = (p[c.name] - c.low) / c.step if c.step and c.exists(p) else 0
            assert steps == pytest.approx(round(steps)), (c.name, changed)


@every
def test_at_most_five_controls_are_open(experiment):
    basic = [c for c in experiment.params.controls() if not c.advanced and c.only is None]
    assert 1 <= len(basic) <= 5, [c.name for c in basic]


@every
def test_copied_lines_give_the_numbers_shown(experiment):
    p = experiment.params()
    with redirect_stdout(StringIO()) as printed:
        exec(code(experiment, p)["text"], {})
    for line, computation in zip(printed.getvalue().splitlines(), experiment.computations, strict=True):
        # The page shows four digits; single precision keeps fewer than seven of a difference of two sums.
        assert ast.literal_eval(line) == pytest.approx(computation.finish(p).metrics(), rel=5e-4, abs=1e-9)


@every
def test_numbers_can_be_taken_home(experiment):
    p = experiment.params()
    rows = table(experiment, p)["text"].splitlines()
    assert rows[0].startswith(f"# {experiment.name} ") and len(rows) > len(experiment.main.finish(p).metrics())
    body = json.loads(everything(experiment, p)["text"])
    assert body["arrays"].keys() == experiment.main.finish(p).arrays().keys() and body["parameters"] == p.values()
    if experiment.companion:
        follows = experiment.companion.finish(p)
        assert body["companion"]["arrays"].keys() == follows.arrays().keys()
        assert {"companion_metric", "companion_value"} <= set(next(csv.reader(rows[1:2])))
    assert HANDOUTS.keys() == {"link", "code", "csv", "json"}


@every
def test_figures_are_plotly_figures(experiment):
    """Charts are plain JSON here; plotly's own schema must accept each."""
    p = experiment.params()
    for computation in experiment.computations:
        for drawing in computation.drawings:
            picture = drawing(p, computation.finish(p))
            if isinstance(picture, Chart):
                figure = go.Figure(data=list(picture.data), layout=picture.layout)
                assert figure.layout.xaxis.title.text and figure.layout.yaxis.title.text, drawing.__name__


@every
def test_endpoint_answers_in_json_and_refuses_by_name(experiment):
    controls, call = experiment.params.controls(), endpoint(experiment)
    nothing = [None] * len(controls)
    said = json.loads(json.dumps(call(None, *nothing, None), allow_nan=False))
    assert said["figures"].keys() == {d.__name__ for d in experiment.main.drawings} and '"@' not in json.dumps(said)
    assert "figures" not in call(None, *nothing, False)
    if experiment.companion:
        whole = json.loads(json.dumps(call(None, *nothing, None, True), allow_nan=False))["companion"]
        assert whole["figures"].keys() == {d.__name__ for d in experiment.companion.drawings} and '"@' not in json.dumps(whole)
        assert whole["metrics"] == experiment.companion.finish(experiment.params()).metrics()
    with pytest.raises(app.gr.Error, match=controls[0].name):
        call(None, "nonsense", *nothing[1:], None)


@every
def test_api_and_link_refuse_every_wrong_value_by_name(experiment):
    for c in experiment.params.controls():
        around = beside(experiment.params, c)
        for value in outside(c):
            if value is not None:  # to a program, left out
                with pytest.raises(app.gr.Error, match=c.name):
                    answer(experiment, around | {c.name: value}, pictures=False)
        for text in unreadable(c):
            with pytest.raises(ParameterError, match=c.name):
                experiment.params.from_query(around | {c.name: text})
    with pytest.raises(app.gr.Error, match="wrong_name is not a parameter here"):
        answer(experiment, {"wrong_name": 1}, pictures=False)


@every
def test_visitors_at_once_get_what_they_would_alone(experiment):
    scenes = [experiment.params(seed=seed) for seed in (11, 12, 13)]
    alone = [_last(experiment, p) for p in scenes]
    with ThreadPoolExecutor(len(scenes)) as visitors:
        together = list(visitors.map(partial(_last, experiment), scenes))
    assert all(same(one, other) for one, other in zip(alone, together, strict=True))


def _last(experiment, p):
    computed = experiment.main.compute(p)
    return computed if experiment.main.live else list(computed)[-1][1]


@every
def test_endpoints_document_every_parameter(experiment):
    text = endpoint(experiment).__doc__ or ""
    for c in experiment.params.controls():
        line = next(row for row in text.splitlines() if row.startswith(f"    {c.name}: "))
        assert c.doc and c.doc in line, c.name
        if c.kind is Kind.NUMBER:
            assert f"from {c.low:g} to {c.high:g}" in line


def test_the_api_offers_the_experiments_and_nothing_else():
    offered = app.build().page.get_api_info()["named_endpoints"]
    experiments = {f"/{e.values[0].name}": e.values[0] for e in ALL}
    assert offered.keys() == experiments.keys()
    for name, experiment in experiments.items():
        names = [p["parameter_name"] for p in offered[name]["parameters"]]
        assert names == [*(c.name for c in experiment.params.controls()), *asked(experiment)]


def test_a_module_without_a_tab_stops_the_app(monkeypatch):
    monkeypatch.setitem(sys.modules, "demos.broken", ModuleType("demos.broken"))
    with pytest.raises(TypeError, match=r"demos/broken must export TAB"):
        _tab.load("broken")


def test_the_page_opens_finished_before_anything_heavy_is_imported():
    """Every experiment answers for its defaults from what ships."""
    opened = "import app, sys; from demos._tab import find; house = app.build(); "
    experiments = "e for tab in find().values() for e in tab.experiments"
    asked = f"[list(c.parts(e.params())) for e in ({experiments}) for c in e.computations]; "
    checked = "assert not {'torch', 'diffusers', 'scipy.stats', 'plotly'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", opened + asked + checked], check=True, cwd=Path(app.__file__).parent)


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_core_knows_no_page(path):
    nodes = [n for n in ast.walk(ast.parse(path.read_text("utf8"))) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {(n.module or "") if isinstance(n, ast.ImportFrom) else n.names[0].name for n in nodes}
    assert not {name.split(".")[0] for name in names} & {"gradio", "plotly", "demos", "app"}

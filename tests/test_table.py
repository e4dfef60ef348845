"""A parameter that is a small table: what it takes, how it travels, what it refuses."""

import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import gradio as gr
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from core.columns import Column
from core.controls import Kind
from core.faults import ParameterError
from core.parameters import Parameters, Variant, seed, variant
from core.result import Result
from core.schema import schema
from core.table import LONGEST, Table, table
from demos._api import answer, endpoint
from demos._experiment import Computation, Experiment
from demos._handout import code, link
from demos._words import texts
from demos.hotwater.tap import temperature
from tests.draws import any_of, cell, moved, outside, unreadable
from tests.test_schema import accepts, is_json

COLUMNS = (
    Column.clock("start"),
    Column.choice("place", ("bath", "kitchen", "wash_basin")),
    Column.number("flow", -0.5, 20.0, 0.1, "L/min"),
    Column.number("times", 1, 9, 1, whole=True),
    Column.number("minutes", 0.0, 60.0, 0.5, "min"),
)
MORNING = (("7:05", "bath", 6, 1, 8.0), ("18:30", "kitchen", 2.5, 3, 1))
KEPT = (("07:05", "bath", 6.0, 1, 8.0), ("18:30", "kitchen", 2.5, 3, 1.0))


class Params(Parameters):
    draws: Table = table(MORNING, COLUMNS, 1, 60, "what the family draws")
    seed: int = seed()


class Bare(Parameters):
    """May be empty."""

    times: Table = table((), (Column.clock("at"),), 0, 3, "moments")


class Typical(Variant):
    kind: Literal["typical"] = "typical"


class Own(Variant):
    kind: Literal["own"] = "own"
    draws: Table = table(MORNING, COLUMNS, 1, 60, "what the family draws")


class Sourced(Parameters):
    source: Typical | Own = variant(Typical(), "where draws come from")


@dataclass(frozen=True, eq=False)
class Rows(Result):
    """Stands for a result."""

    flows: np.ndarray

    def metrics(self) -> dict[str, float]:
        return {"rows": float(len(self.flows))}


def flows(p: Params) -> Rows:
    return Rows(np.array([row[2] for row in p.draws]))


EXPERIMENT = Experiment("table_alone", Params, Computation(flows, (temperature,), Rows, live=True))
DRAWS, _ = Params.controls()
both = pytest.mark.parametrize("params", [Params, Bare])
three = pytest.mark.parametrize("params", [Params, Bare, Sourced])


def test_it_is_kept_in_one_way():
    assert Params().draws == KEPT and [type(x) for x in Params().draws[0]] == [str, str, float, int, float]
    assert DRAWS.default == Params().values()["draws"] == [list(row) for row in KEPT]
    assert (DRAWS.kind, DRAWS.counts, DRAWS.columns) == (Kind.TABLE, (1, 60), COLUMNS)


@pytest.mark.parametrize(
    "given",
    [
        [list(row) for row in MORNING],
        [dict(zip([c.name for c in COLUMNS], row, strict=True)) for row in MORNING],
        "7:05,bath,6,1,8;18:30,kitchen,2.5,3,1",
        "start, place, flow, times, minutes\n7:05, bath, 6, 1, 8\r\n\n18:30, kitchen, 2.5, 3.0, 1\n",
        'Start\tPlace\tFlow\tTimes\tMinutes\n7:05\t"bath"\t6\t1\t8\n18:30\tkitchen\t2.5\t3\t1\n\t\t\t\t\n',
        "7：05，bath，6，1，8；18：30，kitchen，2.5，3，1",
    ],
    ids=["rows", "names", "link", "CSV", "spreadsheet", "Chinese keyboard"],
)
def test_every_way_to_write_it_is_one_table(given):
    p = Params(draws=given)
    assert p.draws == KEPT and p == Params() and hash(p) == hash(Params())
    assert [type(x) for x in p.draws[1]] == [str, str, float, int, float]


@three
def test_it_travels_unharmed(params):
    @settings(max_examples=100, deadline=None)
    @given(any_of(params))
    def check(p):
        assert params.from_json(p.to_json()) == p == params.from_query(p.to_query())
        assert hash(params(**p.values())) == hash(p) and p.replace() == p
        assert len(urlencode(p.to_query())) < 8000  # what every server takes

    check()


def test_a_link_is_short_and_plain():
    assert Params().to_query()["draws"] == "07:05,bath,6,1,8;18:30,kitchen,2.5,3,1"
    row = ("23:59", "wash_basin", 19.123456789012345, 9, 59.87654321098765)
    assert len(link(EXPERIMENT, Params(draws=(row,) * 60))["text"]) < 8000


@both
def test_wrong_tables_are_named(params):
    said, c = texts("_page"), params.controls()[0]
    for value in outside(c):
        with pytest.raises(ParameterError) as caught:
            params(**{c.name: value})
        (fault,) = caught.value.faults
        assert fault.parameter == c.name and fault.value in str(caught.value)
        assert {"en", "zh"} <= said[f"fault.{fault.rule}"].keys()
    for text in unreadable(c):
        with pytest.raises(ParameterError, match=c.name):
            params.from_query({c.name: text})


@pytest.mark.parametrize(
    ("given", "rule", "row", "column", "reason"),
    [
        (
            "shower in the morning",
            "table_clock",
            1,
            "start",
            "a time of day from 00:00 to 23:59 in row 1, column start, not 'shower",
        ),
        ([MORNING[0], ("7:00", "cellar", 1, 1, 1)], "table_choice", 2, "place", "one of bath, kitchen, wash_basin in row 2"),
        ("7:00,bath,six,1,1", "table_number", 1, "flow", "a number from -0.5 to 20 L/min in row 1, column flow, not 'six'"),
        ("7:00,bath,6,1.5,1", "table_whole", 1, "times", "a whole number from 1 to 9 in row 1, column times, not 1.5"),
        ("7:00,bath,6", "table_cells", 1, "", "5 cells (start, place, flow, times, minutes) in row 1, not ['7:00'"),
        ("7:00,bath,6,1,1,1", "table_cells", 1, "", "5 cells (start, place, flow, times, minutes) in row 1, not ['7:00'"),
        ([], "table_rows", 0, "", "should have 1 to 60 rows, not 0"),
        ([MORNING[0]] * 10_000, "table_rows", 0, "", "should have 1 to 60 rows, not 10000"),
        ("x" * (LONGEST + 1), "table_long", 0, "", "at most 20000 letters as a text, not 20001"),
        (7, "table", 0, "", "a table with the columns start, place, flow, times, minutes, not 7"),
    ],
)
def test_a_fault_says_where_and_what_is_allowed(given, rule, row, column, reason):
    with pytest.raises(ParameterError) as caught:
        Params(draws=given)
    (fault,) = caught.value.faults
    assert (fault.parameter, fault.rule, fault.row, fault.column) == ("draws", rule, row, column)
    assert str(caught.value).startswith("draws ") and reason in str(caught.value)
    said = texts("_page")[f"fault.{rule}"]
    for words in said.values():
        assert ("{row}" in words) == (row > 0) and ("{column}" in words) == bool(column) and "{bound}" in words


def test_a_text_of_any_letters_is_a_table_or_a_fault():
    @settings(max_examples=300, deadline=None)
    @given(st.text(st.sampled_from('07:5,;\t\n bath.-e"一'), max_size=60) | st.text(max_size=30))
    def check(text):
        try:
            assert len(Params(draws=text).draws) >= 1
        except ParameterError as error:
            assert error.faults[0].parameter == "draws"

    check()


@both
def test_the_schema_takes_what_the_parameter_takes(params):
    validator = Draft202012Validator(schema(params, "table"))
    Draft202012Validator.check_schema(validator.schema)
    c = params.controls()[0]
    anything = st.sampled_from([None, True, "", "7:05", "24:00", "bath", -1, 1.0, 1.5, 3, 61])

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def check(data):
        cells = [cell(column) | anything for column in c.columns]
        row = st.tuples(*cells).map(list) | st.lists(anything, max_size=6) | anything
        named = st.fixed_dictionaries({column.name: each for column, each in zip(c.columns, cells, strict=True)})
        values = {c.name: data.draw(st.lists(row | named, max_size=4))}
        assert validator.is_valid(values) == accepts(params, values), values

    check()
    for value in outside(c):
        if is_json(value) and not isinstance(value, str):
            assert not validator.is_valid({c.name: value}), value
    assert (
        validator.is_valid(params().values()) and validator.is_valid({c.name: moved(c)}) and accepts(params, {c.name: moved(c)})
    )


def test_programs_are_told_the_columns_and_may_give_rows_or_text():
    told = endpoint(EXPERIMENT).__doc__ or ""
    for part in (
        "1 to 60 rows of start (a time of day",
        "flow (a number from -0.5 to 20 L/min)",
        "place (one of bath, kitchen",
    ):
        assert part in told
    for rows in (KEPT[:1], json.loads(json.dumps(MORNING[:1])), "7:05,bath,6,1,8"):
        assert answer(EXPERIMENT, {"draws": rows}, pictures=False) == {
            "parameters": {"draws": [list(KEPT[0])], "seed": 0},
            "metrics": {"rows": 1.0},
        }
    with pytest.raises(
        gr.Error,
        match="draws should have a time of day from 00:00 to 23:59 in row 1, column start, not 'shower in the morning'",
    ):
        answer(EXPERIMENT, {"draws": "shower in the morning"}, pictures=False)


def test_gradio_describes_it():
    with gr.Blocks() as page:
        gr.api(endpoint(EXPERIMENT), api_name="table_alone")
    told = page.get_api_info()["named_endpoints"]["/table_alone"]["parameters"][0]
    assert told["parameter_name"] == "draws" and told["type"]["type"] == "array"
    assert told["parameter_default"] == [list(row) for row in KEPT]


def test_copied_lines_make_the_same_table():
    made = {"Params": Params}
    lines = code(EXPERIMENT, Params(draws=MORNING[:1]))["text"].splitlines()
    exec(next(line for line in lines if line.startswith("params = ")), made)
    assert made["params"] == Params(draws=MORNING[:1])


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda: Column.choice("place", ("hot, cold",)), "letters, digits and underscores, not 'hot, cold'"),
        (lambda: Column.choice("place", ("place",)), "a column and its option are both called place"),
        (lambda: table((), (Column.clock("at"), Column.clock("at")), 0, 1), "two columns have one name"),
        (lambda: table((("25:00",),), (Column.clock("at"),), 0, 1), "a time of day"),
    ],
)
def test_a_table_that_cannot_be_is_refused_where_it_is_declared(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        wrong()


def test_of_a_variant_it_exists_with_its_choice_alone():
    assert Sourced(source="own", draws="7:05,bath,6,1,8").values() == {"source": "own", "draws": [list(KEPT[0])]}
    with pytest.raises(ParameterError, match="draws is a parameter only with source = own"):
        Sourced(draws=MORNING)
    with pytest.raises(ParameterError, match="draws should have 1 to 60 rows, not 0") as caught:
        Sourced(source="own", draws=[])
    assert caught.value.faults[0].parameter == "draws"

"""The JSON Schema of an experiment accepts what its parameters accept, and nothing else."""

import json
from contextlib import suppress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from core.controls import Kind
from core.faults import ABOVE_OTHER, ParameterError
from core.schema import schema
from tests.draws import any_of, beside, every_experiment, inside, outside

every = pytest.mark.parametrize("experiment", every_experiment())


@st.composite
def any_names(draw, params):
    """Values within bounds for any of the names, whether they belong together or not."""
    values = {}
    for c in params.controls():
        if draw(st.booleans()):
            values[c.name] = draw(inside(c, c.options))
    return json.loads(json.dumps(values))


def accepts(params, values) -> bool:
    """Rules across parameters apart, which no schema can hold."""
    try:
        params(**values)
    except ParameterError as error:
        return all(fault.rule in (ABOVE_OTHER, *params.rules) for fault in error.faults)
    return True


def is_json(value) -> bool:
    """It knows neither NaN nor infinity."""
    with suppress(ValueError):
        json.dumps(value, allow_nan=False)
        return True
    return False


@every
def test_schema_and_parameters_agree_on_any_set_of_names(experiment):
    validator = Draft202012Validator(schema(experiment.params, experiment.name))
    Draft202012Validator.check_schema(validator.schema)

    @settings(max_examples=200, deadline=None)
    @given(any_names(experiment.params))
    def check(values):
        assert validator.is_valid(values) == accepts(experiment.params, values), values

    check()


@every
def test_whatever_can_be_drawn_is_valid_and_what_is_outside_is_not(experiment):
    validator = Draft202012Validator(schema(experiment.params, experiment.name))

    @settings(max_examples=30, deadline=None)
    @given(any_of(experiment.params))
    def check(p):
        assert validator.is_valid(p.values())

    check()
    for c in experiment.params.controls():
        around = beside(experiment.params, c)
        for value in outside(c):
            if is_json(value) and not (
                isinstance(value, str) and c.kind in (Kind.PICTURE, Kind.NUMBERS, Kind.TABLE, Kind.FILE)
            ):
                assert not validator.is_valid(around | {c.name: value}), (c.name, value)


def test_every_parameter_says_what_it_means():
    for experiment in (e.values[0] for e in every_experiment()):
        body = schema(experiment.params, experiment.name)
        named = dict(body["properties"])
        for rule in body.get("allOf", []):
            named |= {name: row for name, row in rule["then"]["properties"].items() if "description" in row}
        assert named.keys() == {c.name for c in experiment.params.controls()}
        assert all(row["description"] for row in named.values())
        assert any(c.kind is Kind.SEED for c in experiment.params.controls())


@every
def test_it_is_served(experiment, address):
    found = httpx.get(f"{address}lab/schema/{experiment.name}.json")
    assert found.json() == schema(experiment.params, experiment.name)
    assert httpx.get(f"{address}lab/schema/nonsense.json").status_code == 404

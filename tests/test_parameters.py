"""What every experiment's parameters must withstand."""

from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings

from core.faults import ParameterError
from core.parameters import Parameters, Variant, slider, variant
from demos._words import texts
from tests.draws import any_of, beside, choices, every_experiment, outside

every = pytest.mark.parametrize("experiment", every_experiment())


@every
def test_parameters_travel_unharmed(experiment):
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(any_of(experiment.params))
    def check(p):
        assert experiment.params.from_json(p.to_json()) == p
        assert experiment.params.from_query(p.to_query()) == p
        assert hash(experiment.params(**p.values())) == hash(p) and p.replace() == p

    check()


@every
def test_wrong_values_are_named(experiment):
    said = texts("_page")
    for c in experiment.params.controls():
        around = beside(experiment.params, c)
        for value in outside(c):
            with pytest.raises(ParameterError) as caught:
                experiment.params(**around, **{c.name: value})
            fault = caught.value.faults[0]
            assert fault.parameter == c.name and c.name in str(caught.value) and fault.value in str(caught.value)
            assert f"fault.{fault.rule}" in said, f"the page cannot say {fault.rule} in both languages"


@every
def test_names_nobody_knows_are_refused(experiment):
    with pytest.raises(ParameterError, match="wrong_name is not a parameter here"):
        experiment.params(wrong_name=1)


@every
def test_what_was_not_chosen_does_not_exist(experiment):
    for values in choices(experiment.params):
        p = experiment.params(**values)
        names = {c.name for c in experiment.params.controls() if c.exists(p.values())}
        assert p.values().keys() == names == p.to_query().keys()
        for c in experiment.params.controls():
            if c.name not in names:
                with pytest.raises(ParameterError, match=f"{c.name} is a parameter only with {c.only[0]}"):
                    experiment.params(**values, **{c.name: c.default})


@every
def test_options_ruled_out_are_refused_by_name_and_replaced_when_not_asked_for(experiment):
    for name, (other, table) in experiment.params.offers.items():
        for option, left in table.items():
            assert experiment.params(**{other: option}).values()[name] in left
            for ruled_out in set(next(c.options for c in experiment.params.controls() if c.name == name)) - set(left):
                with pytest.raises(ParameterError, match=f"{name} should be"):
                    experiment.params(**{other: option, name: ruled_out})


@every
def test_a_number_above_one_that_bounds_it_is_refused_naming_both(experiment):
    controls = {c.name: c for c in experiment.params.controls()}
    for name, others in experiment.params.at_most.items():
        for other in others:
            low, high = controls[other].low, controls[name].high
            assert high > low, f"{other} never bounds {name}"
            with pytest.raises(ParameterError, match=f"{name} should be at most {other} = {low}, not {high}"):
                experiment.params(**{other: low, name: high})


class Round(Variant):
    kind: Literal["round"] = "round"
    radius: float = slider(1.0, 0.0, 2.0, 0.1)


class Square(Variant):
    kind: Literal["square", "cube"] = "square"
    side: float = slider(1.0, 0.0, 3.0, 0.1)


class Shapes(Parameters):
    shape: Round | Square = variant(Round())


def test_a_new_choice_forgets_the_fields_of_the_old_one():
    p = Shapes(radius=0.5).replace(shape="cube", side=2.0)
    assert p.values() == {"shape": "cube", "side": 2.0}
    with pytest.raises(ParameterError, match="radius is a parameter only with shape = round, not 1"):
        p.replace(radius=1)


def test_one_name_cannot_mean_two_things():
    class Other(Variant):
        kind: Literal["other"] = "other"
        radius: float = slider(1.0, 0.0, 9.0, 0.1)

    class Wrong(Parameters):
        shape: Round | Other = variant(Round())

    with pytest.raises(TypeError, match="radius means different things in Round and Other"):
        Wrong()

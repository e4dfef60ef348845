"""Lessons of every tab: challenges can be won and are not won already, scenes exist, both languages say them."""

from itertools import chain

import pytest

from core.controls import Kind
from core.faults import ParameterError
from demos._house import TAUGHT
from demos._lessons import Challenge, Goal, Lessons, lessons, plain
from demos._scenes import frame
from demos._tab import find
from demos._words import known

TABS = find()
EVERY = [(experiment, lessons(experiment.scope)) for tab in TABS.values() for experiment in tab.experiments]
CHALLENGES = [pytest.param(e, each, id=f"{e.name}-{each.key}") for e, found in EVERY for each in found.challenges]
QUESTIONS = [pytest.param(e, each, id=f"{e.name}-{each.key}") for e, found in EVERY for each in found.questions]
LEAST = 3  # of stories and of challenges in a tab


@pytest.mark.parametrize("tab", list(TABS))
def test_a_tab_has_lessons(tab):
    found = [lessons(experiment.scope) for experiment in TABS[tab].experiments]
    for kind, least in (("stories", LEAST), ("challenges", LEAST), ("questions", 1)):
        assert sum(len(getattr(each, kind)) for each in found) >= least, kind


@pytest.mark.parametrize(("experiment", "challenge"), CHALLENGES)
def test_a_challenge_is_won_by_its_solution_alone(experiment, challenge):
    """Not by the defaults, not where it starts; the solution moves nothing that is locked."""
    solved = experiment.params(**challenge.start | challenge.solution)
    assert challenge.solution.keys() <= set(challenge.moves)
    assert challenge.won(experiment.main.finish(solved).metrics())
    for p in (experiment.params(), experiment.params(**challenge.start)):
        assert not challenge.won(experiment.main.finish(p).metrics())


@pytest.mark.parametrize(("experiment", "challenge"), CHALLENGES)
def test_what_a_challenge_names_exists(experiment, challenge):
    names, words = {c.name for c in experiment.params.controls()}, known(experiment.scope)
    metrics = experiment.main.finish(experiment.params(**challenge.start | challenge.solution)).metrics()
    assert set(challenge.moves) <= names and len(challenge.hints) >= 1
    assert {goal.metric for goal in challenge.goals} <= metrics.keys() & words.keys()
    assert {challenge.key, f"{challenge.key}.task", *challenge.hints} <= words.keys()
    assert all((goal.above is None) != (goal.below is None) for goal in challenge.goals)


@pytest.mark.parametrize(("experiment", "question"), QUESTIONS)
def test_the_answer_can_be_guessed(experiment, question):
    """It is inside the range, not at its middle, where the slider stands first."""
    low, high, step = question.range
    value = experiment.main.finish(experiment.params(**question.values)).metrics()[question.metric]
    assert low < value < high and (high - low) / step >= 10
    assert abs(value - (low + high) / 2) > 0.05 * (high - low)
    assert {question.key, f"{question.key}.title", f"{question.key}.answer", question.metric} <= known(experiment.scope).keys()


def test_every_scene_can_be_set():
    for experiment, found in EVERY:
        for story in found.stories:
            assert len(story.scenes) >= 2
            assert {story.key, *story.scenes} <= known(experiment.scope).keys()
            for values in story.scenes.values():
                experiment.params(**values)


def test_what_the_browser_gets_says_every_control():
    """Defaults and changes together are the parameters of the scene; what has no place is named."""
    for experiment, found in EVERY:
        told = frame(experiment.params) | plain(experiment.params, found)
        scenes = chain.from_iterable(story["scenes"] for story in told["stories"])
        sources = chain.from_iterable(story.scenes.values() for story in found.stories)
        for scene, values in zip(scenes, sources, strict=True):
            full = experiment.params(**values).values()
            defaults = dict(zip(told["names"], told["defaults"], strict=True)) | scene["values"]
            assert set(told["names"]) - set(scene["absent"]) == full.keys()
            assert {name: defaults[name] for name in full if name not in told["loose"]} == {
                name: value for name, value in full.items() if name not in told["loose"]
            }
        assert set(told["loose"]) == {c.name for c in experiment.params.controls() if c.kind is Kind.NUMBERS}


@pytest.mark.parametrize(
    ("goal", "metrics", "met"),
    [
        (Goal("a", above=1.0), {"a": 1.0}, True),
        (Goal("a", above=1.0), {"a": 0.999}, False),
        (Goal("a", below=1.0), {"a": 1.0}, True),
        (Goal("a", below=1.0), {"a": 1.001}, False),
        (Goal("a", above=0.8, of="b"), {"a": 1.6, "b": 2.0}, True),
        (Goal("a", above=0.8, of="b"), {"a": 1.5, "b": 2.0}, False),
        (Goal("a", below=2.0, of="b"), {"a": 1.0, "b": 0.5}, True),
        (Goal("a", below=2.0, of="b"), {"a": 1.0}, False),
        (Goal("a", above=0.0), {}, False),
    ],
)
def test_goals(goal, metrics, met):
    assert goal.met(metrics) is met
    assert Challenge("", (goal, Goal("c", above=0.0)), {}, (), (), {}).won(metrics | {"c": 1.0}) is met


def test_no_parameter_is_called_as_a_word_of_a_link_for_a_class():
    names = {c.name for experiment, _ in EVERY for c in experiment.params.controls()}
    assert not names & {*TAUGHT, "experiment"}


def test_nothing_is_nothing():
    assert not Lessons() and lessons("_page") == Lessons()


def test_a_scene_out_of_bounds_is_refused():
    experiment = TABS["guidance"].experiments[0]
    with pytest.raises(ParameterError, match="gamma should be less than or equal to 10"):
        plain(experiment.params, Lessons(challenges=(Challenge("x", (), {"gamma": 11.0}, (), (), {}),)))

"""Stories, challenges and questions, as data in an experiment's .toml: what a student is led through, and how it is judged.

    [stories.NAME]                      a title in both languages
    [stories.NAME.scenes.1]             a sentence in both languages: what to notice; and what it sets
    values = { gamma = 6.0 }
    [challenges.NAME]                   a title; [challenges.NAME.task] what is asked; [challenges.NAME.hints.1] and more
    goals = [{ metric = "purity", above = 0.95 }]
    moves = ["gamma"]                   the controls that may be moved; the others are locked
    start = { method = "cfg" }
    solution = { gamma = 8.0 }
    [questions.NAME]                    asked before anything is shown; .title; .answer is what is said afterwards
    metric = "entropy"
    values = { rho = 0.5 }
    range = [0, 1, 0.01]                what may be guessed: from, to, step

Whatever is not set goes back to its default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.parameters import Parameters
from demos._scenes import Values, scene
from demos._words import read


@dataclass(frozen=True)
class Goal:
    """What a metric has to reach; of: the metric that the bounds are shares of."""

    metric: str
    above: float | None = None
    below: float | None = None
    of: str = ""

    def met(self, metrics: Mapping[str, float]) -> bool:
        """Of finished metrics; one that is not there is not met."""
        if self.metric not in metrics or (self.of and self.of not in metrics):
            return False
        value, unit = metrics[self.metric], metrics[self.of] if self.of else 1.0
        return (self.above is None or value >= self.above * unit) and (self.below is None or value <= self.below * unit)


@dataclass(frozen=True)
class Story:
    """Scenes one after another; key of each sentence -> what it sets."""

    key: str
    scenes: Mapping[str, Values]


@dataclass(frozen=True)
class Challenge:
    """Goals, where it begins, what may be moved, hints by their keys, and one way to win."""

    key: str
    goals: tuple[Goal, ...]
    start: Values
    moves: tuple[str, ...]
    hints: tuple[str, ...]
    solution: Values

    def won(self, metrics: Mapping[str, float]) -> bool:
        return all(goal.met(metrics) for goal in self.goals)


@dataclass(frozen=True)
class Question:
    """A guess of a metric, before it is seen."""

    key: str
    metric: str
    values: Values
    range: tuple[float, float, float]


@dataclass(frozen=True)
class Lessons:
    """All of one experiment."""

    stories: tuple[Story, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    questions: tuple[Question, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stories or self.challenges or self.questions)


def lessons(scope: str) -> Lessons:
    """In the order of the file."""
    table = read(scope)
    return Lessons(
        tuple(_story(f"stories.{name}", row) for name, row in table.get("stories", {}).items()),
        tuple(_challenge(f"challenges.{name}", row) for name, row in table.get("challenges", {}).items()),
        tuple(_question(f"questions.{name}", row) for name, row in table.get("questions", {}).items()),
    )


def _story(key: str, row: Mapping[str, Any]) -> Story:
    return Story(key, {f"{key}.scenes.{name}": scene.get("values", {}) for name, scene in row["scenes"].items()})


def _challenge(key: str, row: Mapping[str, Any]) -> Challenge:
    goals = tuple(Goal(**goal) for goal in row["goals"])
    hints = tuple(f"{key}.hints.{name}" for name in row["hints"])
    return Challenge(key, goals, row.get("start", {}), tuple(row["moves"]), hints, row["solution"])


def _question(key: str, row: Mapping[str, Any]) -> Question:
    low, high, step = row["range"]
    return Question(key, row["metric"], row["values"], (low, high, step))


def plain(params: type[Parameters], asked: Lessons) -> dict[str, Any]:
    """For the browser. Raises ParameterError for a scene out of bounds."""
    return {
        "stories": [
            {"key": each.key, "scenes": [{"key": key} | scene(params, values) for key, values in each.scenes.items()]}
            for each in asked.stories
        ],
        "challenges": [_judged(params, each) for each in asked.challenges],
        "questions": [
            {"key": each.key, "metric": each.metric, "scene": scene(params, each.values), "range": list(each.range)}
            for each in asked.questions
        ],
    }


def _judged(params: type[Parameters], challenge: Challenge) -> dict[str, Any]:
    return {
        "key": challenge.key,
        "goals": [_bounds(goal) for goal in challenge.goals],
        "start": scene(params, challenge.start),
        "moves": list(challenge.moves),
        "hints": list(challenge.hints),
        "solution": scene(params, challenge.start | challenge.solution),
    }


def _bounds(goal: Goal) -> dict[str, Any]:
    return {name: value for name, value in vars(goal).items() if value not in (None, "")}

"""A class at work: everybody at once, for a while."""

import asyncio
from dataclasses import dataclass
from random import Random
from statistics import quantiles

import httpx

from demos._experiment import Experiment
from demos._tab import find
from tests.load.protocol import configuration, events
from tests.load.student import Log, Student


@dataclass(frozen=True)
class Lesson:
    """students: sessions; share: of moves whose run is waited for; every: s between two of the moves."""

    students: int = 40
    share: float = 0.1
    every: float = 5.0
    moves: int = 24


@dataclass(frozen=True)
class Outcome:
    """Of all students together."""

    logs: tuple[Log, ...]

    @property
    def errors(self) -> list[str]:
        return [error for log in self.logs for error in log.errors]

    @property
    def lost(self) -> int:
        return sum(log.lost for log in self.logs)

    @property
    def live(self) -> list[float]:
        return [each for log in self.logs for each in log.live]

    @property
    def runs(self) -> list[float]:
        return [each for log in self.logs for each in log.runs]

    @property
    def places(self) -> list[int]:
        return [each for log in self.logs for each in log.places]

    def percentile(self, percent: int) -> float:
        """Of the time to a live answer, s."""
        return quantiles(self.live, n=100)[percent - 1]


def experiments() -> list[Experiment]:
    """All that have a slider to move at once."""
    return [e for tab in find().values() for e in tab.experiments]


async def held(address: str, lesson: Lesson, chosen: list[Experiment]) -> Outcome:
    """Experiments are dealt out in turn."""
    async with httpx.AsyncClient(timeout=120) as client:
        config = await configuration(address, client)
    known = [each for each in (events(config, e) for e in chosen) if each.movable()]
    students = [Student(address, known[i % len(known)], Random(i), lesson.share) for i in range(lesson.students)]
    await asyncio.gather(*(student.attend(lesson.moves, lesson.every) for student in students))
    return Outcome(tuple(student.log for student in students))

"""What a class has guessed, under a room code: no accounts, in memory alone, bounded, and forgotten after some hours.

    POST lab/room/CODE {"question": "guidance_plane/questions.implosion", "visitor": "16 hex digits", "guess": 0.3}
    GET  lab/room/CODE?question=guidance_plane/questions.implosion -> {"guesses": [0.3, 0.25]}

A visitor's later guess takes the place of the earlier one. Several processes have rooms of their own: a balancer in front of
them has to keep a visitor at one, and a class in one room (README).
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from demos._lessons import lessons
from demos._tab import Tab

MOST_ROOMS, MOST_QUESTIONS, MOST_GUESSES = 100, 10, 200  # in a room, and of a question in it
KEPT = 3 * 3600  # s after the last guess
CODE = re.compile(r"[A-Z0-9]{4,8}")
LONGEST = 1000  # bytes of a guess
Ranges = Mapping[str, tuple[float, float]]  # question -> what may be guessed


class Guess(BaseModel):
    """What a visitor sends."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)

    question: str
    visitor: str = Field(pattern="^[0-9a-f]{16}$")
    guess: float


class RoomError(ValueError):
    """What is wrong with a guess, for a person."""


@dataclass
class Room:
    """Question -> visitor -> guess."""

    touched: float
    guesses: dict[str, dict[str, float]] = field(default_factory=dict)


class Rooms:
    """All rooms of this process, the one touched longest ago first."""

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._rooms)

    def guess(self, code: str, question: str, visitor: str, guess: float, now: float) -> None:
        """Raises RoomError for what is out of bounds, or where there is no place left."""
        self._check(code, question)
        low, high = self.ranges[question]
        if not low <= guess <= high:
            raise RoomError(f"guess should be between {low:g} and {high:g}, not {guess:g}")
        with self._lock:
            self._forget(now)
            given = self._room(code, now).guesses.setdefault(question, {})
            if visitor not in given and len(given) >= MOST_GUESSES:
                raise RoomError(f"a room takes at most {MOST_GUESSES} guesses of a question")
            given[visitor] = guess

    def guesses(self, code: str, question: str, now: float) -> list[float]:
        """In the order of their visitors' first; none of a room that nobody has entered."""
        self._check(code, question)
        with self._lock:
            self._forget(now)
            room = self._rooms.get(code)
            return list(room.guesses.get(question, {}).values()) if room else []

    def _check(self, code: str, question: str) -> None:
        if not CODE.fullmatch(code):
            raise RoomError("a room code should be 4 to 8 capital letters and digits")
        if question not in self.ranges:
            raise RoomError(f"there is no question {question[:80]!r}")

    def _room(self, code: str, now: float) -> Room:
        if code not in self._rooms and len(self._rooms) >= MOST_ROOMS:
            raise RoomError(f"all {MOST_ROOMS} rooms are taken; try again later")
        room = self._rooms.setdefault(code, Room(now))
        room.touched = now
        self._rooms.move_to_end(code)
        return room

    def _forget(self, now: float) -> None:
        """Rooms that nobody has touched for long."""
        while self._rooms and now - next(iter(self._rooms.values())).touched > KEPT:
            self._rooms.popitem(last=False)


def ranges(tabs: Mapping[str, Tab]) -> Ranges:
    """Of every question of the house."""
    experiments = [experiment for tab in tabs.values() for experiment in tab.experiments]
    return {f"{e.name}/{each.key}": each.range[:2] for e in experiments for each in lessons(e.scope).questions}


def route(rooms: Rooms) -> Route:
    """For launch(app_kwargs={"routes": [...]})."""

    async def answer(request: Request) -> JSONResponse:
        code = request.path_params["code"]
        try:
            if request.method == "POST":
                rooms.guess(code, **await _read(request), now=monotonic())
                return _told({})
            return _told({"guesses": rooms.guesses(code, request.query_params.get("question", ""), monotonic())})
        except RoomError as error:
            return _told({"error": str(error)}, 400)

    return Route("/lab/room/{code}", answer, methods=["GET", "POST"])


def _told(body: dict[str, Any], status: int = 200) -> JSONResponse:
    return JSONResponse(body, status, {"Cache-Control": "no-store"})


async def _read(request: Request) -> dict[str, Any]:
    """The three fields of a guess; no more of a body is read than one can have."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise RoomError("a guess should be application/json")  # what another site's form cannot send
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            raise RoomError(f"a guess should have at most {LONGEST} bytes")
    try:
        return Guess.model_validate_json(body).model_dump()
    except ValidationError as error:
        raise RoomError("; ".join(_sentence(detail) for detail in error.errors(include_url=False))) from None


def _sentence(detail: Mapping[str, Any]) -> str:
    """Of pydantic's list of errors."""
    place = detail["loc"][0] if detail["loc"] else "a guess"
    return f"{place}: {detail['msg']}"

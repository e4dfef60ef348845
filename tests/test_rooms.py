"""What a class has guessed: bounded, forgotten, and deaf to what is no guess."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demos._rooms import KEPT, LONGEST, MOST_GUESSES, MOST_ROOMS, RoomError, Rooms, ranges, route
from demos._tab import find

QUESTION, VISITOR = "plane/questions.a", "0123456789abcdef"
RIGHT = {"question": QUESTION, "visitor": VISITOR, "guess": 0.5}


def rooms():
    return Rooms({QUESTION: (0.0, 1.0), "plane/questions.b": (0.0, 1.0)})


def visitor(i):
    return f"{i:016x}"


@pytest.fixture
def client():
    with TestClient(Starlette(routes=[route(rooms())])) as client:
        yield client


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(0, 1)), max_size=30))
def test_the_last_guess_of_each_visitor_counts(guesses):
    place = rooms()
    for who, guess in guesses:
        place.guess("ABCD", QUESTION, visitor(who), guess, 0.0)
    assert sorted(place.guesses("ABCD", QUESTION, 0.0)) == sorted(dict(guesses).values())


def test_rooms_and_questions_are_apart():
    place = rooms()
    place.guess("ABCD", QUESTION, VISITOR, 0.1, 0.0)
    assert place.guesses("ABCE", QUESTION, 0.0) == place.guesses("ABCD", "plane/questions.b", 0.0) == []


def test_a_room_is_forgotten_after_its_last_guess():
    place = rooms()
    place.guess("ABCD", QUESTION, visitor(1), 0.1, 0.0)
    place.guess("ABCD", QUESTION, visitor(2), 0.2, KEPT)
    assert len(place.guesses("ABCD", QUESTION, 2 * KEPT)) == 2
    assert place.guesses("ABCD", QUESTION, 2 * KEPT + 1) == [] and len(place) == 0


def test_nothing_grows_without_end():
    place = rooms()
    for i in range(MOST_GUESSES):
        place.guess("ABCD", QUESTION, visitor(i), 0.1, 0.0)
    with pytest.raises(RoomError, match=f"at most {MOST_GUESSES} guesses"):
        place.guess("ABCD", QUESTION, visitor(MOST_GUESSES), 0.1, 0.0)
    place.guess("ABCD", QUESTION, visitor(0), 0.9, 0.0)  # one's own may still be changed
    for i in range(MOST_ROOMS - 1):
        place.guess(f"R{i:03d}", QUESTION, VISITOR, 0.1, 1.0)
    with pytest.raises(RoomError, match=f"all {MOST_ROOMS} rooms are taken; try again later"):
        place.guess("FULL", QUESTION, VISITOR, 0.1, 2.0)
    place.guess("FULL", QUESTION, VISITOR, 0.1, KEPT + 0.5)  # the first one is forgotten by now
    assert len(place) == MOST_ROOMS


def test_a_guess_goes_in_and_comes_out(client):
    assert client.post("/lab/room/ABCD", json=RIGHT).json() == {}
    answer = client.get("/lab/room/ABCD", params={"question": QUESTION})
    assert answer.json() == {"guesses": [0.5]} and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"nothing", "a guess: Invalid JSON"),
        (b"[]", "a guess: Input should be an object"),
        (json.dumps(RIGHT | {"more": 1}).encode(), "more: Extra inputs are not permitted"),
        (json.dumps(RIGHT | {"guess": "0.5"}).encode(), "guess: Input should be a valid number"),
        (json.dumps(RIGHT | {"guess": True}).encode(), "guess: Input should be a valid number"),
        (json.dumps(RIGHT | {"guess": math.nan}).encode(), "guess: Input should be a finite number"),
        (json.dumps(RIGHT | {"guess": 1.5}).encode(), "guess should be between 0 and 1, not 1.5"),
        (json.dumps(RIGHT | {"visitor": "me"}).encode(), "visitor: String should match pattern"),
        (json.dumps(RIGHT | {"question": "x" * 500}).encode(), "there is no question 'xxx"),
        (b" " * (LONGEST + 1), f"a guess should have at most {LONGEST} bytes"),
        (b"[" * 900, "a guess: Invalid JSON"),
    ],
)
def test_what_is_no_guess_is_a_sentence(client, body, said):
    answer = client.post("/lab/room/ABCD", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400 and answer.json()["error"].startswith(said)


@pytest.mark.parametrize("code", ["abc", "ABC", "ABCDEFGHI", "AB-D", "%00%00%00%00"])
def test_a_code_that_is_none(client, code):
    assert client.post(f"/lab/room/{code}", json=RIGHT).json()["error"].startswith("a room code should be")


def test_a_form_of_another_site_cannot_guess(client):
    assert client.post("/lab/room/ABCD", content=json.dumps(RIGHT)).status_code == 400


def test_every_question_of_the_house_has_a_range():
    found = ranges(find())
    assert "guidance_plane/questions.implosion" in found and all(low < high for low, high in found.values())

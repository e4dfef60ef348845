"""Edits of a sentence: exact distances, and counts of originals against enumeration."""

from collections import Counter, defaultdict
from itertools import combinations, permutations, product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.udm.catalogue import every_edit
from core.udm.edit import Chance, chance, written
from core.udm.tokens import alphabet, split

SENTENCES = st.text(min_size=1, max_size=40)


def is_subsequence(short, long):
    rest = iter(long)
    return all(token in rest for token in short)


@given(SENTENCES, st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_edits_do_what_they_say(text, seed, t):
    tokens = split(text)
    eps, count, edits = chance(tokens, alphabet(tokens), seed), round(t * len(tokens)), every_edit()
    made = {name: written(edit.apply(tokens, eps, count)) for name, edit in edits.items()}
    for name in ("mask", "replace"):
        assert len(made[name]) == len(tokens)
    assert sum(a != b for a, b in zip(tokens, made["replace"], strict=True)) == count
    assert sum(state == "hole" for _, state in edits["mask"].apply(tokens, eps, count)) == count
    assert len(made["delete"]) == len(tokens) - count and is_subsequence(made["delete"], tokens)
    assert len(made["insert"]) == len(tokens) + count and is_subsequence(tokens, made["insert"])
    assert Counter(made["swap"]) == Counter(tokens)


@given(SENTENCES, st.integers(0, 2**32 - 1))
def test_nothing_is_touched_at_the_start(text, seed):
    tokens = split(text)
    eps = chance(tokens, alphabet(tokens), seed)
    assert "".join(tokens) == text
    assert all(written(edit.apply(tokens, eps, 0)) == tokens for edit in every_edit().values())
    assert all(edit.bits_lost(len(tokens), 0, 27) == 0 for edit in every_edit().values())


@pytest.mark.parametrize(("text", "count"), [("👨‍👩‍👧‍👦!", 2), ("e\u0301a", 2), ("白日", 2), ("🇩🇪🇫🇷", 2), ("नि", 1)])
def test_a_character_is_what_a_reader_counts(text, count):
    assert len(split(text)) == count


def test_the_alphabet_speaks_the_script_of_the_sentence():
    assert "的" in alphabet(split("白日依山尽")) and "q" in alphabet(split("hello"))
    assert set(split("白日依山尽")) <= set(alphabet(split("白日依山尽")))


def every_chance(length, letters, tokens):
    """All that may happen to a text over an alphabet, as far as edits look at it."""
    for order in permutations(range(length)):
        for gaps in product(range(length + 1), repeat=length):
            for made in product(letters, repeat=length):
                if all(a != b for a, b in zip(made, tokens, strict=True)):
                    yield Chance(order, made, gaps)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("name", every_edit())
def test_originals_behind_a_result_are_as_many_as_counted(name, count):
    """All texts of three letters over an alphabet of three, under everything that may happen to them."""
    letters, length, edit = "abc", 3, every_edit()[name]
    behind = defaultdict(set)
    for tokens in product(letters, repeat=length):
        for eps in every_chance(length, letters, tokens):
            behind[written(edit.apply(tokens, eps, count))].add(tokens)
    most = max(map(len, behind.values()))
    counted = edit.texts(length, count, len(letters))
    assert most <= counted
    if name in ("mask", "replace", "delete"):
        assert {len(each) for each in behind.values()} == {counted}


def test_deletion_counts_do_not_depend_on_what_is_left():
    """Supersequences of length 5 over three letters, by enumeration, of every text of length 3."""
    texts = list(product("abc", repeat=5))
    expected = sum(comb(5, k) * 2**k for k in range(3))
    for short in product("abc", repeat=3):
        assert sum(any(tuple(text[i] for i in at) == short for at in combinations(range(5), 3)) for text in texts) == expected
